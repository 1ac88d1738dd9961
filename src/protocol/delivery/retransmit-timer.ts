/** The retransmission timer of RFC 6298 (§5): the timeout doubles after each expiry. */

import { retransmitMaxMs } from "../limits.ts";
import type { RoundTrip } from "./round-trip.ts";

export class RetransmitTimer {
  readonly #roundTrip: RoundTrip;
  #startedMs: number | undefined;
  #doublings = 0;

  constructor(roundTrip: RoundTrip) {
    this.#roundTrip = roundTrip;
  }

  /** The timeout, doubled for each expiry. */
  get timeoutMs(): number {
    return Math.min(retransmitMaxMs, this.#roundTrip.timeoutMs * 2 ** Math.min(this.#doublings, 10));
  }

  /** Undefined if the timer is not running. */
  get dueMs(): number | undefined {
    return this.#startedMs === undefined ? undefined : this.#startedMs + this.timeoutMs;
  }

  /** A frame was sent: starts the timer unless it is running. */
  start(nowMs: number): void {
    this.#startedMs ??= nowMs;
  }

  /** A frame was acknowledged. `isIdle`: none is in flight any more. */
  onAcknowledged(nowMs: number, isIdle: boolean): void {
    this.#doublings = 0;
    this.#startedMs = isIdle ? undefined : nowMs;
  }

  /** The timer expired. */
  onExpired(nowMs: number, isIdle: boolean): void {
    this.#doublings += 1;
    this.#startedMs = isIdle ? undefined : nowMs;
  }

  stop(): void {
    this.#startedMs = undefined;
  }
}
