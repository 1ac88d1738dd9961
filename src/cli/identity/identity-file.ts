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

/** Reads the identity, or makes one where there is none. */
export function loadIdentity(path: string): LoadedIdentity {
  const known = readIdentity(path);
  if (known !== undefined) return known;
  const made = makeRandomIdentity();
  const created = createPrivateFile(path, formatIdentity(made));
  if (created === "created") return { kind: "identity", identity: made, isNew: true };
  if (created !== "exists") return { kind: "problem", problem: created };
  return readIdentity(path) ?? { kind: "problem", problem: { is: "system", path, code: "ENOENT" } };
}

/** The identity in the file; undefined if there is no file. */
export function readIdentity(path: string): LoadedIdentity | undefined {
  const read = readPrivateFile(path, identityFileMaxBytes);
  if (read.kind === "absent") return undefined;
  if (read.kind === "problem") return read;
  const parsed = parseIdentity(read.text);
  switch (parsed.kind) {
    case "identity":
      return { kind: "identity", identity: parsed.identity, isNew: false };
    case "later-version":
    case "malformed":
      return { kind: "problem", problem: { is: parsed.kind, path } };
  }
  parsed satisfies never;
}

type RenewedIdentity =
  | { readonly kind: "renewed"; readonly identity: Identity }
  /** The file has another key than the one that is to be renewed. */
  | { readonly kind: "other-key"; readonly identity: Identity }
  | { readonly kind: "problem"; readonly problem: IdentityProblem };

/** Replaces the identity with this key by a new one that it has signed. Processes take turns. */
export function renewIdentityFile(path: string, key: string): RenewedIdentity {
  let renewed: RenewedIdentity = { kind: "problem", problem: { is: "locked", path } };
  new FileLock(`${path}.lock`).tryRunFor(lockWaitMs, () => {
    renewed = renewLocked(path, key);
  });
  return renewed;
}

function renewLocked(path: string, key: string): RenewedIdentity {
  const loaded = loadIdentity(path);
  if (loaded.kind === "problem") return loaded;
  const { identity } = loaded;
  if (formatKey(makeKeyPair(identity.secret).publicKey) !== key) return { kind: "other-key", identity };
  const { secret, signingSecret } = makeRandomIdentity();
  const renewed = renewIdentity(identity, secret, signingSecret);
  const replaced = replacePrivateFile(path, formatIdentity(renewed));
  return replaced === "replaced"
    ? { kind: "renewed", identity: renewed }
    : { kind: "problem", problem: replaced };
}

/** Copies the identity's file, as it is, to one that does not exist yet. */
export function backUpIdentity(path: string, copy: string): CopiedIdentity {
  const loaded = loadIdentity(path);
  if (loaded.kind === "problem") return loaded;
  const read = readPrivateFile(path, identityFileMaxBytes);
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
  const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(keyBytes));
  return makeIdentity(random(), random());
}
