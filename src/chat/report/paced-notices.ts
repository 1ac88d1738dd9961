/**
 * Notices that peers can cause at will (joining, renaming, breaking the protocol), limited to a rate at which the
 * conversation stays readable. Suppressed ones are counted, and the count is shown.
 */

import type { NetworkError } from "../../protocol/sockets/network-error.ts";
import type { Chat, ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { NoticeTone } from "../log/entry.ts";
import { mayReportPeers } from "./notice-limit.ts";
import { addNotice, reportError } from "./report.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** Shows a notice that a peer caused. Peers' text in it must be clean. */
export function addPeerNotice(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  tone: NoticeTone,
  text: Sentence,
  hint?: Sentence,
): void {
  if (mayReportPeers(chat, side)) addNotice(chat, side, tone, text, hint);
}

/** Reports a network error that an inbound peer can cause at will, as by an address that cannot be answered. */
export function reportPeerError(
  chat: ReportContext & Pick<Chat, "lastError">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  error: NetworkError,
): void {
  if (mayReportPeers(chat, side)) reportError(chat, side, error);
}

/** Shows how many notices were suppressed, at most once a second. */
export function handleSuppressedTimer(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
): void {
  const { leftOut } = side.conversation.noticePace;
  // Two sides that host one room share the count, and the first timer has shown it.
  if (leftOut === 0) return;
  side.conversation.noticePace.leftOut = 0;
  addNotice(chat, side, "info", sentence("lines-left-out", { lines: leftOut }));
}
