/**
 * Pending receipts: a shown message of a duet is reported to its sender as received, and as read once the screen that
 * showed it had the focus. Receipts are gathered into runs and paced, so that a flood costs a few frames a second.
 */

import type { NumberRange, ReceiptStage } from "../../protocol/frames/frame.ts";
import {
  hubReceiptDelayMs,
  receiptIntervalMs,
  receiptRangesMax,
  receiptRoomMax,
} from "../../protocol/limits.ts";
import { type Chat, getSide, type ReportContext, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { PendingReceipts, Runs, Receipts } from "../peer/receipts.ts";
import type { Timer } from "../records/timers.ts";
import { isInView } from "../report/viewed-side.ts";
import { makeReceiptOwners } from "../trace/enqueued-spans.ts";
import { countMembers } from "./recipients.ts";
import { sendFrameTo } from "./sending.ts";
import type { Room } from "../model/room.ts";
import type { Link } from "../peer/link.ts";

/** Notes that a duet's message was shown. `isPrivate`: nobody else owes a receipt for it. */
export function addPendingReceipt(
  chat: ReportContext & Pick<Chat, "room">,
  peer: Peer,
  id: number,
  isPrivate: boolean,
): void {
  if (chat.config.silent || (!isPrivate && countRoom(chat.room, peer) > receiptRoomMax)) return;
  peer.receipts.pending ??= {
    received: [],
    read: [],
    unread: [],
    broken: new Set(),
    sentMs: Number.NEGATIVE_INFINITY,
  };
  const { pending } = peer.receipts;
  const isSeen =
    chat.focus.isFocused &&
    !chat.focus.isOverlayOpen &&
    isInView(chat, getSide(chat, peer.link).conversation);
  for (const runs of isSeen ? [pending.read] : [pending.received, pending.unread])
    extendRuns(runs, id, pending.broken.delete(runs));
  if (!isSeen) chat.focus.unreadPeers.add(peer);
  armReceiptTimer(chat, peer.link, pending);
}

function countRoom(room: Room, peer: Pick<Peer, "link" | "hostRoom">): number {
  return peer.link.isInbound ? countMembers(room) : 1 + peer.hostRoom.members.size;
}

function extendRuns(runs: Runs, id: number, apart: boolean): void {
  const last = runs.at(-1);
  if (last !== undefined && !apart) last[1] = id;
  else runs.push([id, id]);
  if (runs.length > receiptRangesMax) runs.shift();
}

function armReceiptTimer(
  chat: Pick<Chat, "nowMs" | "timers">,
  link: Link,
  { sentMs }: PendingReceipts,
): void {
  const timer: Timer = { kind: "receipts", of: link.connection };
  if (!chat.timers.has(timer)) chat.timers.set(timer, Math.max(chat.nowMs, sentMs + receiptIntervalMs));
}

/** Notes that frames of the peer were skipped, which may have been messages. */
export function breakRuns({ receipts: { pending } }: Pick<Peer, "receipts">): void {
  if (pending !== undefined)
    for (const runs of [pending.received, pending.read, pending.unread]) pending.broken.add(runs);
}

/** Forgets what is owed to a peer that has restarted: it numbers its messages from the beginning. */
export function forgetPendingReceipts(receipts: Receipts): void {
  receipts.pending = undefined;
}

/** Forgets a peer that has left. */
export function forgetUnreadPeer({ focus }: Pick<Chat, "focus">, peer: Peer): void {
  focus.unreadPeers.delete(peer);
}

/** The receipts of a peer have waited long enough. */
export function handleReceiptTimer(chat: SendContext, peer: Peer): void {
  if (peer.link.endReason === undefined) sendPendingReceipts(chat, peer);
}

/** Sends the pending receipts of a peer. */
export function sendPendingReceipts(chat: SendContext, peer: Peer): void {
  const { pending } = peer.receipts;
  if (pending === undefined || peer.identity.kind !== "duet") return;
  pending.sentMs = chat.nowMs;
  sendReceipts(chat, peer, "received", pending.received.splice(0));
  sendReceipts(chat, peer, "read", pending.read.splice(0));
}

function sendReceipts(
  chat: SendContext,
  peer: Peer,
  stage: ReceiptStage,
  runs: readonly NumberRange[],
): void {
  for (const [first, last] of runs)
    sendFrameTo(
      chat,
      peer,
      { type: "receipt", stage, first, last },
      { owners: makeReceiptOwners(peer.trace?.shownMessages.between(first, last)) },
    );
}

/** Marks the messages of a side's conversation as read: the person looks at it. */
export function markSideRead(chat: ReportContext, side: Side): void {
  if (chat.config.headless) return;
  if (chat.focus.hubLines === "unread" && side.socket.role === "listen") {
    chat.focus.hubLines = "seen";
    chat.timers.set({ kind: "hub-receipts" }, chat.nowMs + hubReceiptDelayMs);
  }
  for (const peer of chat.focus.unreadPeers) {
    const { conversation } = getSide(chat, peer.link);
    if (conversation !== side.conversation || peer.receipts.pending === undefined) continue;
    peer.receipts.pending.read.push(...peer.receipts.pending.unread.splice(0));
    peer.receipts.pending.read.splice(0, peer.receipts.pending.read.length - receiptRangesMax);
    chat.focus.unreadPeers.delete(peer);
    armReceiptTimer(chat, peer.link, peer.receipts.pending);
  }
}

/** The window got or lost the focus. Without focus reports, a key press counts as focus. */
export function setFocused(chat: ReportContext, here: boolean): void {
  chat.focus.isFocused = here && !chat.config.headless;
  if (here && !chat.focus.isOverlayOpen) markSideRead(chat, chat.sides[chat.focus.active]);
}
