/** Which side is in view, and how many received messages of a conversation were not. */

import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import type { Conversation } from "../model/side.ts";

/** Shows this side from now on. */
export function viewSide(
  { focus }: Pick<Chat, "focus">,
  side: Pick<Side, "transport" | "conversation">,
): void {
  focus.active = side.transport;
  clearUnread(side.conversation);
}

/** True if the person's tab shows this conversation, that of the other transport included if both host one room. */
export function isInView(
  { sides, focus }: Pick<Chat, "sides" | "focus">,
  conversation: Conversation,
): boolean {
  return sides[focus.active].conversation === conversation;
}

export function countUnread(conversation: Conversation): void {
  conversation.unread += 1;
}

export function clearUnread(conversation: Conversation): void {
  conversation.unread = 0;
}
