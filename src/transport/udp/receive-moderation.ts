/**
 * Interrupt moderation, as in network cards. Under a flood of datagrams Bun wakes for every two or three of them, and
 * waking costs more than receiving; so the thread sleeps a moment after each turn, while the kernel queues a batch.
 * Traffic that is answered as fast is exempt, since its sender may be waiting for the answers.
 */

import { floodAnsweredShare, floodDatagrams, floodSleepMs, floodWindowMs } from "../../protocol/limits.ts";

export class ReceiveModeration {
  #windowBeganMs = Number.NEGATIVE_INFINITY;
  #receivedInWindow = 0;
  #sentInWindow = 0;
  #isFlood = false;

  /** Counts a datagram that was sent. */
  noteSent(): void {
    this.#sentInWindow += 1;
  }

  /**
   * How many milliseconds the thread should sleep after a turn of the loop that received `count` datagrams and ended
   * at `nowMs` (of performance.now()). 0 unless there is a flood.
   */
  chooseSleepMs(count: number, nowMs: number): number {
    if (nowMs - this.#windowBeganMs >= floodWindowMs) {
      const isNextWindow = nowMs - this.#windowBeganMs < 2 * floodWindowMs;
      const isAnswered = this.#sentInWindow >= this.#receivedInWindow * floodAnsweredShare;
      this.#isFlood = isNextWindow && this.#receivedInWindow >= floodDatagrams && !isAnswered;
      this.#windowBeganMs = nowMs;
      this.#receivedInWindow = this.#sentInWindow = 0;
    }
    this.#receivedInWindow += count;
    return this.#isFlood ? floodSleepMs : 0;
  }
}
