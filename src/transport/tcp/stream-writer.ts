/**
 * Writes to one stream socket: a send queue in order, one write a turn of the event loop, and `backlogged` when the
 * peer does not keep up.
 */

import { type BorrowedBytes, copyBytes } from "../../protocol/borrowed-bytes.ts";
import {
  outQueueHighBytes,
  outQueueLowBytes,
  outQueueMaxBytes,
  outQueuesMaxBytes,
} from "../../protocol/limits.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import { type SharedBlock, shareBytes } from "../fanout/shared-block.ts";
import type { OnSocketEvent, SendResult } from "../contract.ts";
import { type Flushable, flushAfterTurn, flushWaiting } from "../queue/write-coalescer.ts";
import { processQueueBudget, SendQueue } from "../queue/send-queue.ts";

/** The socket of a writer and the receiver of its events. One object is both, since a host has thousands. */
export interface WriterOwner {
  readonly id: ConnectionId;
  readonly emit: OnSocketEvent;
  /** One send(2): the number of bytes that the kernel took, or -1 if the connection was reset. */
  write(block: BorrowedBytes): number;
  /** A write of `ofBytes` found the connection reset. The queue was dropped, and later payloads are refused. */
  onReset(ofBytes: number): void;
  /** A write returned; the kernel took `bytes`. */
  onWritten(bytes: number): void;
}

export class StreamWriter implements Flushable {
  readonly #owner: WriterOwner;
  readonly #queue = new SendQueue();
  /** A flush is scheduled for the end of this turn. */
  #isFlushScheduled = false;
  /** The kernel's buffer is full until `drain`. */
  #isBlocked = false;
  #isBacklogged = false;
  #hasEnded = false;

  constructor(owner: WriterOwner) {
    this.#owner = owner;
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** Never returns `sent`: all payloads of one turn leave together at its end. */
  send(payload: Uint8Array): SendResult {
    if (this.#hasEnded) return "closed";
    if (payload.length === 0) return "sent";
    if (this.#queue.bytes + payload.length > outQueueHighBytes) this.flush();
    if (!this.#enqueue(payload)) return this.#hasEnded ? "closed" : "full";
    this.#scheduleFlush();
    this.#reportBacklog();
    return "queued";
  }

  /** As `send`, but at once, so that only what the kernel does not take is copied. Never returns `sent`. */
  sendLent(bytes: BorrowedBytes): SendResult {
    if (this.#queue.bytes > 0 || this.#isBlocked) return this.send(copyBytes(bytes));
    if (this.#hasEnded) return "closed";
    const written = this.#owner.write(bytes);
    if (written < 0) {
      this.#onReset(bytes.length);
      return "closed";
    }
    this.#onLentWritten(shareBytes(bytes), written);
    return "queued";
  }

  /**
   * As `send`, but at once, since a block is the last of its turn: with an empty queue the block itself is written.
   * True if the kernel took all of it; the caller then reports the call. `overflowed` reports a block that does not fit
   * the queue.
   */
  sendBlock(block: SharedBlock): boolean {
    if (this.#hasEnded) return false;
    if (this.#queue.bytes === 0 && !this.#isBlocked) return this.#writeBlock(block);
    const { length } = block.bytes;
    if (this.#queue.bytes + length > outQueueHighBytes) this.flush();
    if (this.#enqueue(block.keep())) {
      this.#scheduleFlush();
      this.#reportBacklog();
    } else if (!this.#hasEnded)
      this.#owner.emit({ type: "overflowed", connection: this.#owner.id, bytes: length });
    return false;
  }

  /** The kernel has room again. */
  drain(): void {
    this.#isBlocked = false;
    this.flush();
  }

  /** Writes the whole queue in one call. */
  flush(): void {
    this.#isFlushScheduled = false;
    if (!this.#hasEnded && !this.#isBlocked && this.#queue.bytes > 0) this.#writeQueue();
  }

  /** Ends the writer. Returns the number of bytes that were still queued. */
  end(): number {
    const unsentBytes = this.#queue.bytes;
    this.#hasEnded = true;
    this.#queue.clear();
    return unsentBytes;
  }

  #enqueue(payload: Uint8Array): boolean {
    if (this.#queue.enqueue(payload)) return true;
    if (this.#queue.bytes + payload.length > outQueueMaxBytes) return false;
    // This queue has room, so the budget of the process is full. Much of that only waits for the end of the turn.
    flushWaiting();
    if (this.#hasEnded) return false;
    if (this.#queue.enqueue(payload)) return true;
    // Stalled peers have used up the budget. A peer with a short queue is not refused for it.
    if (this.#queue.bytes > outQueueLowBytes) return false;
    this.#queue.enqueueRest(payload);
    return true;
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled || this.#isBlocked) return;
    this.#isFlushScheduled = true;
    flushAfterTurn(this);
  }

  #reportBacklog(): void {
    if (this.#isBacklogged || this.#queue.bytes <= chooseHighWaterMark()) return;
    this.#isBacklogged = true;
    this.#owner.emit({ type: "backlogged", connection: this.#owner.id, queuedBytes: this.#queue.bytes });
  }

  #writeBlock(block: SharedBlock): boolean {
    const { length } = block.bytes;
    const bytes = this.#owner.write(block.bytes);
    if (bytes === length) return true;
    if (bytes < 0) this.#onReset(length);
    else this.#onLentWritten(block, bytes);
    return false;
  }

  /** The rest must be queued whatever the bounds, or the peer would receive half a line. */
  #onLentWritten(block: SharedBlock, bytes: number): void {
    if (bytes < block.bytes.length) this.#queue.enqueueRest(block.keep().subarray(bytes));
    this.#onWritten(bytes, block.bytes);
    this.#reportBacklog();
  }

  #writeQueue(): void {
    const block = this.#queue.coalesce();
    const bytes = this.#owner.write(block);
    if (bytes < 0) return this.#onReset(block.length);
    this.#queue.advance(bytes);
    this.#onWritten(bytes, block);
    if (this.#isBacklogged && this.#queue.bytes <= outQueueLowBytes) {
      this.#isBacklogged = false;
      this.#owner.emit({ type: "drained", connection: this.#owner.id });
    }
  }

  /** Called when the queue is up to date, since the receiver of the event may send more. */
  #onWritten(bytes: number, payload: BorrowedBytes): void {
    const ofBytes = payload.length;
    this.#isBlocked = bytes < ofBytes;
    const result = bytes === ofBytes ? "ok" : bytes === 0 ? "would-block" : "partial";
    const owner = this.#owner;
    owner.emit({ type: "called", call: "send", result, connection: owner.id, bytes, ofBytes, payload });
    owner.onWritten(bytes);
  }

  #onReset(ofBytes: number): void {
    if (this.#hasEnded) return;
    this.end();
    this.#owner.onReset(ofBytes);
  }
}

/**
 * The mark is lowered once half of the process-wide budget is used, so that senders wait before any send is refused.
 */
function chooseHighWaterMark(): number {
  return processQueueBudget.bytes > outQueuesMaxBytes / 2 ? outQueueLowBytes : outQueueHighBytes;
}
