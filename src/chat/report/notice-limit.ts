/** The rate of notices that peers can cause at will, at which the conversation stays readable. */

import { peerNoticesBurst, peerNoticesPerSecond } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { Timer } from "../records/timers.ts";

/** True if one more such notice may be shown now; it is counted either way. */
export function mayReportPeers(
  chat: Pick<Chat, "nowMs" | "timers">,
  side: Pick<Side, "transport" | "conversation">,
): boolean {
  const pace = side.conversation.noticePace;
  const earned = ((chat.nowMs - pace.atMs) * peerNoticesPerSecond) / 1000;
  pace.left = Math.min(peerNoticesBurst, pace.left + earned);
  pace.atMs = chat.nowMs;
  if (pace.left >= 1) {
    pace.left -= 1;
    return true;
  }
  pace.leftOut += 1;
  const timer: Timer = { kind: "suppressed-notices", of: side.transport };
  if (!chat.timers.has(timer)) chat.timers.set(timer, chat.nowMs + 1000);
  return false;
}
