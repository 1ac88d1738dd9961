/** Which side is in view, and how many received messages of the other one were not. */

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

export function countUnread(conversation: Conversation): void {
  conversation.unread += 1;
}

export function clearUnread(conversation: Conversation): void {
  conversation.unread = 0;
}
