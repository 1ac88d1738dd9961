/** The allowance for notices that peers can cause as often as they like. */

import { peerNoticesBurst } from "../../protocol/limits.ts";

/** How many lines a side may still take at once, since when, and how many were left out. */
export interface NoticePace {
  left: number;
  atMs: number;
  leftOut: number;
}

export function createNoticePace(): NoticePace {
  return { left: peerNoticesBurst, atMs: 0, leftOut: 0 };
}
