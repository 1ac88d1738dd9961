/**
 * The congestion window of one peer, in datagrams: halved on loss, at most once a round trip, and increased by one for
 * each round trip without loss (RFC 8085 §3.1).
 */

import { deliveryWindowMax, deliveryWindowMin } from "../limits.ts";

export class CongestionWindow {
  #datagrams = deliveryWindowMax;
  #lastHalvedMs = Number.NEGATIVE_INFINITY;

  /** From deliveryWindowMin to deliveryWindowMax. */
  get datagrams(): number {
    return Math.floor(this.#datagrams);
  }

  onLost(nowMs: number, roundTripMs: number): void {
    if (nowMs - this.#lastHalvedMs < Math.max(1, roundTripMs)) return;
    this.#lastHalvedMs = nowMs;
    this.#datagrams = Math.max(deliveryWindowMin, this.#datagrams / 2);
  }

  onAcknowledged(datagrams: number): void {
    this.#datagrams = Math.min(deliveryWindowMax, this.#datagrams + datagrams / this.#datagrams);
  }
}
