/** Whether a connection is encrypted, as a word that is the same in each language, as those of states are. No colours. */

import type { TabModel } from "../../chat/screen/screen-model.ts";
import { type Segment, makeSegment } from "./segments.ts";

/**
 * `PLAIN`, `ENCRYPTED` with a key that is met for the first time or known, `VERIFIED`, or `PLAIN+ENCRYPTED` of a room that has
 * both, `KEY CHANGED` until our person accepts that; empty without a peer. Where columns are few, `ENCRYPTED` alone.
 */
export function makeSecuritySegment(security: TabModel["security"], rank: number, gap = 1): Segment {
  switch (security) {
    case undefined:
      return makeSegment("", "quiet", rank, gap);
    case "plain":
      return makeSegment("PLAIN", "plain", rank, gap);
    case "encrypted":
      return makeLongSegment("ENCRYPTED (first time)", "ENCRYPTED", rank, gap);
    case "known":
      return makeLongSegment("ENCRYPTED (known)", "ENCRYPTED", rank, gap);
    case "verified":
      return makeSegment("VERIFIED", "good", rank, gap);
    case "changed":
      return makeSegment("KEY CHANGED", "bad", rank, gap);
    case "mixed":
      return makeSegment("PLAIN+ENCRYPTED", "warning", rank, gap);
  }
}

/** What the word adds is the first to go where columns are few. */
function makeLongSegment(text: string, short: string, rank: number, gap: number): Segment {
  return {
    forms: [
      { text, rank: 0 },
      { text: short, rank },
    ],
    tone: "good",
    gap,
  };
}
