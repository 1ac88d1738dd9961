/**
 * How far each conversation was read: its newest line when the person looked away, at the other tab or another window.
 * What came since begins with a line of its own, until they answer or look away again.
 */

import { lookedAt } from "../outbound/pending-receipts.ts";
import type { Scrollback } from "../log/scrollback.ts";
import type { Chat } from "../model/chat.ts";

/** The person looks away: what is here has been read. */
export function markRead(scrollback: Scrollback): void {
  scrollback.unreadAfter = newestId(scrollback);
}

/** The person looks again: without anything new there is nothing to mark. */
export function lookAgain(scrollback: Scrollback): void {
  if (scrollback.unreadAfter === newestId(scrollback)) scrollback.unreadAfter = undefined;
}

/** What comes while something lies over the conversation is counted as unread, until it lies there no more. */
export function cover(chat: Chat, covered: boolean): void {
  if (chat.focus.isOverlayOpen === covered) return;
  chat.focus.isOverlayOpen = covered;
  const side = chat.sides[chat.focus.active];
  (covered ? markRead : lookAgain)(side.conversation.scrollback);
  if (covered) return;
  side.conversation.unread = 0;
  if (chat.focus.isFocused) lookedAt(chat, side);
}

function newestId(scrollback: Scrollback): number {
  return scrollback.at(scrollback.length - 1)?.id ?? 0;
}
