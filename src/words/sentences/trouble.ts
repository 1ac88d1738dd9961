/** Impairment of UDP (`/trouble`). Types only. */

import type { Impairment, ImpairmentCounts } from "../../protocol/sockets/network-impairment.ts";
import type { ImpairmentProblem } from "../../protocol/sockets/impairment-problem.ts";
import type { NoParams } from "../parts/no-params.ts";

export interface TroubleSentences<S> {
  /** `loss 20% delay 50 ms`. */
  readonly trouble: { readonly trouble: Impairment };
  readonly "trouble-begins": { readonly trouble: Impairment };
  readonly "trouble-begins-hint": { readonly seed: number };
  readonly "trouble-is-on": {
    readonly trouble: Impairment;
    readonly seed: number;
    readonly counts: ImpairmentCounts;
  };
  readonly "trouble-is-off": { readonly counts: ImpairmentCounts };
  readonly "trouble-was-on": { readonly counts: ImpairmentCounts };
  readonly "trouble-was-none": NoParams;
  readonly "trouble-is-none": NoParams;
  readonly "trouble-hint": NoParams;
  /** With `--json` and `--raw`, which print no notices. */
  readonly "trouble-unseen": { readonly trouble: Impairment };
  readonly "trouble-problem": { readonly problem: ImpairmentProblem };
  readonly "trouble-option": { readonly flag: string; readonly problem: S };
}
