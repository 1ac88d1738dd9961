/** A socket call of the walk, as its transport told it: at which end, in which step. It words nothing. */

import type { Called } from "../protocol/sockets/socket-event.ts";
import type { TourEnd } from "../words/tour-words.ts";

export interface TourCall {
  readonly end: TourEnd;
  /** The index of the step in which it returned. */
  readonly step: number;
  readonly called: Called;
  /** What was handed over or came, at most tourShownBytesMax of it; undefined: the call carries no bytes. */
  readonly payload?: Uint8Array;
}
