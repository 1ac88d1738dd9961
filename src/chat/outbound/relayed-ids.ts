/**
 * Which message of a member a relayed one was, so that its receipts find their way back. Bounded: the oldest are
 * forgotten, and their receipts with them.
 */

import { receiptRoomMax, relayedIdsMax } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import type { LocalMember } from "../model/peer.ts";

/** Remembers what a duet's message is called from now on. In a large room nobody is told. */
export function noteRelayed(
  chat: Chat,
  origin: LocalMember,
  ids: { readonly id: number; readonly originId: number },
  to?: number,
): void {
  if (to === undefined && chat.room.members.size + 1 > receiptRoomMax) return;
  chat.room.relayedIds.push({ ...ids, origin: origin.number, to });
  if (chat.room.relayedIds.length > relayedIdsMax) chat.room.relayedIds.shift();
}
