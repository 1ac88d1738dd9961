/**
 * Writes to one stream socket: a send queue in order, one write a turn of the event loop, and `backlogged` when the
 * peer does not keep up. In a session the queue is sealed when it is written, in records of as much as waits.
 */

import { type BorrowedBytes, copyBytes } from "../../protocol/borrowed-bytes.ts";
import {
  outQueueHighBytes,
  outQueueLowBytes,
  outQueueMaxBytes,
  outQueuesMaxBytes,
  recordPlainMaxBytes,
} from "../../protocol/limits.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import { type StreamSession, streamRecordMaxBytes } from "../../protocol/sealed/stream-session.ts";
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

/** A record that is being written. Its plain bytes stay in the queue until the kernel has all of it. */
interface PendingRecord {
  /** Borrowed during the first write; owned if there is another one. */
  bytes: BorrowedBytes;
  /** How many of its bytes the kernel has. */
  taken: number;
  /** Borrowed during the first write; owned if there is another one. */
  plain: BorrowedBytes;
}

let room: Uint8Array | undefined;

/** The buffer in which a record is sealed and from which it is written. One serves all, since the kernel takes most records whole. */
function findRoom(): Uint8Array {
  return (room ??= Buffer.alloc(streamRecordMaxBytes));
}

export class StreamWriter implements Flushable {
  readonly #owner: WriterOwner;
  readonly #queue = new SendQueue();
  #session: StreamSession | undefined;
  /** Bytes at the front of the queue that were enqueued before the session began. */
  #unsealedBytes = 0;
  #record: PendingRecord | undefined;
  /** The end mark: to be sealed behind the queue, and sealed. */
  #end: "none" | "wanted" | "sealed" = "none";
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

  /** The kernel has everything, the end mark of a session included once `seal`ed sending is over. */
  get isFlushed(): boolean {
    return this.#queue.bytes === 0 && this.#record === undefined && this.#end !== "wanted";
  }

  /** Seals what is enqueued from now on. */
  seal(session: StreamSession): void {
    this.#session = session;
    this.#unsealedBytes = this.#queue.bytes;
  }

  /** No payload follows: in a session, its end mark does. */
  finish(): void {
    if (this.#session !== undefined && this.#end === "none") this.#end = "wanted";
    this.flush();
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
    if (this.#queue.bytes > 0 || this.#isBlocked || this.#session !== undefined)
      return this.send(copyBytes(bytes));
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
    const { length } = block.bytes;
    if (this.#queue.bytes === 0 && !this.#isBlocked) {
      if (this.#session === undefined) return this.#writeBlock(block);
      if (length <= recordPlainMaxBytes) return this.#writeSealedBlock(this.#session, block);
    }
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
    if (!this.#hasEnded && !this.#isBlocked && !this.isFlushed) this.#writeQueue();
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
    if (this.#session === undefined || this.#unsealedBytes > 0) this.#writeUnsealed();
    if (this.#session !== undefined && this.#unsealedBytes === 0) this.#writeRecords(this.#session);
    if (!this.#isBacklogged || this.#hasEnded || this.#queue.bytes > outQueueLowBytes) return;
    this.#isBacklogged = false;
    this.#owner.emit({ type: "drained", connection: this.#owner.id });
  }

  #writeUnsealed(): void {
    const all = this.#queue.coalesce();
    const block = this.#session === undefined ? all : all.subarray(0, this.#unsealedBytes);
    const bytes = this.#owner.write(block);
    if (bytes < 0) return this.#onReset(block.length);
    this.#queue.advance(bytes);
    if (this.#session !== undefined) this.#unsealedBytes -= bytes;
    this.#onWritten(bytes, block);
  }

  /** Seals and writes the queue in as few records as it takes, and behind it the end mark. */
  #writeRecords(session: StreamSession): void {
    while (!this.#hasEnded && !this.#isBlocked) {
      this.#record ??= this.#sealNext(session);
      if (this.#record === undefined) return;
      this.#writeRecord(this.#record);
    }
  }

  #sealNext(session: StreamSession): PendingRecord | undefined {
    if (this.#queue.bytes > 0) {
      const plain = this.#queue.coalesce().subarray(0, recordPlainMaxBytes);
      return { bytes: session.seal(plain, findRoom()), taken: 0, plain };
    }
    if (this.#end !== "wanted") return undefined;
    this.#end = "sealed";
    return { bytes: session.sealEnd(), taken: 0, plain: new Uint8Array(0) };
  }

  /** The block is the whole queue: if the kernel does not take its record, the block is queued behind it. */
  #writeSealedBlock(session: StreamSession, block: SharedBlock): boolean {
    this.#queue.enqueueRest(block.bytes as Uint8Array);
    this.#record = { bytes: session.seal(block.bytes, findRoom()), taken: 0, plain: block.bytes };
    this.#writeRecord(this.#record);
    if (this.#record === undefined || this.#hasEnded) return false;
    // The queue has borrowed the block until here.
    this.#queue.clear();
    this.#queue.enqueueRest(block.keep());
    this.#reportBacklog();
    return false;
  }

  #writeRecord(record: PendingRecord): void {
    const rest = record.bytes.subarray(record.taken);
    const written = this.#owner.write(rest);
    if (written < 0) return this.#onReset(record.plain.length);
    record.taken += written;
    const isWhole = written === rest.length;
    this.#isBlocked = !isWhole;
    if (isWhole) {
      this.#record = undefined;
      if (record.plain.length > 0) this.#queue.advance(record.plain.length);
    } else if (record.taken === written) {
      record.bytes = copyBytes(record.bytes);
      record.plain = copyBytes(record.plain);
    }
    const { length } = record.plain;
    const result = isWhole ? "ok" : written === 0 ? "would-block" : "partial";
    const moved = { bytes: isWhole ? length : 0, ofBytes: length, payload: record.plain };
    const sealed = { bytes: written, ofBytes: rest.length, payload: rest };
    const owner = this.#owner;
    owner.emit({ type: "called", call: "send", result, connection: owner.id, ...moved, sealed });
    owner.onWritten(written);
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
