/**
 * Links relayed messages with their senders' own ids, so that receipts find their way back. Bounded: the oldest are
 * dropped, and their receipts with them.
 */

import { receiptRoomMax, relayedIdsMax } from "../../protocol/limits.ts";
import type { LocalMember } from "../model/peer.ts";
import type { RelayAuthor } from "../model/pending-relay.ts";
import { countMembers } from "./recipients.ts";
import type { Room } from "../model/room.ts";

/** Keeps the ids of a relayed message, except in a large room, which sends no receipts. */
export function noteRelayed(
  room: Room,
  author: Pick<RelayAuthor, "number">,
  ids: { readonly id: number; readonly originalId: number },
  to?: number,
): void {
  if (to === undefined && isWithoutReceipts(room)) return;
  room.relayedIds.push({ ...ids, author: author.number, to });
  if (room.relayedIds.length > relayedIdsMax) room.relayedIds.shift();
}

/** As noteRelayed, for messages to the room that were numbered from `firstId` on. */
export function noteRelayedBlock(
  room: Room,
  author: LocalMember,
  firstId: number,
  originalIds: Float64Array,
): void {
  if (isWithoutReceipts(room)) return;
  const { length } = originalIds;
  for (let index = Math.max(0, length - relayedIdsMax); index < length; index += 1) {
    const originalId = originalIds[index] ?? 0;
    room.relayedIds.push({ id: firstId + index, originalId, author: author.number, to: undefined });
  }
  room.relayedIds.splice(0, room.relayedIds.length - relayedIdsMax);
}

function isWithoutReceipts(room: Room): boolean {
  return countMembers(room) > receiptRoomMax;
}
