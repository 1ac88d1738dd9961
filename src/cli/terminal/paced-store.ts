/**
 * Stores that the screen is drawn from. PacedStore emits at once after a single change, at a steady pace during a flood,
 * and not at all while the terminal takes no output. ImmediateStore emits every change.
 */

/** The shortest time between two emissions. */
const pacedIntervalMs = 80;
/** The same during a flood. Nobody can read that fast, and keys are echoed in between. */
const floodIntervalMs = 200;
/** A flood is at least this many changes between two emissions. */
const floodChanges = 12;
/** How long a change that only concerns counters may wait for another change. */
const lazyDelayMs = 1000;

/** The clock and its timers; tests replace them. */
export interface PaceClock {
  nowMs(): number;
  /** Calls `onDue` once after `delayMs`. The returned function cancels the timer. */
  after(delayMs: number, onDue: () => void): () => void;
}

export const realClock: PaceClock = {
  nowMs: () => performance.now(),
  after: (delayMs, onDue) => {
    const timer = setTimeout(onDue, delayMs);
    return () => clearTimeout(timer);
  },
};

class Listeners {
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  emit(): void {
    for (const listener of this.#listeners) listener();
  }
}

interface PacedStoreOptions<T> {
  /** Computes the newest value. Called once for each emission, so it may be costly. */
  readonly read: () => T;
  readonly intervalMs?: number;
  readonly floodIntervalMs?: number;
  readonly clock?: PaceClock;
}

/** A store for `useSyncExternalStore(store.subscribe, store.read)` whose emissions are paced. */
export class PacedStore<T> {
  readonly #listeners = new Listeners();
  readonly #readNewest: () => T;
  readonly #intervalMs: number;
  readonly #floodIntervalMs: number;
  /** The number of changes since the last emission. */
  #changes = 0;
  /** There was a flood before the last emission. */
  #isFlood = false;
  readonly #clock: PaceClock;
  #snapshot: T;
  #emittedMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  /** When the timer's emission is due. */
  #dueMs = Number.POSITIVE_INFINITY;
  #isPaused = false;
  /** Something changed since the last snapshot. */
  #isDirty = false;

  constructor(options: PacedStoreOptions<T>) {
    const { read, clock = realClock } = options;
    this.#readNewest = read;
    this.#intervalMs = options.intervalMs ?? pacedIntervalMs;
    this.#floodIntervalMs = options.floodIntervalMs ?? floodIntervalMs;
    this.#clock = clock;
    this.#snapshot = read();
  }

  get subscribe(): (listener: () => void) => () => void {
    return this.#listeners.subscribe;
  }

  /** The value to draw. It stays the same until the next emission. */
  readonly read = (): T => this.#snapshot;

  /** Reports a change. Emits now, or as soon as the last emission is an interval ago. */
  readonly notify = (): void => {
    this.#changes += 1;
    const intervalMs = this.#isFlood ? this.#floodIntervalMs : this.#intervalMs;
    this.#emitWithin(this.#emittedMs + intervalMs - this.#clock.nowMs());
  };

  /** Reports a change that may wait up to `lazyDelayMs`. */
  readonly notifyLazily = (): void => this.#emitWithin(lazyDelayMs);

  /** Emits pending changes together with a frame that a key causes, unless the last emission is too recent. */
  readonly emitWithFrame = (): void => {
    if (this.#isPaused || !this.#isDirty) return;
    if (this.#clock.nowMs() - this.#emittedMs >= this.#intervalMs) this.#emit();
  };

  #emitWithin(waitMs: number): void {
    this.#isDirty = true;
    const dueMs = this.#clock.nowMs() + waitMs;
    if (this.#isPaused || this.#dueMs <= dueMs) return;
    this.#disarm();
    if (waitMs <= 0) return this.#emit();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.after(waitMs, () => this.#emit());
  }

  /** Reports a change that answers a key, and emits it now, whatever the pace. While paused, it waits. */
  readonly notifyNow = (): void => {
    this.#isDirty = true;
    if (!this.#isPaused) this.#emit();
  };

  /** Stops emissions until `resume`, while the terminal takes no output. */
  pause(): void {
    this.#isPaused = true;
    this.#disarm();
  }

  /** Emits the newest value if there was a change during the pause. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#isDirty) this.notify();
  }

  #emit(): void {
    this.#disarm();
    this.#isDirty = false;
    this.#isFlood = this.#changes >= floodChanges;
    this.#changes = 0;
    this.#emittedMs = this.#clock.nowMs();
    this.#snapshot = this.#readNewest();
    this.#listeners.emit();
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#dueMs = Number.POSITIVE_INFINITY;
  }
}

/** A store that emits every change at once, for the line being typed and the screen's own state. */
export class ImmediateStore<T> {
  readonly #listeners = new Listeners();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get subscribe(): (listener: () => void) => () => void {
    return this.#listeners.subscribe;
  }

  readonly read = (): T => this.#value;

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.#listeners.emit();
  }
}
