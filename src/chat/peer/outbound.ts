/** What is kept of the bytes that are sent to a peer. */

import type { Delivery } from "./delivery.ts";

export interface Outbound {
  /** Bytes that the kernel has taken. */
  bytesOut: number;
  /** When the socket last took bytes. */
  lastWriteMs: number;
  /** Bytes enqueued for this peer alone; bytesEnqueued() adds those of its fan-out group. */
  enqueuedAlone: number;
  /** The group of peers that receive the same bytes, while the peer is in one. */
  audience: FanoutGroup | undefined;
  /** The last send left some bytes over. */
  isBlocked: boolean;
  /** The queue has passed its high-water mark. */
  isBacklogged: boolean;
  /** Since when the queue has held the others up. */
  backloggedSinceMs: number | undefined;
  /** What the peer's kernel is known to have, in bytes. */
  bytesAcked: number;
  /** Over UDP, for a duet that knows delivery: frames are numbered and acknowledged. */
  delivery: Delivery | undefined;
}

/** Peers that receive the same bytes. */
export interface FanoutGroup {
  /** Bytes enqueued for each of them since the group was gathered. */
  enqueuedBytes: number;
}
