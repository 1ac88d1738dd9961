/** The monotonic clock of a session, and its one timer, set to the earliest time at which anything is due. */

/** Milliseconds, whole, as `setTimeout` counts them; they begin near the wall clock, so that no deadline is 0. */
export function readMonotonicMs(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

export class WakeTimer {
  readonly #onDue: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #atMs: number | undefined;

  /** `onDue` is called once for each time that is reached. */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /**
   * Sets the monotonic time; undefined: nothing is due. Setting the same time again costs nothing.
   */
  set(atMs: number | undefined): void {
    if (atMs === this.#atMs) return;
    clearTimeout(this.#timer);
    this.#atMs = atMs;
    if (atMs !== undefined)
      this.#timer = setTimeout(() => this.#onTime(), Math.max(0, atMs - readMonotonicMs()));
  }

  #onTime(): void {
    this.#atMs = undefined;
    this.#onDue();
  }
}
