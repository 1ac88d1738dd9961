/** The state of the bytes that are sent to a peer. */

import type { FanoutName } from "../../protocol/sockets/socket-event.ts";
import type { Delivery } from "./delivery.ts";

export interface Outbound {
  /** Bytes that the kernel has taken. */
  bytesOut: number;
  /** When the socket last took bytes. */
  lastWriteMs: number;
  /** Bytes enqueued for this peer; countEnqueuedBytes() adds its share of those of its fan-out group. */
  enqueuedAlone: number;
  /** The part of enqueuedAlone that is our goodbye. */
  goodbyeBytes: number;
  /** The peer's share in a group of peers that receive the same bytes, while it belongs to one. */
  share: FanoutShare | undefined;
  /** The last send left bytes in the queue. */
  isBlocked: boolean;
  /** The queue has passed its high-water mark. */
  isBacklogged: boolean;
  /** When the queue passed its high-water mark. The room waits stalledPeerMs from then on at most. */
  backloggedSinceMs: number | undefined;
  /** Bytes that have reached the peer's kernel, as far as ours has reported. */
  bytesAcked: number;
  /** Over UDP, for a duet that supports delivery: frames are numbered and acknowledged. */
  delivery: Delivery | undefined;
}

/** Members that receive the same bytes. Over TCP, the transport knows the group too. */
export type AudienceName = FanoutName | "datagrams";

export interface AudienceCounters {
  readonly name: AudienceName;
  /** Bytes enqueued for the group so far. */
  enqueuedBytes: number;
}

export interface FanoutShare {
  readonly group: AudienceCounters;
  /** Bytes of the group that the peer was not sent: those before it joined, its own messages, and those counted. */
  missedBytes: number;
}
