/** Receipts that peers send for our messages. Receipts from sockets and the kernel are in sent-messages.ts. */

import type { ReceiptFrame, ReceiptStage } from "../../protocol/frames/frame.ts";
import { reportedSpansMax } from "../../protocol/limits.ts";
import { type Chat, hostNumber } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Carried } from "../log/entry.ts";
import type { Said } from "../peer/receipts.ts";
import type { Span } from "../spans/span.ts";
import { noteReceiptHeard } from "../trace/delivery-trace.ts";
import { noteCame, receivedRange } from "../trace/incoming-spans.ts";
import { toldPiece } from "../trace/reported-spans.ts";
import { showReceipt, tellStage } from "./sent-messages.ts";

/**
 * Applies a receipt of the peer itself, or of a member behind it. Receipts of other members than the addressee are
 * ignored.
 */
export function heardReceipt(chat: Chat, peer: Peer, frame: ReceiptFrame, span: Span | undefined): void {
  const from = peer.link.isInbound ? (peer.membership.member?.number ?? 0) : (frame.from ?? hostNumber);
  const named: Carried[] | undefined = peer.trace && [];
  for (const message of peer.receipts.awaited) {
    if (message.id < frame.first || message.id > frame.last) continue;
    if (message.to !== undefined && message.to !== from) continue;
    const isReceived = noteReceipt(chat, peer, message, "received", from, span);
    const isRead = frame.stage === "read" && noteReceipt(chat, peer, message, "read", from, span);
    const { carried } = message;
    if ((isReceived || isRead) && carried !== undefined) named?.push(carried);
  }
  if (named !== undefined) traceReceipt(chat, peer, from, frame, named, span);
  while (peer.receipts.awaited[0] !== undefined && isKnownToAll(peer.receipts.awaited[0]))
    peer.receipts.awaited.shift();
}

/** Links the receipt with these messages, and with members' messages that we relayed. */
function traceReceipt(
  { ledger: { relayed: passedOn } }: Chat,
  peer: Peer,
  from: number,
  frame: ReceiptFrame,
  ours: readonly Carried[],
  span: Span | undefined,
): void {
  const others = peer.link.isInbound ? (passedOn?.between(frame.first, frame.last, from) ?? []) : [];
  const named = [...ours, ...others];
  noteCame(peer, "receipt", named, span);
  noteReceiptHeard(peer, frame, named);
}

/** False if the receipt is not new. */
function noteReceipt(
  chat: Chat,
  peer: Peer,
  message: Said,
  stage: ReceiptStage,
  from: number,
  span: Span | undefined,
): boolean {
  const known = (message.by[stage] ??= new Set());
  if (known.has(from) || known.size >= message.able) return false;
  known.add(from);
  const toldBy = peer.trace?.untold && (message.toldBy[stage] ??= []);
  if (toldBy !== undefined && span !== undefined && toldBy.length < reportedSpansMax)
    toldBy.push(toldPiece(peer, receivedRange(peer, "receipt", span)));
  if (known.size === message.able) tellStage(chat, message, stage);
  else showReceipt(chat, message);
  return true;
}

function isKnownToAll({ by, able }: Said): boolean {
  return (by.read?.size ?? 0) >= able;
}
