/** When to tell a peer again up to where a sender has given up: like a frame, but for as long as more is said. No clock. */

import { deliveryTriesMax } from "./limits.ts";

export class SkipNotice {
  #upTo = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #tries = 0;

  /** More is to be said: what follows a gap is of no use to the peer before it knows of the gap. */
  renew(): void {
    this.#tries = 0;
  }

  /** When it is to be told again, `timeoutMs` after the last time; undefined: often enough. */
  dueMs(timeoutMs: number): number | undefined {
    return this.#tries < deliveryTriesMax ? this.#sentMs + timeoutMs : undefined;
  }

  /** Whether to tell it now that all up to there is given up; a new number is told at once. It counts as told. */
  take(upTo: number, nowMs: number, timeoutMs: number): boolean {
    if (upTo > this.#upTo) {
      this.#upTo = upTo;
      this.#tries = 0;
    } else if (nowMs < (this.dueMs(timeoutMs) ?? Number.POSITIVE_INFINITY)) return false;
    this.#sentMs = nowMs;
    this.#tries += 1;
    return true;
  }
}
