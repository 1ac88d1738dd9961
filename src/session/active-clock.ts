/**
 * The time of a session's deadlines: monotonic, and standing still while the process does not run (Ctrl-Z, a suspended
 * machine). No deadline passes in its sleep, so that no peer is let go for a silence that was ours.
 */

/** A deadline missed by more was slept through; a busy event loop delays by less. */
const oversleptMs = 1000;

export class ActiveClock {
  readonly #readMs: () => number;
  #sleptMs = 0;
  #lastMs = 0;
  #dueMs: number | undefined;

  /** `readMs`: a monotonic clock, in milliseconds. */
  constructor(readMs: () => number) {
    this.#readMs = readMs;
  }

  /** The time of the earliest deadline, which tells a sleep from an idle time; undefined: none. */
  setDue(atMs: number | undefined): void {
    this.#dueMs = atMs;
  }

  /** Milliseconds. After a sleep it continues at the deadline that was missed. */
  now(): number {
    const nowMs = this.#readMs() - this.#sleptMs;
    const dueMs = this.#dueMs ?? nowMs;
    this.#lastMs = Math.max(
      this.#lastMs,
      nowMs - dueMs <= oversleptMs ? nowMs : this.#endSleep(nowMs, dueMs),
    );
    return this.#lastMs;
  }

  #endSleep(nowMs: number, dueMs: number): number {
    const wokenMs = Math.max(this.#lastMs, dueMs);
    this.#sleptMs += nowMs - wokenMs;
    this.#dueMs = undefined;
    return wokenMs;
  }
}
