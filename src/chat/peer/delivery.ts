/** The record of reliable delivery over UDP, one for each peer. */

import { DeliveryReceiver } from "../../protocol/delivery/receiver.ts";
import { DeliverySender } from "../../protocol/delivery/sender.ts";
import type { ParsedFrame } from "../../protocol/frames/frame-codec.ts";
import type { MessageSpans } from "../log/entry.ts";
import type { Timer } from "../records/timers.ts";
import type { SpanOwners } from "../spans/message-spans.ts";
import type { Span } from "../spans/span.ts";
import type { UnsentMessage } from "./receipts.ts";

/** A received frame and the span of its datagram; it may be delivered much later, in order. */
export interface ReceivedFrame {
  readonly parsed: ParsedFrame;
  readonly span: Span | undefined;
}

/** Sender and receiver of one peer. They start again when the peer has another session or key. */
export interface Delivery {
  readonly sender: DeliverySender<FrameTag>;
  readonly receiver: DeliveryReceiver<ReceivedFrame>;
  /** Messages whose last frame has not been sent yet, in order. */
  readonly unsent: UnsentMessage[];
  readonly timer: Timer;
  /** This peer's part in Chat.deliveryUnits, as last counted. */
  countedUnits: number;
  /** Undefined unless messages are traced. */
  readonly trace: DeliveryTrace | undefined;
}

/** The owner of a frame in flight: a message by its id, with its spans where messages are traced. */
export type FrameTag = number | TracedFrame;

interface TracedFrame {
  /** undefined: the frame is a receipt. */
  readonly id: number | undefined;
  readonly owners: SpanOwners;
}

/** The part of one peer's delivery in tracing. */
export interface DeliveryTrace {
  /** The ids of messages whose datagrams arrived since our last acknowledgement. */
  readonly unacknowledged: number[];
  /** Spans of messages that were not shown yet, the oldest first. */
  readonly early: Map<number, MessageSpans>;
  /** The messages of the last receipts, by the receipt's text, the oldest first. */
  readonly receipts: Map<string, readonly MessageSpans[]>;
}
