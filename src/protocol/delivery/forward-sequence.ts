/**
 * Up to where a sender has given up, and when to tell its peer again: like a frame, but for as long as more is said. No
 * clock.
 */

import { deliveryTriesMax } from "../limits.ts";

export class SkipNotice {
  /** The highest number that was given up, and up to where the peer has all or knows that it will not come. */
  #givenUp = 0;
  #known = 0;
  #toldUpTo = 0;
  #toldMs = Number.NEGATIVE_INFINITY;
  #tries = 0;

  givenUp(number: number): void {
    this.#givenUp = Math.max(this.#givenUp, number);
  }

  /** The peer has said so. */
  known(upTo: number): void {
    this.#known = Math.max(this.#known, upTo);
  }

  /** More is to be said: what follows a gap is of no use to the peer before it knows of the gap. */
  renew(): void {
    this.#tries = 0;
  }

  /** When `take` has something, `timeoutMs` after the last time; undefined: there is nothing to tell, or it was told often enough. */
  dueMs(lowest: number, timeoutMs: number): number | undefined {
    const isToBeTold = this.#upTo(lowest) > this.#known && this.#tries < deliveryTriesMax;
    return isToBeTold ? this.#toldMs + timeoutMs : undefined;
  }

  /** The number to tell now; a new one is told at once. `lowest`: the lowest that may still come. It counts as told. */
  take(lowest: number, nowMs: number, timeoutMs: number): number | undefined {
    const upTo = this.#upTo(lowest);
    if (upTo <= this.#known) return undefined;
    if (upTo > this.#toldUpTo) this.#tries = 0;
    else if (nowMs < (this.dueMs(lowest, timeoutMs) ?? Number.POSITIVE_INFINITY)) return undefined;
    this.#toldUpTo = upTo;
    this.#toldMs = nowMs;
    this.#tries += 1;
    return upTo;
  }

  /** Not beyond what may still come. */
  #upTo(lowest: number): number {
    return Math.min(this.#givenUp, lowest - 1);
  }
}
