/**
 * The identity on disk: made at first need, shared by all duets of a person. Two that start at once make one. A file that
 * cannot be used is refused, never replaced.
 */

import { identityFileMaxBytes } from "../../protocol/limits.ts";
import { type Identity, makeIdentity } from "../../protocol/identity/identity.ts";
import { formatIdentity, parseIdentity } from "../../protocol/identity/identity-text.ts";
import { keyBytes } from "../../protocol/noise/x25519.ts";
import {
  createPrivateFile,
  type PrivateFileProblem,
  readPrivateFile,
  replacePrivateFile,
} from "./private-file.ts";

/** Why there is no identity. */
export type IdentityProblem =
  | PrivateFileProblem
  | {
      readonly is: "later-version" | "malformed" | "needs-pass-phrase" | "wrong-pass-phrase";
      readonly path: string;
    };

export type LoadedIdentity =
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
      return {
        kind: "problem",
        problem: { is: parsed.isWrong ? "wrong-pass-phrase" : "needs-pass-phrase", path },
      };
    case "later-version":
    case "malformed":
      return { kind: "problem", problem: { is: parsed.kind, path } };
  }
  parsed satisfies never;
}

/** Replaces the file's identity, by one with a pass-phrase if it is given. */
export function replaceIdentity(
  path: string,
  identity: Identity,
  passPhrase?: string,
): IdentityProblem | undefined {
  const replaced = replacePrivateFile(path, formatIdentity(identity, passPhrase));
  return replaced === "replaced" ? undefined : replaced;
}

/** An identity of this process's own, as of `--anonymous`. */
export function makeRandomIdentity(): Identity {
  const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(keyBytes));
  return makeIdentity(random(), random());
}
