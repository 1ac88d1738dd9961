/** Reliable delivery over UDP, as it is kept for one peer. */

import { DeliveryReceiver } from "../../protocol/delivery/receiver.ts";
import { DeliverySender } from "../../protocol/delivery/sender.ts";
import type { ParsedFrame } from "../../protocol/frames/frame-codec.ts";
import type { Carried } from "../log/entry.ts";
import type { Timer } from "../records/timers.ts";
import type { Carrying } from "../spans/message-spans.ts";
import type { Span } from "../spans/span.ts";
import type { Unsent } from "./receipts.ts";

/** A received frame, and its datagram: it may be given out long after. */
export interface Arrived {
  readonly parsed: ParsedFrame;
  readonly span: Span | undefined;
}

/** Both halves for one peer; with another session or key it begins anew, as the peer does. */
export interface Delivery {
  readonly sender: DeliverySender<FrameTag>;
  readonly receiver: DeliveryReceiver<Arrived>;
  /** Messages whose last frame has not left yet, in order. */
  readonly unsent: Unsent[];
  readonly timer: Timer;
  /** What was counted of it among all that the chat holds. */
  countedUnits: number;
  /** Only where messages are traced. */
  readonly trace: DeliveryTrace | undefined;
}

/** What a frame on its way to a peer is of: a message by its id, and where that is traced, what it carries. */
export type FrameTag = number | TracedFrame;

interface TracedFrame {
  /** undefined: it is a receipt. */
  readonly id: number | undefined;
  readonly carrying: Carrying;
}

/** One peer's part in it. */
export interface DeliveryTrace {
  /** Messages, by their ids, of which datagrams came since we last acknowledged. */
  readonly arrived: number[];
  /** What is known already of messages that were not shown yet, the oldest first. */
  readonly early: Map<number, Carried>;
  /** Messages that the last receipts were for, by what those said, the oldest first. */
  readonly receipts: Map<string, readonly Carried[]>;
}
