/**
 * Notices that peers can cause at will (joining, renaming, breaking the protocol), limited to a rate at which the
 * conversation stays readable. Suppressed ones are counted, and the count is shown.
 */

import { peerNoticesBurst, peerNoticesPerSecond } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { NoticeTone } from "../log/entry.ts";
import type { Timer } from "../records/timers.ts";
import { addNotice } from "./report.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** Shows a notice that a peer caused. Peers' text in it must be clean. */
export function addPeerNotice(
  chat: Chat,
  side: Side,
  tone: NoticeTone,
  text: Sentence,
  hint?: Sentence,
): void {
  if (mayReportPeers(chat, side)) addNotice(chat, side, tone, text, hint);
}

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

/** Shows how many notices were suppressed, at most once a second. */
export function handleSuppressedTimer(chat: Chat, side: Side): void {
  const { leftOut } = side.conversation.noticePace;
  side.conversation.noticePace.leftOut = 0;
  addNotice(chat, side, "info", sentence("lines-left-out", { lines: leftOut }));
}
