/**
 * How many frames may be in flight to one peer: halved when some are lost, at most once a round trip, and grown again by
 * one for each round trip without loss (RFC 8085 §3.1). No clock and no frames.
 */

import { deliveryWindowMax, deliveryWindowMin } from "../limits.ts";

export class CongestionWindow {
  #frames = deliveryWindowMax;
  #halvedMs = Number.NEGATIVE_INFINITY;

  /** From deliveryWindowMin to deliveryWindowMax. */
  get frames(): number {
    return Math.floor(this.#frames);
  }

  onLost(nowMs: number, roundTripMs: number): void {
    if (nowMs - this.#halvedMs < Math.max(1, roundTripMs)) return;
    this.#halvedMs = nowMs;
    this.#frames = Math.max(deliveryWindowMin, this.#frames / 2);
  }

  onAcknowledged(frames: number): void {
    this.#frames = Math.min(deliveryWindowMax, this.#frames + frames / this.#frames);
  }
}
