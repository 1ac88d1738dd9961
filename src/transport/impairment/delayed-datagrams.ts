/**
 * Datagrams that are delayed, each until its moment, up to a number and an amount of bytes. It knows no socket, and no
 * reason for the delay: `arrive` is given with each datagram.
 */

interface Delayed {
  readonly atMs: number;
  readonly bytes: number;
  readonly arrive: () => void;
  readonly owner: object | undefined;
}

export class DelayedDatagrams {
  readonly #max: number;
  readonly #maxBytes: number;
  /** Sorted by their moments; equal ones in the order in which they were added. */
  #delayed: Delayed[] = [];
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(max: number, maxBytes: number) {
    this.#max = max;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#delayed.length;
  }

  /** Delays a datagram of so many bytes. False: there is no room for it, and it never arrives. */
  add(ms: number, bytes: number, arrive: () => void, owner?: object): boolean {
    if (this.#delayed.length >= this.#max || this.#bytes + bytes > this.#maxBytes) return false;
    const atMs = performance.now() + ms;
    // Delays are mostly alike, so its place is at the end or near it.
    let place = this.#delayed.length;
    while (place > 0 && this.#delayed[place - 1]!.atMs > atMs) place -= 1;
    this.#delayed.splice(place, 0, { atMs, bytes, arrive, owner });
    this.#bytes += bytes;
    this.#arm();
    return true;
  }

  /** All datagrams of an owner arrive now, in order. */
  release(owner: object): void {
    const theirs = this.#delayed.filter((one) => one.owner === owner);
    this.#delayed = this.#delayed.filter((one) => one.owner !== owner);
    this.#arriveAll(theirs);
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
