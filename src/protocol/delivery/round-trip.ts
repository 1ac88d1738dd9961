/** A peer's round trip, smoothed as RFC 6298 does it, and how long to wait before a frame is sent again. No clock. */

import { ackDelayMs, retransmitMaxMs, retransmitMinMs } from "../limits.ts";

export class RoundTrip {
  #smoothedMs: number | undefined;
  #variationMs = 0;

  /** undefined: nothing was measured yet. */
  get smoothedMs(): number | undefined {
    return this.#smoothedMs;
  }

  get variationMs(): number {
    return this.#variationMs;
  }

  /** Without doubling, between retransmitMinMs and retransmitMaxMs. The peer may hold an acknowledgement back. */
  get timeoutMs(): number {
    if (this.#smoothedMs === undefined) return retransmitMaxMs;
    const timeoutMs = this.#smoothedMs + 4 * this.#variationMs + ackDelayMs;
    return Math.min(retransmitMaxMs, Math.max(retransmitMinMs, timeoutMs));
  }

  /** Takes in one measured round trip. Of a frame that was sent twice there is none (Karn). */
  addSample(ms: number): void {
    const sample = Math.max(0, ms);
    if (this.#smoothedMs === undefined) {
      this.#smoothedMs = sample;
      this.#variationMs = sample / 2;
      return;
    }
    this.#variationMs += (Math.abs(this.#smoothedMs - sample) - this.#variationMs) / 4;
    this.#smoothedMs += (sample - this.#smoothedMs) / 8;
  }
}
