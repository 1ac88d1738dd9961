/** A recv that is reported together with what its bytes turn out to be. */

import type { UntoldPieces } from "../spans/unreported-spans.ts";
import type { Output } from "./output.ts";

export type CallTold = Extract<Output, { readonly type: "call" }>;

/** A recv whose bytes are to follow at once, and what of the peer has come. */
export interface HeldCall {
  readonly told: CallTold;
  readonly came: UntoldPieces;
}
