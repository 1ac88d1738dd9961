/** Carries out what a person asks of the file of the identity, and words what became of it. */

import type { IdentityAct } from "../../chat/records/people.ts";
import { formatFingerprint, formatKey } from "../../protocol/identity/key-text.ts";
import type { Identity } from "../../protocol/identity/identity.ts";
import { makeKeyPair } from "../../protocol/noise/x25519.ts";
import type { IdentityResult } from "../../session/ports.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { expandHome } from "../files/transcript-file.ts";
import { backUpIdentity, renewIdentityFile } from "./identity-file.ts";

export function changeIdentityFile(
  path: string,
  act: IdentityAct,
  passPhrase: string | undefined,
): IdentityResult {
  switch (act.is) {
    case "backup":
      return backUp(path, expandHome(act.path));
    case "renew":
      return renew(path, act, passPhrase);
  }
}

function backUp(path: string, copy: string): IdentityResult {
  const copied = backUpIdentity(path, copy);
  switch (copied.kind) {
    case "copied":
      return done(sentence("identity-backed-up", { path: copy }));
    case "problem":
      return failed(sentence("identity-problem", { problem: copied.problem }));
    case "copy-problem":
      return failed(sentence("backup-problem", { problem: copied.problem }));
  }
}

function renew(
  path: string,
  { key, sessions }: IdentityAct & { is: "renew" },
  passPhrase: string | undefined,
): IdentityResult {
  const renewed = renewIdentityFile(path, key, passPhrase);
  switch (renewed.kind) {
    case "renewed":
      return done(
        sentence("identity-renewed", { key: fingerprint(renewed.identity), sessions, isKept: true }),
      );
    case "other-key":
      return failed(sentence("identity-renewed-elsewhere", { key: fingerprint(renewed.identity) }));
    case "problem":
      return failed(sentence("identity-problem", { problem: renewed.problem }));
  }
}

function fingerprint({ secret }: Identity): string {
  return formatFingerprint(formatKey(makeKeyPair(secret).publicKey));
}

function done(result: Sentence): IdentityResult {
  return { sentence: result, tone: "info" };
}

function failed(result: Sentence): IdentityResult {
  return { sentence: result, tone: "warning" };
}
