/** What is wrong with an address as a person wrote it. Types only; which fault it is, the protocol has found. */

import type { TargetProblem } from "../../protocol/address/target-problem.ts";

export interface TargetSentences {
  readonly "target-problem": { readonly problem: TargetProblem };
}
