/**
 * Pending receipts: a shown message of a duet is reported to its sender as received, and as read once the screen that
 * showed it had the focus. Receipts are gathered into runs and paced, so that a flood costs a few frames a second.
 */

import type { NumberRange, ReceiptStage } from "../../protocol/frames/frame.ts";
import { receiptIntervalMs, receiptRangesMax, receiptRoomMax } from "../../protocol/limits.ts";
import { type Chat, sideOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { Owed, Runs } from "../peer/receipts.ts";
import type { Timer } from "../records/timers.ts";
import { wordOf } from "../trace/message-spans.ts";
import { sendFrameTo } from "./sending.ts";

/** Notes that a duet's message was shown. `isPrivate`: nobody else owes a receipt for it. */
export function oweReceipt(chat: Chat, peer: Peer, id: number, isPrivate: boolean): void {
  if (chat.config.silent || (!isPrivate && roomSize(chat, peer) > receiptRoomMax)) return;
  peer.receipts.pending ??= {
    received: [],
    read: [],
    unread: [],
    broken: new Set(),
    toldMs: Number.NEGATIVE_INFINITY,
  };
  const { pending: owed } = peer.receipts;
  const isSeen =
    chat.focus.isFocused && !chat.focus.isOverlayOpen && sideOf(chat, peer) === chat.sides[chat.focus.active];
  for (const runs of isSeen ? [owed.read] : [owed.received, owed.unread])
    addTo(runs, id, owed.broken.delete(runs));
  if (!isSeen) chat.focus.unreadPeers.add(peer);
  armReceiptTimer(chat, peer, owed);
}

function roomSize(chat: Chat, peer: Peer): number {
  return 1 + (peer.link.isInbound ? chat.room.members.size : peer.hubRoom.members.size);
}

function addTo(runs: Runs, id: number, apart: boolean): void {
  const last = runs.at(-1);
  if (last !== undefined && !apart) last[1] = id;
  else runs.push([id, id]);
  if (runs.length > receiptRangesMax) runs.shift();
}

function armReceiptTimer(chat: Chat, peer: Peer, { toldMs }: Owed): void {
  const timer: Timer = { kind: "receipts", of: peer.link.connection };
  if (!chat.timers.has(timer)) chat.timers.set(timer, Math.max(chat.nowMs, toldMs + receiptIntervalMs));
}

/** Notes that frames of the peer were skipped, which may have been messages. */
export function breakRuns({ receipts: { pending: owed } }: Peer): void {
  if (owed !== undefined) for (const runs of [owed.received, owed.read, owed.unread]) owed.broken.add(runs);
}

/** Sends the pending receipts of a peer. */
export function receiptTimeReached(chat: Chat, peer: Peer): void {
  const { pending: owed } = peer.receipts;
  if (owed === undefined || peer.link.endReason !== undefined || peer.identity.kind !== "duet") return;
  owed.toldMs = chat.nowMs;
  tellRuns(chat, peer, "received", owed.received.splice(0));
  tellRuns(chat, peer, "read", owed.read.splice(0));
}

function tellRuns(chat: Chat, peer: Peer, stage: ReceiptStage, runs: readonly NumberRange[]): void {
  for (const [first, last] of runs)
    sendFrameTo(
      chat,
      peer,
      { type: "receipt", stage, first, last },
      { carrying: wordOf(peer.trace?.heard.between(first, last)) },
    );
}

/** Marks the messages of a side as read: the person looks at it. */
export function markSideRead(chat: Chat, side: Side): void {
  if (chat.config.headless || chat.focus.unreadPeers.size === 0) return;
  for (const peer of chat.focus.unreadPeers) {
    if (sideOf(chat, peer) !== side || peer.receipts.pending === undefined) continue;
    peer.receipts.pending.read.push(...peer.receipts.pending.unread.splice(0));
    peer.receipts.pending.read.splice(0, peer.receipts.pending.read.length - receiptRangesMax);
    chat.focus.unreadPeers.delete(peer);
    armReceiptTimer(chat, peer, peer.receipts.pending);
  }
}

/** The window got or lost the focus. Without focus reports, a key press counts as focus. */
export function setFocused(chat: Chat, here: boolean): void {
  chat.focus.isFocused = here && !chat.config.headless;
  if (here && !chat.focus.isOverlayOpen) markSideRead(chat, chat.sides[chat.focus.active]);
}
