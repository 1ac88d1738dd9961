/** The round trip to a peer, smoothed as in RFC 6298, and the retransmission timeout that follows from it. */

import { ackDelayMs, retransmitMaxMs, retransmitMinMs } from "../limits.ts";

export class RoundTrip {
  #smoothedMs: number | undefined;
  #variationMs = 0;

  /** Undefined before the first sample. */
  get smoothedMs(): number | undefined {
    return this.#smoothedMs;
  }

  get variationMs(): number {
    return this.#variationMs;
  }

  /**
   * Between retransmitMinMs and retransmitMaxMs. Includes ackDelayMs, for which the peer may delay an acknowledgement.
   */
  get timeoutMs(): number {
    if (this.#smoothedMs === undefined) return retransmitMaxMs;
    const timeoutMs = this.#smoothedMs + 4 * this.#variationMs + ackDelayMs;
    return Math.min(retransmitMaxMs, Math.max(retransmitMinMs, timeoutMs));
  }

  /** Adds a measured round trip; never that of a frame that was sent twice (Karn's algorithm). */
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
