/**
 * Which message of a member a relayed one was, so that its receipts find their way back. Bounded: the oldest are
 * forgotten, and their receipts with them.
 */

import type { ReceiptFrame } from "../../protocol/frame.ts";
import { receiptRoomMax, relayedIdsMax } from "../../protocol/limits.ts";
import { whileCarrying, wordOf } from "../trace/message-spans.ts";
import type { Carried } from "../records/entry.ts";
import { sendFrameTo } from "./sending.ts";
import type { Chat, Peer, RoomMember } from "../model/chat.ts";

export interface RelayedId {
  /** Ours, which grows. */
  readonly id: number;
  /** A member's number, and its own id for the message. */
  readonly origin: number;
  readonly originId: number;
  /** Whom alone it was for. */
  readonly to: number | undefined;
}

/** Remembers what a duet's message is called from now on. In a large room nobody is told. */
export function noteRelayed(
  chat: Chat,
  origin: RoomMember,
  ids: { readonly id: number; readonly originId: number },
  to?: number,
): void {
  if (to === undefined && chat.members.size + 1 > receiptRoomMax) return;
  chat.relayedIds.push({ ...ids, origin: origin.number, to });
  if (chat.relayedIds.length > relayedIdsMax) chat.relayedIds.shift();
}

/** Passes a member's receipts on to those who said what it received. */
export function passReceiptOn(chat: Chat, peer: Peer, { stage, first, last }: ReceiptFrame): void {
  const from = peer.member?.number;
  if (from === undefined) return;
  const runs = new Map<number, { readonly first: number; last: number; readonly of: Carried[] }>();
  for (const { id, origin, originId, to } of chat.relayedIds) {
    if (id < first || id > last || origin === from || (to !== undefined && to !== from)) continue;
    const run = runs.get(origin);
    const carried = chat.passedOn?.get(id);
    const of = run?.of ?? [];
    if (carried !== undefined) of.push(carried);
    if (run === undefined) runs.set(origin, { first: originId, last: originId, of });
    else run.last = originId;
  }
  for (const [number, run] of runs) {
    const origin = chat.members.get(number)?.via;
    if (origin?.kind !== "duet" || origin.ending !== undefined) continue;
    const frame: ReceiptFrame = { type: "receipt", stage, first: run.first, last: run.last, from };
    whileCarrying(chat, wordOf(run.of), () => sendFrameTo(chat, origin, frame));
  }
}

/** A relayed private line was given up: who said it is told. */
export function relayedLost(chat: Chat, id: number, reason: string): void {
  const lost = chat.relayedIds.find((one) => one.id === id && one.to !== undefined);
  const origin = lost === undefined ? undefined : chat.members.get(lost.origin)?.via;
  if (lost?.to === undefined || origin?.kind !== "duet") return;
  sendFrameTo(chat, origin, { type: "undelivered", id: lost.originId, to: lost.to, reason });
}
