/** Receipts that peers send for our messages. Receipts from sockets and the kernel are in sent-messages.ts. */

import type { ReceiptFrame, ReceiptStage } from "../../protocol/frames/frame.ts";
import { reportedSpansMax } from "../../protocol/limits.ts";
import { type Chat, hostNumber, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { MessageSpans } from "../log/entry.ts";
import type { SentMessage } from "../peer/receipts.ts";
import type { Span } from "../spans/span.ts";
import { noteReceivedReceipt } from "../trace/delivery-trace.ts";
import { noteReceivedSpan, makeReceivedSpan } from "../trace/incoming-spans.ts";
import { makeReportedSpan } from "../trace/span-outputs.ts";
import { showReceipt, reportStage } from "./sent-messages.ts";
import type { Ledger } from "../model/chat.ts";

/**
 * Applies a receipt of the peer itself, or of a member behind it. Receipts of other members than the addressee are
 * ignored.
 */
export function receiveReceipt(
  chat: ReportContext & Pick<Chat, "ledger">,
  peer: Peer,
  frame: ReceiptFrame,
  span: Span | undefined,
): void {
  const from = peer.link.isInbound ? (peer.membership.member?.number ?? 0) : (frame.from ?? hostNumber);
  const named: MessageSpans[] | undefined = peer.trace && [];
  for (const message of peer.receipts.awaited) {
    if (message.id < frame.first || message.id > frame.last) continue;
    if (message.to !== undefined && message.to !== from) continue;
    const by = { peer, span };
    const isReceived = noteReceipt(chat, message, "received", from, by);
    const isRead = frame.stage === "read" && noteReceipt(chat, message, "read", from, by);
    const { spans } = message;
    if ((isReceived || isRead) && spans !== undefined) named?.push(spans);
  }
  if (named !== undefined) traceReceipt(chat.ledger, peer, from, frame, named, span);
  while (peer.receipts.awaited[0] !== undefined && isKnownToAll(peer.receipts.awaited[0]))
    peer.receipts.awaited.shift();
}

/** Links the receipt with these messages, and with members' messages that we relayed. */
function traceReceipt(
  { relayed }: Ledger,
  peer: Pick<Peer, "link" | "outbound" | "trace">,
  from: number,
  frame: ReceiptFrame,
  ours: readonly MessageSpans[],
  span: Span | undefined,
): void {
  const others = peer.link.isInbound ? (relayed?.between(frame.first, frame.last, from) ?? []) : [];
  const named = [...ours, ...others];
  noteReceivedSpan(peer, "receipt", named, span);
  noteReceivedReceipt(peer.outbound, frame, named);
}

/** The bytes that brought a receipt. */
interface ReceiptBytes {
  readonly peer: Pick<Peer, "link" | "trace">;
  readonly span: Span | undefined;
}

/** False if the receipt is not new. `by`: undefined for a member of another hub. */
export function noteReceipt(
  chat: ReportContext,
  message: SentMessage,
  stage: ReceiptStage,
  from: number,
  by: ReceiptBytes | undefined,
): boolean {
  if (!message.recipients.has(from)) return false;
  const known = (message.by[stage] ??= new Set());
  if (known.has(from) || known.size >= message.able) return false;
  known.add(from);
  if (by !== undefined) keepReceiptSpan(message, stage, by);
  if (known.size === message.able) reportStage(chat, message, stage);
  else showReceipt(chat, message);
  return true;
}

function keepReceiptSpan(message: SentMessage, stage: ReceiptStage, { peer, span }: ReceiptBytes): void {
  const receiptSpans = peer.trace?.unreported && (message.receiptSpans[stage] ??= []);
  if (receiptSpans !== undefined && span !== undefined && receiptSpans.length < reportedSpansMax)
    receiptSpans.push(makeReportedSpan(peer.link, makeReceivedSpan(peer.link, "receipt", span)));
}

function isKnownToAll({ by, able }: SentMessage): boolean {
  return (by.read?.size ?? 0) >= able;
}
