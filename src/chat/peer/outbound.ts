/** The state of the bytes that are sent to a peer. */

import type { Delivery } from "./delivery.ts";

export interface Outbound {
  /** Bytes that the kernel has taken. */
  bytesOut: number;
  /** When the socket last took bytes. */
  lastWriteMs: number;
  /** Bytes enqueued for this peer alone; countEnqueuedBytes() adds those of its fan-out group. */
  enqueuedAlone: number;
  /** The group of peers that receive the same bytes, while the peer belongs to one. */
  audience: FanoutGroup | undefined;
  /** The last send left bytes in the queue. */
  isBlocked: boolean;
  /** The queue has passed its high-water mark. */
  isBacklogged: boolean;
  /** Since when the room has waited for this queue. */
  backloggedSinceMs: number | undefined;
  /** Bytes that have reached the peer's kernel, as far as ours has reported. */
  bytesAcked: number;
  /** Over UDP, for a duet that supports delivery: frames are numbered and acknowledged. */
  delivery: Delivery | undefined;
}

/** Counters of peers that receive the same bytes. */
export interface FanoutGroup {
  /** Bytes enqueued for each of them since the group was gathered. */
  enqueuedBytes: number;
}
