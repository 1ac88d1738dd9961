/** Private lines that are sealed end to end: those that were received, and the time of the last one that was sent. */

import type { ReceivedLines } from "../../protocol/sealed/received-lines.ts";

export interface PrivateLines {
  readonly received: ReceivedLines;
  /** In milliseconds since 1970. */
  lastSentMs: number;
}

export function createPrivateLines(): PrivateLines {
  return { received: new Map(), lastSentMs: Number.NEGATIVE_INFINITY };
}

/** The time of the next line: the clock's, and later than all before, since a receiver takes an earlier one for a repetition. */
export function takeSendingMs(lines: PrivateLines, wallMs: number): number {
  lines.lastSentMs = Math.max(Math.floor(wallMs), lines.lastSentMs + 1);
  return lines.lastSentMs;
}
