/**
 * Payloads that wait for the kernel, in order, within the bounds of a peer and of the process. The owner writes the
 * bytes that `coalesce` returns and reports with `advance` how many the kernel took.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { outQueueMaxBytes, outQueuesMaxBytes } from "../../protocol/limits.ts";

/** The bytes in all queues of the process together. */
export class QueueBudget {
  readonly maxBytes: number;
  bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }
}

/** The budget of the process; tests use their own. */
export const processQueueBudget = new QueueBudget(outQueuesMaxBytes);

/** One buffer serves every queue, since writes are synchronous and the runtime keeps no reference to their bytes. */
let coalescedBytes: Uint8Array | undefined;

export class SendQueue {
  readonly #budget: QueueBudget;
  #payloads: Uint8Array[] = [];
  /** Index of the first payload that is not sent completely, and the number of its bytes that are. */
  #head = 0;
  #headOffset = 0;
  #bytes = 0;

  constructor(budget: QueueBudget = processQueueBudget) {
    this.#budget = budget;
  }

  /** Bytes in the queue. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Enqueues `payload`; false if it would exceed outQueueMaxBytes or the budget, and then none of it is enqueued. */
  enqueue(payload: Uint8Array): boolean {
    if (this.#bytes + payload.length > outQueueMaxBytes) return false;
    if (this.#budget.bytes + payload.length > this.#budget.maxBytes) return false;
    this.enqueueRest(payload);
    return true;
  }

  /**
   * Enqueues the rest of a payload that the kernel took only in part, whatever the bounds; at most one for each peer.
   */
  enqueueRest(payload: Uint8Array): void {
    this.#payloads.push(payload);
    this.#bytes += payload.length;
    this.#budget.bytes += payload.length;
  }

  /**
   * All queued payloads as one, at most outQueueMaxBytes. The next call of any queue's `coalesce` overwrites them.
   */
  coalesce(): BorrowedBytes {
    const first = this.#payloads[this.#head];
    if (first === undefined) return new Uint8Array(0);
    const rest = this.#headOffset === 0 ? first : first.subarray(this.#headOffset);
    if (this.#head + 1 === this.#payloads.length) return rest;
    coalescedBytes ??= new Uint8Array(outQueueMaxBytes);
    coalescedBytes.set(rest, 0);
    let length = rest.length;
    for (let index = this.#head + 1; index < this.#payloads.length; index += 1) {
      const payload = this.#payloads[index]!;
      coalescedBytes.set(payload, length);
      length += payload.length;
    }
    return coalescedBytes.subarray(0, length);
  }

  /** The kernel took `count` bytes from the front, at most `bytes`. */
  advance(count: number): void {
    this.#bytes -= count;
    this.#budget.bytes -= count;
    if (this.#bytes === 0) return this.#reset();
    let left = count + this.#headOffset;
    while (left >= this.#payloads[this.#head]!.length) {
      left -= this.#payloads[this.#head]!.length;
      this.#head += 1;
    }
    this.#headOffset = left;
    if (this.#head > 64 && this.#head * 2 > this.#payloads.length) {
      this.#payloads = this.#payloads.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Drops all payloads and returns their bytes to the budget. */
  clear(): void {
    this.#budget.bytes -= this.#bytes;
    this.#bytes = 0;
    this.#reset();
  }

  #reset(): void {
    this.#payloads = [];
    this.#head = 0;
    this.#headOffset = 0;
  }
}
