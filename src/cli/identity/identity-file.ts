/**
 * The identity on disk: made at first need, shared by all duets of a person. Two that start at once make one. A file that
 * cannot be used is refused, never replaced.
 */

import type { IdentityProblem, PrivateFileProblem } from "../../protocol/errors/private-file-problem.ts";
import { identityFileMaxBytes } from "../../protocol/limits.ts";
import { type Identity, makeIdentity, renewIdentity } from "../../protocol/identity/identity.ts";
import { formatIdentity, parseIdentity } from "../../protocol/identity/identity-text.ts";
import { formatKey } from "../../protocol/identity/key-text.ts";
import { keyBytes, makeKeyPair } from "../../protocol/noise/x25519.ts";
import { FileLock } from "../files/file-lock.ts";
import { createPrivateCopy, createPrivateFile, readPrivateFile, replacePrivateFile } from "./private-file.ts";

/** How long to wait for another process that has the lock: its work takes some milliseconds. */
const lockWaitMs = 100;

type LoadedIdentity =
  | { readonly kind: "identity"; readonly identity: Identity; readonly isNew: boolean }
  | { readonly kind: "problem"; readonly problem: IdentityProblem };

/** Reads the identity, or makes one where there is none. `passPhrase`: of a file that has one. */
export function loadIdentity(path: string, passPhrase?: string): LoadedIdentity {
  const known = readIdentity(path, passPhrase);
  if (known !== undefined) return known;
  const made = makeRandomIdentity();
  const created = createPrivateFile(path, formatIdentity(made));
  if (created === "created") return { kind: "identity", identity: made, isNew: true };
  if (created !== "exists") return { kind: "problem", problem: created };
  return (
    readIdentity(path, passPhrase) ?? { kind: "problem", problem: { is: "system", path, code: "ENOENT" } }
  );
}

/** The identity in the file; undefined if there is no file. */
export function readIdentity(path: string, passPhrase?: string): LoadedIdentity | undefined {
  const read = readPrivateFile(path, identityFileMaxBytes);
  if (read.kind === "absent") return undefined;
  if (read.kind === "problem") return read;
  const parsed = parseIdentity(read.text, passPhrase);
  switch (parsed.kind) {
    case "identity":
      return { kind: "identity", identity: parsed.identity, isNew: false };
    case "sealed":
      return { kind: "problem", problem: { is: parsed.isWrong ? "wrong-pass-phrase" : "pass-phrase", path } };
    case "later-version":
    case "malformed":
      return { kind: "problem", problem: { is: parsed.kind, path } };
  }
  parsed satisfies never;
}

type RenewedIdentity =
  /** The file has this identity now. */
  | { readonly kind: "renewed"; readonly identity: Identity }
  /** The file has another key than the one that is to be renewed. */
  | { readonly kind: "other-key"; readonly identity: Identity }
  | { readonly kind: "problem"; readonly problem: IdentityProblem };

/** Replaces the identity with this key by a new one that it has signed, under the same pass-phrase. Processes take turns. */
export function renewIdentityFile(path: string, key: string, passPhrase?: string): RenewedIdentity {
  return changeLocked(path, passPhrase, (identity) => {
    if (formatKey(makeKeyPair(identity.secret).publicKey) !== key) return { kind: "other-key", identity };
    const { secret, signingSecret } = makeRandomIdentity();
    return replace(path, renewIdentity(identity, secret, signingSecret), passPhrase);
  });
}

/** Seals the file under another pass-phrase; undefined: under none. */
export function changePassPhrase(
  path: string,
  passPhrase: string | undefined,
  next: string | undefined,
): RenewedIdentity {
  return changeLocked(path, passPhrase, (identity) => replace(path, identity, next));
}

function changeLocked(
  path: string,
  passPhrase: string | undefined,
  change: (identity: Identity) => RenewedIdentity,
): RenewedIdentity {
  let changed: RenewedIdentity = { kind: "problem", problem: { is: "locked", path } };
  // The lock stands in the folder, which a first identity makes.
  const loaded = loadIdentity(path, passPhrase);
  if (loaded.kind === "problem") return loaded;
  new FileLock(`${path}.lock`).tryRunFor(lockWaitMs, () => {
    const current = loadIdentity(path, passPhrase);
    changed = current.kind === "problem" ? current : change(current.identity);
  });
  return changed;
}

function replace(path: string, identity: Identity, passPhrase: string | undefined): RenewedIdentity {
  const sealed = passPhrase === undefined ? undefined : { text: passPhrase, takeRandom };
  const replaced = replacePrivateFile(path, formatIdentity(identity, sealed));
  return replaced === "replaced" ? { kind: "renewed", identity } : { kind: "problem", problem: replaced };
}

/** Copies the identity's file, as it is, to one that does not exist yet. */
export function backUpIdentity(path: string, copy: string): CopiedIdentity {
  let read = readPrivateFile(path, identityFileMaxBytes);
  if (read.kind === "absent") {
    const made = loadIdentity(path);
    if (made.kind === "problem") return made;
    read = readPrivateFile(path, identityFileMaxBytes);
  }
  if (read.kind === "absent") return { kind: "problem", problem: { is: "system", path, code: "ENOENT" } };
  if (read.kind === "problem") return read;
  const created = createPrivateCopy(copy, read.text);
  return created === "created" ? { kind: "copied" } : { kind: "copy-problem", problem: created };
}

type CopiedIdentity =
  | { readonly kind: "copied" }
  | { readonly kind: "problem"; readonly problem: IdentityProblem }
  | { readonly kind: "copy-problem"; readonly problem: PrivateFileProblem };

/** An identity of new random secrets. */
function makeRandomIdentity(): Identity {
  return makeIdentity(takeRandom(keyBytes), takeRandom(keyBytes));
}

function takeRandom(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
