/** A socket call of the tour, as its transport reported it. */

import type { Called } from "../protocol/sockets/socket-event.ts";
import type { TourEnd } from "../words/tables/tour-words.ts";

export interface TourCall {
  readonly end: TourEnd;
  /** The index of the step in which it returned. */
  readonly step: number;
  readonly called: Called;
  /** The bytes sent or received, at most tourShownBytesMax; undefined: the call carries none. */
  readonly payload?: Uint8Array;
}
