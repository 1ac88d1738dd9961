/** The rate limit of notices that peers can cause. */

import { peerNoticesBurst } from "../../protocol/limits.ts";

/** Notices that a side may still show at once, since when, and how many were suppressed. */
export interface NoticePace {
  left: number;
  atMs: number;
  leftOut: number;
}

export function createNoticePace(): NoticePace {
  return { left: peerNoticesBurst, atMs: 0, leftOut: 0 };
}
