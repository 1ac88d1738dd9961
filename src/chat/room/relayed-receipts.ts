/** Receipts and failures of relayed messages on their way back to the sender. */

import type { ReceiptFrame } from "../../protocol/frames/frame.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { sendFrameTo } from "../outbound/sending.ts";
import type { Carried } from "../log/entry.ts";
import { wordOf } from "../trace/message-spans.ts";

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
    sendFrameTo(chat, origin, frame, { carrying: wordOf(run.of) });
  }
}

/** A relayed private line was given up: who said it is told. */
export function relayedLost(chat: Chat, id: number, reason: string): void {
  const lost = chat.relayedIds.find((one) => one.id === id && one.to !== undefined);
  const origin = lost === undefined ? undefined : chat.members.get(lost.origin)?.via;
  if (lost?.to === undefined || origin?.kind !== "duet") return;
  sendFrameTo(chat, origin, { type: "undelivered", id: lost.originId, to: lost.to, reason });
}
