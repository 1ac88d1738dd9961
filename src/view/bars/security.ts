/** Whether a connection is encrypted, as a word that is the same in each language, as those of states are. No colours. */

import type { TabModel } from "../../chat/screen/screen-model.ts";
import { type Segment, makeSegment } from "./segments.ts";

/** `PLAIN`, `ENCRYPTED`, or `PLAIN+ENCRYPTED` of a room that has both; empty without a peer. */
export function makeSecuritySegment(security: TabModel["security"], rank: number, gap = 1): Segment {
  switch (security) {
    case undefined:
      return makeSegment("", "quiet", rank, gap);
    case "plain":
      return makeSegment("PLAIN", "plain", rank, gap);
    case "encrypted":
      return makeSegment("ENCRYPTED", "good", rank, gap);
    case "mixed":
      return makeSegment("PLAIN+ENCRYPTED", "warning", rank, gap);
  }
}
