/** Faults of an address that a person wrote, as the protocol reports them. Types only. */

import type { TargetProblem } from "../../protocol/address/target-problem.ts";

export interface TargetSentences {
  readonly "target-problem": { readonly problem: TargetProblem };
}
