/**
 * Follows sent messages: `queued` if they had to wait, `sent` when the kernel has taken them for all recipients,
 * `acked` when the recipients' kernels have them, `received` and `read` by receipts (received-receipts.ts), or
 * undelivered.
 */

import type { ReceiptStage } from "../../protocol/frames/frame.ts";
import { receiptsAwaitedMax, unackedMessagesMax } from "../../protocol/limits.ts";
import { type Chat, hostNumber, type ReportContext } from "../model/chat.ts";
import { type Peer, countEnqueuedBytes } from "../model/peer.ts";
import type { HubMember } from "../model/hub-member.ts";
import type { MessageSpans, MessageEntry, Receipt } from "../log/entry.ts";
import type { StreamOffset, SentMessage, UnsentMessage, Receipts } from "../peer/receipts.ts";
import { isSendingReported } from "./own-message.ts";
import { mayReportPeers } from "../report/notice-limit.ts";
import { replaceShownEntry, report } from "../report/report.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";

/** Stages that sockets and the kernel report. */
type SocketStage = "queued" | "sent" | "acked";

/** A message whose bytes have just been enqueued. */
interface EnqueuedMessage {
  readonly id: number;
  readonly again?: number | undefined;
  readonly entry: MessageEntry | undefined;
  readonly spans: MessageSpans | undefined;
  readonly peers: readonly Peer[];
  readonly to?: number | undefined;
  /** Members of other hubs that may send receipts. */
  readonly far?: readonly HubMember[] | undefined;
}

/** Begins to follow a message that has just been enqueued. Undefined: it is not followed. */
export function followMessage(
  chat: ReportContext,
  transport: TransportName,
  enqueued: EnqueuedMessage,
): SentMessage | undefined {
  const { peers, to, far = [] } = enqueued;
  if (peers.length + far.length === 0 || !isFollowed(chat.config, peers)) return undefined;
  const isDuet = ({ identity: { kind } }: Peer): boolean => kind === "duet";
  const duets = peers.every(isDuet) ? peers : peers.filter(isDuet);
  // Members behind a host can send receipts as well.
  const behind =
    to === undefined && duets.length === 1 ? Math.max(1, duets[0]!.hostRoom.members.size) - 1 : 0;
  const near =
    duets.length === 1 ? listNumbers(duets[0]!, to) : duets.flatMap((peer) => listNumbers(peer, to));
  const able = far.filter(({ isDuet: isFarDuet }) => isFarDuet);
  const message = makeSentMessage(chat.nowMs, transport, enqueued, {
    of: peers.length + behind + far.length,
    able: duets.length + behind + able.length,
    numbers: able.length === 0 ? near : [...near, ...able.map(({ number }) => number)],
  });
  for (const peer of peers) followForPeer(chat, peer, message);
  return message;
}

/** The recipients of a message: their count, and the count and numbers of those that can send receipts. */
interface Recipients {
  readonly of: number;
  readonly able: number;
  readonly numbers: readonly number[];
}

export function makeSentMessage(
  atMs: number,
  transport: TransportName,
  { id, again, entry, spans, peers, to }: EnqueuedMessage,
  { of, able, numbers }: Recipients,
): SentMessage {
  return {
    id,
    again,
    transport,
    atMs,
    entry,
    spans,
    of,
    able,
    recipients: new Set(numbers),
    to,
    waiting: peers.length,
    unacked: peers.length,
    queued: false,
    by: {},
    receiptSpans: {},
    lostFor: [],
  };
}

/** The numbers under which members may send receipts for a message to a duet: its own, or of those behind a host. */
function listNumbers(
  { link, membership, hostRoom }: Pick<Peer, "link" | "membership" | "hostRoom">,
  to: number | undefined,
): readonly number[] {
  if (link.isInbound) return membership.member === undefined ? [] : [membership.member.number];
  return to === undefined ? [hostNumber, ...hostRoom.members.keys()] : [to];
}

/** Without a screen and without outputs, only messages that delivery could lose are followed. */
export function isFollowed(config: Config, peers: readonly Pick<Peer, "outbound">[]): boolean {
  return (
    config.reportMessages ||
    !config.headless ||
    peers.some(({ outbound: { delivery } }) => delivery !== undefined)
  );
}

function followForPeer(
  chat: ReportContext,
  peer: Pick<Peer, "identity" | "outbound" | "receipts">,
  message: SentMessage,
): void {
  if (peer.identity.kind === "duet") {
    peer.receipts.awaited.push(message);
    if (peer.receipts.awaited.length > receiptsAwaitedMax) peer.receipts.awaited.shift();
  }
  const number = peer.outbound.delivery?.sender.lastEnqueued ?? 0;
  if (peer.outbound.delivery !== undefined && number > peer.outbound.delivery.sender.lastSent) {
    peer.outbound.delivery.unsent.push({ message, number });
    return reportQueued(chat, message);
  }
  peer.receipts.offsets.push({ message, endOffset: countEnqueuedBytes(peer) });
  if (peer.outbound.isBlocked) reportQueued(chat, message);
}

/** Numbered frames up to `lastSent` were enqueued: whole messages among them now wait only for the kernel. */
export function noteFramesSent(
  chat: ReportContext,
  peer: Pick<Peer, "outbound" | "receipts">,
  unsent: UnsentMessage[],
  lastSent: number,
): void {
  let left = 0;
  for (const { message, number } of unsent) {
    if (number > lastSent) break;
    left += 1;
    peer.receipts.offsets.push({ message, endOffset: countEnqueuedBytes(peer) });
  }
  if (left > 0) unsent.splice(0, left);
  if (peer.outbound.isBlocked && left > 0)
    for (const { message } of peer.receipts.offsets) reportQueued(chat, message);
}

/** A send returned and its bytes are counted: completed messages are sent, the others queued. */
export function noteSendReturned(
  chat: ReportContext,
  peer: Pick<Peer, "link" | "outbound" | "receipts">,
  tookAll: boolean,
): void {
  peer.outbound.isBlocked = !tookAll;
  let completed = 0;
  for (const mark of peer.receipts.offsets) {
    const { message, endOffset } = mark;
    if (endOffset > peer.outbound.bytesOut) {
      if (tookAll || message.queued) break;
      reportQueued(chat, message);
      continue;
    }
    completed += 1;
    message.waiting -= 1;
    if (message.waiting === 0) reportStage(chat, message, "sent");
    awaitAcknowledgement(chat, peer, mark);
  }
  if (completed > 0) peer.receipts.offsets.splice(0, completed);
}

/** Notes that messages waiting for this peer will never be sent whole. */
export function dropOffsets(receipts: Receipts): void {
  for (const { message } of receipts.offsets.splice(0)) message.waiting = Number.NaN;
}

/**
 * The first unsent datagram could not be sent, so later ones move into its place. With delivery it is retransmitted;
 * else the waiting messages are lost.
 */
export function noteFailedDatagram(peer: Peer, bytes: number): void {
  if (peer.link.transport === "udp") {
    peer.outbound.enqueuedAlone = Math.max(peer.outbound.bytesOut, peer.outbound.enqueuedAlone - bytes);
    peer.trace?.unreported?.sent.cutOut(peer.outbound.bytesOut, bytes);
  }
  if (peer.outbound.delivery === undefined) dropOffsets(peer.receipts);
}

/** Takes a message out of those that await a receipt; undefined if it is none of them. */
export function takeAwaited({ awaited }: Receipts, id: number): SentMessage | undefined {
  const index = awaited.findIndex((message) => message.id === id);
  return index === -1 ? undefined : awaited.splice(index, 1)[0];
}

/** Takes all messages out of those that await a receipt. */
export function takeAllAwaited({ awaited }: Receipts): readonly SentMessage[] {
  return awaited.splice(0);
}

export function noteLost(chat: ReportContext, message: SentMessage, name: string, reason: Sentence): void {
  message.waiting = Number.NaN;
  message.lostFor.push(name);
  const { entry, of, lostFor, transport, id } = message;
  const side = chat.sides[transport];
  if (entry !== undefined) {
    entry.note = makeLostNote(of, lostFor, reason);
    entry.lostFor = [...lostFor];
    delete entry.receipt;
    replaceShownEntry(chat, entry);
  }
  if (!chat.config.reportMessages) return;
  if (lostFor.length === 1) reportReceipt(chat, message, "undelivered");
  // A screen shows it beside the line.
  if (mayReportPeers(chat, side)) {
    const text = sentence("line-not-delivered", { line: id, name, reason });
    report(chat, { type: "notice", transport, tone: "warning", text, hint: undefined });
  }
}

/** Beside the line; of one peer there is no doubt who it was. */
function makeLostNote(of: number, lostFor: readonly string[], reason: Sentence): Sentence {
  const [name = ""] = lostFor;
  if (of === 1) return sentence("not-delivered", { reason });
  if (lostFor.length === 1) return sentence("not-delivered-to", { name, reason });
  return sentence("not-delivered-to-some", { lost: lostFor.length, of, reason });
}

function reportQueued(chat: ReportContext, message: SentMessage): void {
  if (message.queued) return;
  message.queued = true;
  reportStage(chat, message, "queued");
}

/** Reports that all recipients have reached this stage. */
export function reportStage(
  chat: ReportContext,
  message: SentMessage,
  stage: SocketStage | ReceiptStage,
): void {
  if (message.lostFor.length > 0) return;
  reportReceipt(chat, message, stage);
  showReceipt(chat, message, stage);
}

function reportReceipt(
  chat: Pick<Chat, "config" | "nowMs" | "wallMs" | "effects">,
  { id, transport, atMs, able, receiptSpans }: SentMessage,
  stage: SocketStage | ReceiptStage | "undelivered",
): void {
  if (!isSendingReported(chat.config)) return;
  const rttMs = stage === "received" ? chat.nowMs - atMs : undefined;
  const spans = stage === "received" || stage === "read" ? receiptSpans[stage] : undefined;
  const more = spans !== undefined && spans.length < able ? { carriedMore: true } : {};
  report(chat, { type: "receipt", transport, id, stage, rttMs, carried: spans, ...more });
}

/** Shows the receipt beside the line: the highest stage, once it is known. */
export function showReceipt(
  chat: Pick<Chat, "sides">,
  message: SentMessage,
  stage?: SocketStage | ReceiptStage,
): void {
  const { entry, lostFor } = message;
  if (entry === undefined || lostFor.length > 0) return;
  const next = computeReceipt(message) ?? (stage === undefined ? undefined : { stage });
  if (next === undefined) return;
  entry.receipt = next;
  replaceShownEntry(chat, entry);
}

/** `received 2/3`: two of three recipients have sent a receipt, and the third may have the message. */
function computeReceipt({ by, of }: SentMessage): Receipt | undefined {
  const received = by.received?.size ?? 0;
  const read = by.read?.size ?? 0;
  if (received === 0) return undefined;
  if (read === of || (received === of && read === 0)) return { stage: read === of ? "read" : "received" };
  return received === of ? { stage: "read", by: read, of } : { stage: "received", by: received, of };
}

/** Follows a sent message until the peer's kernel has it, while something shows the kernel's reports. */
function awaitAcknowledgement(
  chat: Pick<Chat, "config" | "focus">,
  peer: Pick<Peer, "link" | "receipts">,
  mark: StreamOffset,
): void {
  if (peer.link.transport === "udp" || !(chat.focus.isKernelWatched || chat.config.reportKernel)) return;
  peer.receipts.unacked.push(mark);
  if (peer.receipts.unacked.length > unackedMessagesMax) peer.receipts.unacked.shift();
}

/** The peer's kernel has that many of our bytes: messages that end within them are `acked`, read or not. */
export function noteKernelAck(
  chat: ReportContext,
  peer: Pick<Peer, "outbound" | "receipts">,
  bytesAcked: number,
): void {
  peer.outbound.bytesAcked = Math.max(peer.outbound.bytesAcked, bytesAcked);
  let completed = 0;
  for (const { message, endOffset } of peer.receipts.unacked) {
    if (endOffset > peer.outbound.bytesAcked) break;
    completed += 1;
    message.unacked -= 1;
    if (message.unacked === 0) reportStage(chat, message, "acked");
  }
  if (completed > 0) peer.receipts.unacked.splice(0, completed);
}
