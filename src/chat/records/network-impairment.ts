/** The impairment of this duet's own UDP network, while it is on. */

import type { SeededImpairment, ImpairmentCounts } from "../../protocol/sockets/network-impairment.ts";

/** The impairment, and its counters since it began. */
export interface ImpairmentStatus {
  readonly impairment: SeededImpairment;
  counts: ImpairmentCounts;
}
