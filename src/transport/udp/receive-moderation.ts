/**
 * Interrupt moderation, as network cards do it: under a flood of datagrams Bun is woken for every two or three of them,
 * which costs more than they do. So after each turn the kernel gets a moment to gather a batch. Not for who is answered as
 * fast: it may wait for the answers. It knows no socket.
 */

import { floodAnsweredShare, floodDatagrams, floodSleepMs, floodWindowMs } from "../../protocol/limits.ts";

export class ReceiveModeration {
  #windowBeganMs = Number.NEGATIVE_INFINITY;
  #inWindow = 0;
  #sentInWindow = 0;
  #flood = false;

  /** A datagram left. */
  noteSent(): void {
    this.#sentInWindow += 1;
  }

  /**
   * A turn of the loop that brought `count` datagrams ended at `nowMs` (of performance.now()): how many milliseconds the
   * thread is to sleep before the next one. 0, unless they rain.
   */
  chooseSleepMs(count: number, nowMs: number): number {
    if (nowMs - this.#windowBeganMs >= floodWindowMs) {
      const isNextWindow = nowMs - this.#windowBeganMs < 2 * floodWindowMs;
      const isAnswered = this.#sentInWindow >= this.#inWindow * floodAnsweredShare;
      this.#flood = isNextWindow && this.#inWindow >= floodDatagrams && !isAnswered;
      this.#windowBeganMs = nowMs;
      this.#inWindow = this.#sentInWindow = 0;
    }
    this.#inWindow += count;
    return this.#flood ? floodSleepMs : 0;
  }
}
