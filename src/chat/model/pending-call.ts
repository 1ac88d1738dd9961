/** A recv call that waits to be reported together with the messages that its bytes turn out to be. */

import type { SpanQueue } from "../spans/unreported-spans.ts";
import type { Output } from "./output.ts";

export type CallOutput = Extract<Output, { readonly type: "call" }>;

/** A recv whose bytes follow in the next event, and the peer's received spans that are not reported yet. */
export interface PendingCall {
  readonly output: CallOutput;
  readonly queue: SpanQueue;
}
