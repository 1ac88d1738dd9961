/**
 * The congestion window of one peer, in frames: halved on loss, at most once a round trip, and increased by one for
 * each round trip without loss (RFC 8085 §3.1).
 */

import { deliveryWindowMax, deliveryWindowMin } from "../limits.ts";

export class CongestionWindow {
  #frames = deliveryWindowMax;
  #lastHalvedMs = Number.NEGATIVE_INFINITY;

  /** From deliveryWindowMin to deliveryWindowMax. */
  get frames(): number {
    return Math.floor(this.#frames);
  }

  onLost(nowMs: number, roundTripMs: number): void {
    if (nowMs - this.#lastHalvedMs < Math.max(1, roundTripMs)) return;
    this.#lastHalvedMs = nowMs;
    this.#frames = Math.max(deliveryWindowMin, this.#frames / 2);
  }

  onAcknowledged(frames: number): void {
    this.#frames = Math.min(deliveryWindowMax, this.#frames + frames / this.#frames);
  }
}
