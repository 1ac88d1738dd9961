/** The one timer of a session, set to the earliest time at which anything is due. */

import { ActiveClock } from "./active-clock.ts";

export class WakeTimer {
  readonly #onDue: () => void;
  readonly #clock = new ActiveClock(readMonotonicMs);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #atMs: number | undefined;

  /** `onDue` is called once for each time that is reached. */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Milliseconds; see ActiveClock. */
  now(): number {
    return this.#clock.now();
  }

  /** Sets the time to wake at; undefined: nothing is due. Setting the same time again costs nothing. */
  set(atMs: number | undefined): void {
    if (atMs === this.#atMs) return;
    clearTimeout(this.#timer);
    this.#atMs = atMs;
    this.#clock.setDue(atMs);
    if (atMs !== undefined) this.#timer = setTimeout(() => this.#onTime(), Math.max(0, atMs - this.now()));
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
  return Math.floor(performance.timeOrigin + performance.now());
}
