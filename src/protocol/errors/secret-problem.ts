/** Why a secret cannot be read: a password of a room, a pass-phrase. Types only. */

import type { SecretTextProblem } from "../text/secret-text.ts";
import type { PrivateFileProblem } from "./private-file-problem.ts";

export type SecretProblem =
  /** There is no terminal to ask on. `code`: of POSIX. */
  | { readonly is: "no-terminal"; readonly code: string }
  | { readonly is: "cancelled" }
  | { readonly is: "terminal-descriptor"; readonly descriptor: number }
  | { readonly is: "descriptor"; readonly descriptor: number; readonly code: string }
  | { readonly is: "file"; readonly problem: PrivateFileProblem }
  /** `path`, `descriptor`: the source; neither: it was typed. */
  | {
      readonly is: SecretTextProblem;
      readonly path?: string | undefined;
      readonly descriptor?: number | undefined;
    };
