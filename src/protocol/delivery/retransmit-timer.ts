/** RFC 6298's timer (§5): how long to wait for an acknowledgement, twice as long after each wait in vain. No clock. */

import { retransmitMaxMs } from "../limits.ts";
import type { RoundTrip } from "./round-trip.ts";

export class RetransmitTimer {
  readonly #roundTrip: RoundTrip;
  #startedMs: number | undefined;
  #doublings = 0;

  constructor(roundTrip: RoundTrip) {
    this.#roundTrip = roundTrip;
  }

  /** With its doublings. */
  get timeoutMs(): number {
    return Math.min(retransmitMaxMs, this.#roundTrip.timeoutMs * 2 ** Math.min(this.#doublings, 10));
  }

  /** undefined: it does not run. */
  get dueMs(): number | undefined {
    return this.#startedMs === undefined ? undefined : this.#startedMs + this.timeoutMs;
  }

  /** Something left: it runs from now on, if it did not. */
  start(nowMs: number): void {
    this.#startedMs ??= nowMs;
  }

  /** Something was acknowledged; `isIdle`: and all of it. */
  onAcknowledged(nowMs: number, isIdle: boolean): void {
    this.#doublings = 0;
    this.#startedMs = isIdle ? undefined : nowMs;
  }

  /** It was waited for in vain. */
  onExpired(nowMs: number, isIdle: boolean): void {
    this.#doublings += 1;
    this.#startedMs = isIdle ? undefined : nowMs;
  }

  stop(): void {
    this.#startedMs = undefined;
  }
}
