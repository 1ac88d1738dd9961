/** The bad network that is made on purpose. Types only. */

import type { Trouble, TroubleCounts } from "../../protocol/sockets/network-impairment.ts";
import type { TroubleProblem } from "../../protocol/sockets/impairment-problem.ts";
import type { NoParams } from "../parts/no-params.ts";

export interface TroubleSentences<S> {
  /** `loss 20% delay 50 ms`. */
  readonly trouble: { readonly trouble: Trouble };
  readonly "trouble-begins": { readonly trouble: Trouble };
  readonly "trouble-begins-hint": { readonly seed: number };
  readonly "trouble-is-on": {
    readonly trouble: Trouble;
    readonly seed: number;
    readonly counts: TroubleCounts;
  };
  readonly "trouble-is-off": { readonly counts: TroubleCounts };
  readonly "trouble-was-on": { readonly counts: TroubleCounts };
  readonly "trouble-was-none": NoParams;
  readonly "trouble-is-none": NoParams;
  readonly "trouble-hint": NoParams;
  /** Beside `--json` and `--raw`, whose reader sees no notices. */
  readonly "trouble-unseen": { readonly trouble: Trouble };
  readonly "trouble-problem": { readonly problem: TroubleProblem };
  readonly "trouble-option": { readonly flag: string; readonly problem: S };
}
