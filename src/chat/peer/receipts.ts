/** Sent messages that await receipts from a peer, and receipts that are owed to it. */

import type { ReceiptStage } from "../../protocol/frames/frame.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { MessageSpans, MessageEntry } from "../log/entry.ts";
import type { ReportedSpan } from "../spans/reported-spans.ts";

/** The receipts of one peer, both ways. */
export interface Receipts {
  /** The ends of messages in the enqueued bytes that the kernel has not taken yet, in order. */
  readonly offsets: StreamOffset[];
  /** Messages that the duet may still send receipts for, the oldest first. */
  readonly awaited: SentMessage[];
  /** Messages that the kernel has taken and the peer's kernel may not have; only while something shows it. */
  readonly unacked: StreamOffset[];
  /** Receipts that we owe the peer. */
  pending: PendingReceipts | undefined;
}

/** The end of one message among the bytes enqueued for a peer. */
export interface StreamOffset {
  readonly message: SentMessage;
  readonly endOffset: number;
}

/** A message with unsent frames, and the number of its last frame. */
export interface UnsentMessage {
  readonly message: SentMessage;
  readonly number: number;
}

/** A sent message, for as long as its receipt may change. */
export interface SentMessage {
  readonly id: number;
  /** The id under which it was sent first, on a connection that ended without a receipt. */
  readonly again: number | undefined;
  readonly transport: TransportName;
  readonly atMs: number;
  /** The entry on the screen. */
  readonly entry: MessageEntry | undefined;
  /** Undefined unless messages are traced. */
  readonly spans: MessageSpans | undefined;
  /** The number of recipients, and of duets among them, which can send receipts. */
  readonly of: number;
  readonly able: number;
  /** The numbers of the members it was sent to: others cannot send a receipt for it. */
  readonly recipients: ReadonlySet<number>;
  /** The member number of the only addressee, behind the host that it was sent to. */
  readonly to: number | undefined;
  /** Peers whose kernel has not taken it yet; NaN once one of them has left before that. */
  waiting: number;
  /** Peers whose kernel has not acknowledged it so far. */
  unacked: number;
  queued: boolean;
  /** Members who reached each stage, by number; made by the first receipt. */
  readonly by: Partial<Record<ReceiptStage, Set<number>>>;
  /** The spans of those receipts, at most reportedSpansMax; only where outputs carry spans. */
  readonly receiptSpans: Partial<Record<ReceiptStage, ReportedSpan[]>>;
  /** Names of members who did not receive it; clean. */
  readonly lostFor: string[];
}

export type Runs = [first: number, last: number][];

/** Ids of one peer's messages for which it has no receipt yet. */
export interface PendingReceipts {
  readonly received: Runs;
  readonly read: Runs;
  /** Shown, and not looked at so far. */
  readonly unread: Runs;
  /** Runs with a missing message before their next id: they must not be extended across the gap. */
  readonly broken: Set<Runs>;
  sentMs: number;
}
