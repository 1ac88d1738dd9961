/**
 * Datagrams that are delayed on purpose, up to a number and an amount of bytes. When its delay is over, the `arrive`
 * of a datagram is called.
 */

interface Delayed {
  readonly atMs: number;
  readonly bytes: number;
  readonly arrive: () => void;
  readonly owner: object | undefined;
}

export class DelayedDatagrams {
  readonly #maxCount: number;
  readonly #maxBytes: number;
  /** Sorted by the end of their delay; equal ones in the order in which they were added. */
  #delayed: Delayed[] = [];
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#delayed.length;
  }

  /** Delays a datagram of `bytes` bytes. False: there is no room for it, and `arrive` is never called. */
  add(ms: number, bytes: number, arrive: () => void, owner?: object): boolean {
    if (this.#delayed.length >= this.#maxCount || this.#bytes + bytes > this.#maxBytes) return false;
    const atMs = performance.now() + ms;
    // Delays are mostly equal, so its place is at the end or near it.
    let place = this.#delayed.length;
    while (place > 0 && this.#delayed[place - 1]!.atMs > atMs) place -= 1;
    this.#delayed.splice(place, 0, { atMs, bytes, arrive, owner });
    this.#bytes += bytes;
    this.#arm();
    return true;
  }

  /** Lets all datagrams of an owner arrive now, in order. */
  release(owner: object): void {
    const released = this.#delayed.filter((one) => one.owner === owner);
    this.#delayed = this.#delayed.filter((one) => one.owner !== owner);
    this.#arriveAll(released);
  }

  #arm(): void {
    const nextMs = this.#delayed[0]?.atMs ?? Number.POSITIVE_INFINITY;
    if (nextMs === this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = nextMs;
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#onTime(), Math.max(0, nextMs - performance.now()));
  }

  #onTime(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const now = performance.now();
    const next = this.#delayed.findIndex((one) => one.atMs > now);
    this.#arriveAll(this.#delayed.splice(0, next === -1 ? this.#delayed.length : next));
    this.#arm();
  }

  #arriveAll(arriving: readonly Delayed[]): void {
    for (const { bytes, arrive } of arriving) {
      this.#bytes -= bytes;
      arrive();
    }
  }
}
