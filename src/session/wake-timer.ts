/** The one timer of a session, set to the earliest time at which anything is due. */

export class WakeTimer {
  readonly #onDue: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #atMs: number | undefined;

  /** `onDue` is called once for each time that is reached. */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /**
   * Sets the time, in milliseconds since 1970; undefined: nothing is due. Setting the same time again costs nothing.
   */
  set(atMs: number | undefined): void {
    if (atMs === this.#atMs) return;
    clearTimeout(this.#timer);
    this.#atMs = atMs;
    if (atMs !== undefined) this.#timer = setTimeout(() => this.#onTime(), Math.max(0, atMs - Date.now()));
  }

  #onTime(): void {
    this.#atMs = undefined;
    this.#onDue();
  }
}
