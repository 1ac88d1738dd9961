/**
 * Datagrams that are on their way for a while, each until its moment, within a number and an amount of bytes. It knows
 * no socket and no reason: who holds one says what its arrival is.
 */

interface Held {
  readonly atMs: number;
  readonly bytes: number;
  readonly arrive: () => void;
  readonly owner: object | undefined;
}

export class HeldDatagrams {
  readonly #max: number;
  readonly #maxBytes: number;
  /** By their moments, the next one first; equal ones as they came. */
  #held: Held[] = [];
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(max: number, maxBytes: number) {
    this.#max = max;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#held.length;
  }

  /** One of so many bytes. False: there is no room for it, and it never arrives. */
  hold(ms: number, bytes: number, arrive: () => void, owner?: object): boolean {
    if (this.#held.length >= this.#max || this.#bytes + bytes > this.#maxBytes) return false;
    const atMs = performance.now() + ms;
    // Delays are mostly alike, so its place is at the end or near it.
    let place = this.#held.length;
    while (place > 0 && this.#held[place - 1]!.atMs > atMs) place -= 1;
    this.#held.splice(place, 0, { atMs, bytes, arrive, owner });
    this.#bytes += bytes;
    this.#arm();
    return true;
  }

  /** All of an owner's arrive now, in their order. */
  release(owner: object): void {
    const theirs = this.#held.filter((held) => held.owner === owner);
    this.#held = this.#held.filter((held) => held.owner !== owner);
    this.#arriveAll(theirs);
  }

  #arm(): void {
    const nextMs = this.#held[0]?.atMs ?? Number.POSITIVE_INFINITY;
    if (nextMs === this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = nextMs;
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#onTime(), Math.max(0, nextMs - performance.now()));
  }

  #onTime(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    const now = performance.now();
    const next = this.#held.findIndex((held) => held.atMs > now);
    this.#arriveAll(this.#held.splice(0, next === -1 ? this.#held.length : next));
    this.#arm();
  }

  #arriveAll(arriving: readonly Held[]): void {
    for (const { bytes, arrive } of arriving) {
      this.#bytes -= bytes;
      arrive();
    }
  }
}
