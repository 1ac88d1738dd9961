/** The one timer that a session sleeps by: set anew to the earliest moment that anything is due. It knows nothing of what is. */

export class WakeTimer {
  readonly #onDue: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #atMs: number | undefined;

  /** `onDue` is called once for each moment that is reached. */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Milliseconds since 1970; undefined: nothing is due. The same moment again costs nothing. */
  set(atMs: number | undefined): void {
    if (atMs === this.#atMs) return;
    clearTimeout(this.#timer);
    this.#atMs = atMs;
    if (atMs !== undefined) this.#timer = setTimeout(() => this.#wake(), Math.max(0, atMs - Date.now()));
  }

  #wake(): void {
    this.#atMs = undefined;
    this.#onDue();
  }
}
