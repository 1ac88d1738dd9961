/**
 * How far each conversation was read: its newest line when the person looked away, at the other tab or another window.
 * What came since begins with a line of its own, until they answer or look away again.
 */

import { markSideRead } from "../outbound/pending-receipts.ts";
import type { Scrollback } from "../log/scrollback.ts";
import type { Chat } from "../model/chat.ts";

/** The person looks away: what is here has been read. */
export function markRead(scrollback: Scrollback): void {
  scrollback.unreadAfter = newestId(scrollback);
}

/** The person looks again: if no entry is new, there is nothing to mark. */
export function clearReadMark(scrollback: Scrollback): void {
  if (scrollback.unreadAfter === newestId(scrollback)) scrollback.unreadAfter = undefined;
}

/** An overlay covers the conversation, or no more: entries that are added under it count as unread. */
export function setOverlayOpen(chat: Chat, covered: boolean): void {
  if (chat.focus.isOverlayOpen === covered) return;
  chat.focus.isOverlayOpen = covered;
  const side = chat.sides[chat.focus.active];
  (covered ? markRead : clearReadMark)(side.conversation.scrollback);
  if (covered) return;
  side.conversation.unread = 0;
  if (chat.focus.isFocused) markSideRead(chat, side);
}

function newestId(scrollback: Scrollback): number {
  return scrollback.at(scrollback.length - 1)?.id ?? 0;
}
