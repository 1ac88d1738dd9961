/**
 * Links relayed messages with their senders' own ids, so that receipts find their way back. Bounded: the oldest are
 * dropped, and their receipts with them.
 */

import { receiptRoomMax, relayedIdsMax } from "../../protocol/limits.ts";
import type { LocalMember } from "../model/peer.ts";
import type { Room } from "../model/room.ts";

/** Keeps the ids of a relayed message, except in a large room, which sends no receipts. */
export function noteRelayed(
  room: Room,
  author: LocalMember,
  ids: { readonly id: number; readonly originalId: number },
  to?: number,
): void {
  if (to === undefined && room.members.size + 1 > receiptRoomMax) return;
  room.relayedIds.push({ ...ids, author: author.number, to });
  if (room.relayedIds.length > relayedIdsMax) room.relayedIds.shift();
}
