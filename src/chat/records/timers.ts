/**
 * Deadlines by name, earliest first. No clock: time comes in with events, and the session arms one real
 * timer for `earliestMs`. Setting a name again moves its deadline.
 */

interface Deadline {
  readonly name: string;
  readonly atMs: number;
}

export class Timers {
  readonly #atMs = new Map<string, number>();
  /** A binary heap. Each name has one live entry in it, at or before its deadline; it re-arms itself when it surfaces early. */
  readonly #heap: Deadline[] = [];
  readonly #entryMs = new Map<string, number>();

  set(name: string, atMs: number): void {
    this.#atMs.set(name, atMs);
    // Moving a deadline later is common (each byte of an unfinished line) and must not grow the heap.
    const entryMs = this.#entryMs.get(name);
    if (entryMs === undefined || atMs < entryMs) this.#push({ name, atMs });
  }

  clear(name: string): void {
    this.#atMs.delete(name);
  }

  has(name: string): boolean {
    return this.#atMs.has(name);
  }

  /** When a deadline is due; undefined: it is not set. */
  dueMs(name: string): number | undefined {
    return this.#atMs.get(name);
  }

  /** Deadlines that are set. */
  get size(): number {
    return this.#atMs.size;
  }

  /** When the next deadline is due, at the earliest; undefined: none. */
  get earliestMs(): number | undefined {
    this.#settle();
    return this.#heap[0]?.atMs;
  }

  /** Takes out the names that are due, earliest first. */
  takeDue(nowMs: number): readonly string[] {
    const due: string[] = [];
    for (this.#settle(); this.#heap[0] !== undefined && this.#heap[0].atMs <= nowMs; this.#settle()) {
      const { name } = this.#heap[0];
      this.#atMs.delete(name);
      this.#entryMs.delete(name);
      this.#pop();
      due.push(name);
    }
    return due;
  }

  /** Makes the top of the heap a deadline that still holds. */
  #settle(): void {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      const live = this.#entryMs.get(top.name) === top.atMs;
      const atMs = this.#atMs.get(top.name);
      if (live && atMs === top.atMs) return;
      this.#pop();
      if (!live) continue;
      this.#entryMs.delete(top.name);
      if (atMs !== undefined) this.#push({ name: top.name, atMs });
    }
  }

  #push(deadline: Deadline): void {
    const heap = this.#heap;
    this.#entryMs.set(deadline.name, deadline.atMs);
    let index = heap.push(deadline) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.atMs <= deadline.atMs) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = deadline;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child += 1;
      if (heap[child]!.atMs >= last.atMs) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}
