/** The one timer of a session, set to the earliest time at which anything is due. */

import { ActiveClock } from "./active-clock.ts";

export class WakeTimer {
  readonly #onDue: () => void;
  readonly #clock = new ActiveClock(readMonotonicMs);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #atMs: number | undefined;
  /** When the timer expires, perhaps before `#atMs`; Infinity: it does not run. */
  #timerMs = Number.POSITIVE_INFINITY;

  /** `onDue` is called once for each time that is reached. */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Milliseconds; see ActiveClock. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * Sets the time to wake at; undefined: nothing is due. A deadline is mostly moved later, by each datagram of a flood:
   * the timer then stays as it is, and is set again when it expires.
   */
  set(atMs: number | undefined): void {
    if (atMs === this.#atMs) return;
    this.#atMs = atMs;
    this.#clock.setDue(atMs);
    if (atMs === undefined) this.#clearTimer();
    else if (atMs < this.#timerMs) this.#setTimer(atMs);
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timerMs = Number.POSITIVE_INFINITY;
  }

  #setTimer(atMs: number): void {
    clearTimeout(this.#timer);
    this.#timerMs = atMs;
    this.#timer = setTimeout(() => this.#onExpired(), Math.max(0, atMs - this.now()));
  }

  #onExpired(): void {
    this.#timerMs = Number.POSITIVE_INFINITY;
    if (this.#atMs === undefined) return;
    if (this.#atMs > this.now()) this.#setTimer(this.#atMs);
    else this.#onTime();
  }

  #onTime(): void {
    // Read before the deadline is cleared, to notice a sleep.
    this.now();
    this.#atMs = undefined;
    this.#clock.setDue(undefined);
    this.#onDue();
  }
}

/** Whole milliseconds, as `setTimeout` counts them; they begin near the wall clock, so that no deadline is 0. */
function readMonotonicMs(): number {
  return Math.floor(originMs + performance.now());
}

/** Reading it costs more than the time itself does. */
const originMs = performance.timeOrigin;
