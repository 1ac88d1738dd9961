/**
 * The number up to which a sender has given up, and when to send it to the peer again: like a frame, but for as long as
 * newer frames are sent (as FORWARD TSN does, RFC 3758). No clock.
 */

import { transmissionsMax } from "../limits.ts";

export class ForwardSequence {
  /** The highest number that was given up, and the number up to which the peer has every frame or a skip of it. */
  #givenUp = 0;
  #known = 0;
  #sentUpTo = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #tries = 0;

  onGivenUp(number: number): void {
    this.#givenUp = Math.max(this.#givenUp, number);
  }

  /** The peer has acknowledged all numbers up to this one, received or skipped. */
  onAcknowledged(upTo: number): void {
    this.#known = Math.max(this.#known, upTo);
  }

  /** Newer frames follow: the peer cannot deliver them before it knows of the gap. */
  renew(): void {
    this.#tries = 0;
  }

  /** When `take` has something, `timeoutMs` after the last time; undefined: there is nothing to send, or it was sent often enough. */
  computeDueMs(lowest: number, timeoutMs: number): number | undefined {
    const isDue = this.#upTo(lowest) > this.#known && this.#tries < transmissionsMax;
    return isDue ? this.#sentMs + timeoutMs : undefined;
  }

  /** The number to send now, a new one at once; it counts as sent. `lowest`: the lowest number that may still be sent. */
  take(lowest: number, nowMs: number, timeoutMs: number): number | undefined {
    const upTo = this.#upTo(lowest);
    if (upTo <= this.#known) return undefined;
    if (upTo > this.#sentUpTo) this.#tries = 0;
    else if (nowMs < (this.computeDueMs(lowest, timeoutMs) ?? Number.POSITIVE_INFINITY)) return undefined;
    this.#sentUpTo = upTo;
    this.#sentMs = nowMs;
    this.#tries += 1;
    return upTo;
  }

  /** Never beyond a frame that may still be sent. */
  #upTo(lowest: number): number {
    return Math.min(this.#givenUp, lowest - 1);
  }
}
