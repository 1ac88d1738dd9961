/**
 * Which conversation a side shows. Sides that host our room share one, so that a line and its answer stand together
 * whatever their paths; a side that connects to a room elsewhere has its own.
 */

import type { Chat, ReportContext } from "../model/chat.ts";
import { createConversation } from "../model/new-side.ts";
import type { Side } from "../model/side.ts";
import { markSideRead } from "../outbound/pending-receipts.ts";
import { clearReadMark } from "../features/unread-line.ts";
import { clearUnread, isInView } from "../report/viewed-side.ts";

/** Sets the role of a side, and with it the conversation that the side shows. A side that pairs keeps its own. */
export function setRole(chat: ReportContext, side: Side, role: Side["socket"]["role"]): void {
  side.socket.role = role;
  if (role === "listen") joinRoomConversation(chat, side);
  else if (role === "connect") leaveRoomConversation(chat, side);
}

/** The side hosts our room: if the other one hosts it already, the entries of both become one conversation. */
function joinRoomConversation(chat: ReportContext, side: Side): void {
  const other = getOtherSide(chat, side);
  if (other.socket.role !== "listen" || other.conversation === side.conversation) return;
  const { scrollback, noticePace } = other.conversation;
  // The person never looked away from the entries before those of this moment.
  clearReadMark(scrollback);
  scrollback.absorb(side.conversation.scrollback);
  scrollback.isOverBoth = true;
  noticePace.leftOut += side.conversation.noticePace.leftOut;
  side.conversation = other.conversation;
  if (!isInView(chat, other.conversation) || chat.focus.isOverlayOpen) return;
  clearUnread(other.conversation);
  if (chat.focus.isFocused) markSideRead(chat, side);
}

/** The side connects elsewhere: the room's conversation stays with the side that goes on to host it. */
function leaveRoomConversation(chat: Pick<Chat, "config" | "sides">, side: Side): void {
  if (getOtherSide(chat, side).conversation === side.conversation)
    side.conversation = createConversation(chat.config.words);
}

function getOtherSide({ sides }: Pick<Chat, "sides">, { transport }: Pick<Side, "transport">): Side {
  return sides[transport === "tcp" ? "udp" : "tcp"];
}
