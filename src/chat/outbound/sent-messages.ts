/**
 * Follows sent messages: `queued` if they had to wait, `sent` when the kernel has taken them for all recipients,
 * `acked` when the recipients' kernels have them, `received` and `read` by receipts (received-receipts.ts), or
 * undelivered.
 */

import type { ReceiptStage } from "../../protocol/frames/frame.ts";
import { receiptsAwaitedMax, unackedMessagesMax } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import { type Peer, bytesEnqueued } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { Carried, MessageEntry, Receipt } from "../log/entry.ts";
import type { Mark, Said, Unsent } from "../peer/receipts.ts";
import { mayTellOfPeers } from "../report/paced-notices.ts";
import { tell } from "../report/report.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** Stages that sockets and the kernel report. */
type SocketStage = "queued" | "sent" | "acked";

/** A message whose bytes have just been enqueued. */
interface EnqueuedMessage {
  readonly id: number;
  readonly entry: MessageEntry | undefined;
  readonly carried: Carried | undefined;
  readonly peers: readonly Peer[];
  readonly to?: number | undefined;
}

/** Begins to follow a message that has just been enqueued. */
export function markSaid(chat: Chat, side: Side, { id, entry, carried, peers, to }: EnqueuedMessage): void {
  if (peers.length === 0 || !isFollowed(chat, peers)) return;
  const duets = peers.filter(({ identity: { kind } }) => kind === "duet");
  // Members behind a host can send receipts as well.
  const behind = to === undefined && duets.length === 1 ? Math.max(1, duets[0]!.hubRoom.members.size) - 1 : 0;
  const message: Said = {
    id,
    transport: side.transport,
    atMs: chat.nowMs,
    entry,
    carried,
    of: peers.length + behind,
    able: duets.length + behind,
    to,
    waiting: peers.length,
    unacked: peers.length,
    queued: false,
    by: {},
    toldBy: {},
    lostFor: [],
  };
  for (const peer of peers) markFor(chat, peer, message);
}

/** Without a screen and without outputs, only messages that delivery could lose are followed. */
function isFollowed(chat: Chat, peers: readonly Peer[]): boolean {
  return (
    chat.config.tellMessages ||
    !chat.config.headless ||
    peers.some(({ outbound: { delivery } }) => delivery !== undefined)
  );
}

function markFor(chat: Chat, peer: Peer, message: Said): void {
  if (peer.identity.kind === "duet") {
    peer.receipts.awaited.push(message);
    if (peer.receipts.awaited.length > receiptsAwaitedMax) peer.receipts.awaited.shift();
  }
  const number = peer.outbound.delivery?.sender.lastEnqueued ?? 0;
  if (peer.outbound.delivery !== undefined && number > peer.outbound.delivery.sender.lastSent) {
    peer.outbound.delivery.unsent.push({ message, number });
    return tellQueued(chat, message);
  }
  peer.receipts.offsets.push({ message, endOffset: bytesEnqueued(peer) });
  if (peer.outbound.isBlocked) tellQueued(chat, message);
}

/** Numbered frames up to `lastSent` were enqueued: whole messages among them now wait only for the kernel. */
export function framesLeft(chat: Chat, peer: Peer, unsent: Unsent[], lastSent: number): void {
  let left = 0;
  for (const { message, number } of unsent) {
    if (number > lastSent) break;
    left += 1;
    peer.receipts.offsets.push({ message, endOffset: bytesEnqueued(peer) });
  }
  if (left > 0) unsent.splice(0, left);
  if (peer.outbound.isBlocked && left > 0)
    for (const { message } of peer.receipts.offsets) tellQueued(chat, message);
}

/** A send returned and its bytes are counted: completed messages are sent, the others queued. */
export function sendReturned(chat: Chat, peer: Peer, tookAll: boolean): void {
  peer.outbound.isBlocked = !tookAll;
  let passed = 0;
  for (const mark of peer.receipts.offsets) {
    const { message, endOffset } = mark;
    if (endOffset > peer.outbound.bytesOut) {
      if (tookAll || message.queued) break;
      tellQueued(chat, message);
      continue;
    }
    passed += 1;
    message.waiting -= 1;
    if (message.waiting === 0) tellStage(chat, message, "sent");
    awaitAcknowledgement(chat, peer, mark);
  }
  if (passed > 0) peer.receipts.offsets.splice(0, passed);
}

/** Notes that messages waiting for this peer will never be sent whole. */
export function dropMarks(peer: Peer): void {
  for (const { message } of peer.receipts.offsets.splice(0)) message.waiting = Number.NaN;
}

/**
 * The first unsent datagram could not be sent, so later ones move into its place. With delivery it is retransmitted;
 * else the waiting messages are lost.
 */
export function datagramFailed(peer: Peer, bytes: number): void {
  if (peer.link.transport === "udp") {
    peer.outbound.enqueuedAlone = Math.max(peer.outbound.bytesOut, peer.outbound.enqueuedAlone - bytes);
    peer.trace?.untold?.left.cutOut(peer.outbound.bytesOut, bytes);
  }
  if (peer.outbound.delivery === undefined) dropMarks(peer);
}

export function noteLost(chat: Chat, message: Said, name: string, reason: Sentence): void {
  message.waiting = Number.NaN;
  message.lostFor.push(name);
  const { entry, of, lostFor, transport, id } = message;
  const side = chat.sides[transport];
  if (entry !== undefined) {
    entry.note = lostNote(of, lostFor, reason);
    entry.lostFor = [...lostFor];
    delete entry.receipt;
    side.conversation.scrollback.replace(entry);
  }
  if (!chat.config.tellMessages) return;
  if (lostFor.length === 1) tellReceipt(chat, message, "undelivered");
  // A screen shows it beside the line.
  if (mayTellOfPeers(chat, side)) {
    const text = sentence("line-not-delivered", { line: id, name, reason });
    tell(chat, { type: "notice", transport, tone: "warning", text, hint: undefined });
  }
}

/** Beside the line; of one peer there is no doubt who it was. */
function lostNote(of: number, lostFor: readonly string[], reason: Sentence): Sentence {
  const [name = ""] = lostFor;
  if (of === 1) return sentence("not-delivered", { reason });
  if (lostFor.length === 1) return sentence("not-delivered-to", { name, reason });
  return sentence("not-delivered-to-some", { lost: lostFor.length, of, reason });
}

function tellQueued(chat: Chat, message: Said): void {
  if (message.queued) return;
  message.queued = true;
  tellStage(chat, message, "queued");
}

/** Reports that all recipients have reached this stage. */
export function tellStage(chat: Chat, message: Said, stage: SocketStage | ReceiptStage): void {
  if (message.lostFor.length > 0) return;
  tellReceipt(chat, message, stage);
  showReceipt(chat, message, stage);
}

function tellReceipt(
  chat: Chat,
  { id, transport, atMs, able, toldBy }: Said,
  stage: SocketStage | ReceiptStage | "undelivered",
): void {
  if (!chat.config.tellMessages) return;
  const rttMs = stage === "received" ? chat.nowMs - atMs : undefined;
  const carried = stage === "received" || stage === "read" ? toldBy[stage] : undefined;
  const more = carried !== undefined && carried.length < able ? { carriedMore: true } : {};
  tell(chat, { type: "receipt", transport, id, stage, rttMs, carried, ...more });
}

/** Shows the receipt beside the line: the highest stage, once it is known. */
export function showReceipt(chat: Chat, message: Said, stage?: SocketStage | ReceiptStage): void {
  const { entry, transport, lostFor } = message;
  if (entry === undefined || lostFor.length > 0) return;
  const next = receiptOf(message) ?? (stage === undefined ? undefined : { stage });
  if (next === undefined) return;
  entry.receipt = next;
  chat.sides[transport].conversation.scrollback.replace(entry);
}

/** `received 2/3`: two of three recipients have sent a receipt, and the third may have the message. */
function receiptOf({ by, of }: Said): Receipt | undefined {
  const received = by.received?.size ?? 0;
  const read = by.read?.size ?? 0;
  if (received === 0) return undefined;
  if (read === of || (received === of && read === 0)) return { stage: read === of ? "read" : "received" };
  return received === of ? { stage: "read", by: read, of } : { stage: "received", by: received, of };
}

/** Follows a sent message until the peer's kernel has it, while something shows the kernel's reports. */
function awaitAcknowledgement(chat: Chat, peer: Peer, mark: Mark): void {
  if (peer.link.transport === "udp" || !(chat.focus.isKernelWatched || chat.config.tellKernel)) return;
  peer.receipts.unacked.push(mark);
  if (peer.receipts.unacked.length > unackedMessagesMax) peer.receipts.unacked.shift();
}

/** The peer's kernel has that many of our bytes: messages that end within them are `acked`, read or not. */
export function acknowledged(chat: Chat, peer: Peer, bytesAcked: number): void {
  peer.outbound.bytesAcked = Math.max(peer.outbound.bytesAcked, bytesAcked);
  let passed = 0;
  for (const { message, endOffset } of peer.receipts.unacked) {
    if (endOffset > peer.outbound.bytesAcked) break;
    passed += 1;
    message.unacked -= 1;
    if (message.unacked === 0) tellStage(chat, message, "acked");
  }
  if (passed > 0) peer.receipts.unacked.splice(0, passed);
}
