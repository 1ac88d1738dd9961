/** Passwords and pass-phrases that are read. Types only. */

import type { SecretProblem } from "../../protocol/errors/secret-problem.ts";
import type { NoParams } from "../parts/no-params.ts";

export interface SecretSentences {
  readonly "secret-in-argument": { readonly flag: string };
  readonly "secret-problem": { readonly problem: SecretProblem };
  readonly "secrets-differ": NoParams;
}
