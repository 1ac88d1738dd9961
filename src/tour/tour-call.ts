/** A socket call of the walk, as its transport told it: at which end, in which step. It words nothing. */

import type { SocketEvent } from "../protocol/socket-event.ts";
import type { TourEnd } from "../words/tour-words.ts";

export type SocketCall = Extract<SocketEvent, { readonly type: "called" }>;

export interface TourCall {
  readonly end: TourEnd;
  /** The index of the step in which it returned. */
  readonly step: number;
  readonly called: SocketCall;
  /** What was handed over or came, at most tourShownBytesMax of it; undefined: the call carries no bytes. */
  readonly payload?: Uint8Array;
}
