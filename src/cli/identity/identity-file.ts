/**
 * The identity on disk: made at first need, shared by all duets of a person. Two that start at once make one. A file that
 * cannot be used is refused, never replaced.
 */

import type { IdentityProblem } from "../../protocol/errors/private-file-problem.ts";
import { identityFileMaxBytes } from "../../protocol/limits.ts";
import { type Identity, makeIdentity } from "../../protocol/identity/identity.ts";
import { formatIdentity, parseIdentity } from "../../protocol/identity/identity-text.ts";
import { keyBytes } from "../../protocol/noise/x25519.ts";
import { createPrivateFile, readPrivateFile, replacePrivateFile } from "./private-file.ts";

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

/** Replaces the file's identity. Returns what prevented it. */
export function replaceIdentity(path: string, identity: Identity): IdentityProblem | undefined {
  const replaced = replacePrivateFile(path, formatIdentity(identity));
  return replaced === "replaced" ? undefined : replaced;
}

/** An identity of this process's own, as of `--anonymous`. */
export function makeRandomIdentity(): Identity {
  const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(keyBytes));
  return makeIdentity(random(), random());
}
