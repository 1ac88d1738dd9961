/** Why a file that only its owner may read cannot be used: the identity, and the known peers. Types only. */

export type PrivateFileProblem =
  /** `mode`: that of the folder or file. */
  | { readonly is: "others-may-enter"; readonly path: string; readonly mode: number }
  | { readonly is: "others-may-read"; readonly path: string; readonly mode: number }
  | { readonly is: "other-owner"; readonly path: string }
  | { readonly is: "no-file"; readonly path: string }
  | { readonly is: "too-long"; readonly path: string; readonly maxBytes: number }
  /** `code`: of POSIX. */
  | { readonly is: "system"; readonly path: string; readonly code: string };

/** `locked`: another process keeps the lock. `pass-phrase`: one is needed, and none was given. */
export type IdentityProblem =
  | PrivateFileProblem
  | {
      readonly is: "later-version" | "malformed" | "locked" | "pass-phrase" | "wrong-pass-phrase";
      readonly path: string;
    };

export type KnownPeersProblem =
  | PrivateFileProblem
  | { readonly is: "later-version"; readonly path: string }
  | { readonly is: "malformed-line"; readonly path: string; readonly line: number }
  /** Another process keeps the lock. */
  | { readonly is: "locked"; readonly path: string };
