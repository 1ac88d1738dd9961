/**
 * What leaves by one stream socket: a queue in order, one write a turn of the loop, and a word when the peer does not
 * keep up. It knows no FIN, no reading and no other connection.
 */

import {
  outQueueHighBytes,
  outQueueLowBytes,
  outQueueMaxBytes,
  outQueuesMaxBytes,
} from "../../protocol/limits.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import type { SharedBlock } from "../fanout/shared-block.ts";
import type { OnSocketEvent, SendResult } from "../contract.ts";
import { type Flushable, flushAfterTurn, flushWaiting } from "../queue/write-coalescer.ts";
import { processQueueBudget, SendQueue } from "../queue/send-queue.ts";

/** What a writer is of: the socket, and who is told. One object for both, for a hub has thousands. */
export interface WriterOwner {
  readonly id: ConnectionId;
  readonly emit: OnSocketEvent;
  /** One send(2): how many bytes the kernel took, or -1 when it has met an RST. */
  write(block: Uint8Array): number;
  /** A write met an RST: the queue is dropped, and nothing is taken any more. */
  onReset(ofBytes: number): void;
  /** A write is done; `bytes` of it left. */
  onWritten(bytes: number): void;
}

export class StreamWriter implements Flushable {
  readonly #owner: WriterOwner;
  readonly #queue = new SendQueue();
  /** A flush is due at the end of this turn. */
  #flushDue = false;
  /** The kernel's buffer is full: wait for `drain`. */
  #blocked = false;
  #backlogged = false;
  #isOver = false;

  constructor(owner: WriterOwner) {
    this.#owner = owner;
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** Never `sent`: what one turn hands over leaves together at its end. */
  send(payload: Uint8Array): SendResult {
    if (this.#isOver) return "closed";
    if (payload.length === 0) return "sent";
    if (this.#queue.bytes + payload.length > outQueueHighBytes) this.flush();
    if (!this.#push(payload)) return this.#isOver ? "closed" : "full";
    this.#askForFlush();
    this.#tellBacklog();
    return "queued";
  }

  /**
   * As `send`, at the end of the turn and so at once if it is the last of it: without a queue, the block itself is
   * written. True: the kernel took all of it, and who gave it is to tell of the call. What does not fit the queue is told
   * as `overflowed`.
   */
  hear(block: SharedBlock, isLast: boolean): boolean {
    if (this.#isOver) return false;
    if (isLast && this.#queue.bytes === 0 && !this.#blocked) return this.#writeBlock(block);
    const { length } = block.bytes;
    if (this.#queue.bytes + length > outQueueHighBytes) this.flush();
    if (this.#push(block.lasting())) {
      this.#askForFlush();
      this.#tellBacklog();
    } else if (!this.#isOver)
      this.#owner.emit({ type: "overflowed", connection: this.#owner.id, bytes: length });
    return false;
  }

  /** The kernel has room again. */
  drain(): void {
    this.#blocked = false;
    this.flush();
  }

  /** One write of all that waits. */
  flush(): void {
    this.#flushDue = false;
    if (!this.#isOver && !this.#blocked && this.#queue.bytes > 0) this.#writeQueue();
  }

  /** Nothing is taken or written any more: how many bytes waited. */
  end(): number {
    const unsentBytes = this.#queue.bytes;
    this.#isOver = true;
    this.#queue.clear();
    return unsentBytes;
  }

  #push(payload: Uint8Array): boolean {
    if (this.#queue.enqueue(payload)) return true;
    if (this.#queue.bytes + payload.length > outQueueMaxBytes) return false;
    flushWaiting(); // Our own queue has room: the process is full of what only waits for the turn's end.
    if (this.#isOver) return false;
    if (this.#queue.enqueue(payload)) return true;
    // Others who do not read have taken it all, and pay for it: not who has hardly anything waiting.
    if (this.#queue.bytes > outQueueLowBytes) return false;
    this.#queue.enqueueRest(payload);
    return true;
  }

  #askForFlush(): void {
    if (this.#flushDue || this.#blocked) return;
    this.#flushDue = true;
    flushAfterTurn(this);
  }

  #tellBacklog(): void {
    if (this.#backlogged || this.#queue.bytes <= highBytes()) return;
    this.#backlogged = true;
    this.#owner.emit({ type: "backlogged", connection: this.#owner.id, queuedBytes: this.#queue.bytes });
  }

  #writeBlock(block: SharedBlock): boolean {
    const { length } = block.bytes;
    const bytes = this.#owner.write(block.bytes);
    if (bytes === length) return true;
    if (bytes < 0) {
      this.#onReset(length);
      return false;
    }
    // What is begun is ended, or half a line would be lost.
    this.#queue.enqueueRest(block.lasting().subarray(bytes));
    this.#onWritten(bytes, block.bytes);
    this.#tellBacklog();
    return false;
  }

  #writeQueue(): void {
    const block = this.#queue.coalesce();
    const bytes = this.#owner.write(block);
    if (bytes < 0) return this.#onReset(block.length);
    this.#queue.advance(bytes);
    this.#onWritten(bytes, block);
    if (this.#backlogged && this.#queue.bytes <= outQueueLowBytes) {
      this.#backlogged = false;
      this.#owner.emit({ type: "drained", connection: this.#owner.id });
    }
  }

  /** The queue is settled by now: whoever is told may send more. */
  #onWritten(bytes: number, payload: Uint8Array): void {
    const ofBytes = payload.length;
    this.#blocked = bytes < ofBytes;
    const result = bytes === ofBytes ? "ok" : bytes === 0 ? "would-block" : "partial";
    const owner = this.#owner;
    owner.emit({ type: "called", call: "send", result, connection: owner.id, bytes, ofBytes, payload });
    owner.onWritten(bytes);
  }

  #onReset(ofBytes: number): void {
    if (this.#isOver) return;
    this.end();
    this.#owner.onReset(ofBytes);
  }
}

/** Half of what the process may hold: who has more than a little of it waits, before anybody finds no room. */
function highBytes(): number {
  return processQueueBudget.bytes > outQueuesMaxBytes / 2 ? outQueueLowBytes : outQueueHighBytes;
}
