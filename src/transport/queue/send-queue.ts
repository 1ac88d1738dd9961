/**
 * Payloads that wait for the kernel, in order, within the bounds of a peer and of the process. It knows
 * no socket: its owner writes what `gather` returns and tells with `advance` how much was taken.
 */

import { outQueueMaxBytes, outQueuesMaxBytes } from "../../protocol/limits.ts";

/** What all queues of the process hold together. */
export class QueueBudget {
  readonly maxBytes: number;
  bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }
}

/** The one budget of the process; a test brings its own. */
export const processQueueBudget = new QueueBudget(outQueuesMaxBytes);

/** Writes are synchronous and the runtime keeps nothing of them, so one block serves every queue. */
let gatherBlock: Uint8Array | undefined;

export class SendQueue {
  readonly #budget: QueueBudget;
  #payloads: Uint8Array[] = [];
  /** Index of the first payload not yet sent whole, and how much of it is sent. */
  #head = 0;
  #headOffset = 0;
  #bytes = 0;

  constructor(budget: QueueBudget = processQueueBudget) {
    this.#budget = budget;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes all of `payload`, or false and nothing of it when it passes outQueueMaxBytes or the budget. */
  enqueue(payload: Uint8Array): boolean {
    if (this.#bytes + payload.length > outQueueMaxBytes) return false;
    if (this.#budget.bytes + payload.length > this.#budget.maxBytes) return false;
    this.enqueueRest(payload);
    return true;
  }

  /** Takes what is left of a payload whose beginning the kernel has, whatever the bounds: at most one for each peer. */
  enqueueRest(payload: Uint8Array): void {
    this.#payloads.push(payload);
    this.#bytes += payload.length;
    this.#budget.bytes += payload.length;
  }

  /**
   * All that waits as one block, at most outQueueMaxBytes. It is valid only until the next call of any
   * queue's `gather`: write it at once and keep no view of it.
   */
  coalesce(): Uint8Array {
    const first = this.#payloads[this.#head];
    if (first === undefined) return new Uint8Array(0);
    const rest = this.#headOffset === 0 ? first : first.subarray(this.#headOffset);
    if (this.#head + 1 === this.#payloads.length) return rest;
    gatherBlock ??= new Uint8Array(outQueueMaxBytes);
    gatherBlock.set(rest, 0);
    let length = rest.length;
    for (let index = this.#head + 1; index < this.#payloads.length; index += 1) {
      const payload = this.#payloads[index]!;
      gatherBlock.set(payload, length);
      length += payload.length;
    }
    return gatherBlock.subarray(0, length);
  }

  /** `count` bytes from the front were taken by the kernel; no more than `bytes`. */
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

  /** Drops all that waits and gives its room back. */
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
