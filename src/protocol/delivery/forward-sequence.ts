/**
 * The number up to which frames were given up, and when to send it to the peer in a `skip`: retransmitted like a
 * frame, but for as long as newer frames are sent (as FORWARD TSN, RFC 3758).
 */

import { transmissionsMax } from "../limits.ts";

export class ForwardSequence {
  /** The highest number that was given up, and the number up to which the peer has received or skipped every frame. */
  #givenUp = 0;
  #acknowledged = 0;
  #sentUpTo = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #transmissions = 0;

  onGivenUp(number: number): void {
    this.#givenUp = Math.max(this.#givenUp, number);
  }

  /** The peer has acknowledged all numbers up to this one, received or skipped. */
  onAcknowledged(upTo: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, upTo);
  }

  /** A newer frame was enqueued: the peer cannot deliver it before it receives the skip of the gap. */
  renew(): void {
    this.#transmissions = 0;
  }

  /**
   * When `take` returns a number, `timeoutMs` after the last time; undefined if there is none, or it was sent often
   * enough.
   */
  computeDueMs(lowest: number, timeoutMs: number): number | undefined {
    const isDue = this.#computeUpTo(lowest) > this.#acknowledged && this.#transmissions < transmissionsMax;
    return isDue ? this.#sentMs + timeoutMs : undefined;
  }

  /**
   * The number to send now, which counts as sent; a new number is returned at once. `lowest`: the lowest number that
   * may still be sent.
   */
  take(lowest: number, nowMs: number, timeoutMs: number): number | undefined {
    const upTo = this.#computeUpTo(lowest);
    if (upTo <= this.#acknowledged) return undefined;
    if (upTo > this.#sentUpTo) this.#transmissions = 0;
    else if (nowMs < (this.computeDueMs(lowest, timeoutMs) ?? Number.POSITIVE_INFINITY)) return undefined;
    this.#sentUpTo = upTo;
    this.#sentMs = nowMs;
    this.#transmissions += 1;
    return upTo;
  }

  /** Never at or beyond a frame that may still be sent. */
  #computeUpTo(lowest: number): number {
    return Math.min(this.#givenUp, lowest - 1);
  }
}
