/**
 * Read marks: the newest entry when the person looked away, to the other tab or another window. A line separates later
 * entries until the person answers or looks away again.
 */

import { markSideRead } from "../outbound/pending-receipts.ts";
import type { Scrollback } from "../log/scrollback.ts";
import type { ReportContext } from "../model/chat.ts";
import { clearUnread } from "../report/viewed-side.ts";

/** Marks all entries as read: the person looks away. */
export function markRead(scrollback: Scrollback): void {
  scrollback.unreadAfter = findNewestId(scrollback);
}

/** Clears the mark if there is no new entry: the person looks again. */
export function clearReadMark(scrollback: Scrollback): void {
  if (scrollback.unreadAfter === findNewestId(scrollback)) scrollback.unreadAfter = undefined;
}

/** An overlay opened or closed over the conversation; entries added under it are unread. */
export function setOverlayOpen(chat: ReportContext, covered: boolean): void {
  if (chat.focus.isOverlayOpen === covered) return;
  chat.focus.isOverlayOpen = covered;
  const side = chat.sides[chat.focus.active];
  (covered ? markRead : clearReadMark)(side.conversation.scrollback);
  if (covered) return;
  clearUnread(side.conversation);
  if (chat.focus.isFocused) markSideRead(chat, side);
}

function findNewestId(scrollback: Scrollback): number {
  return scrollback.at(scrollback.length - 1)?.id ?? 0;
}
