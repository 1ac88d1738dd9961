/**
 * When the screen is drawn. A change shows at once while it is quiet and at a steady pace under flood, never
 * while the terminal cannot take it. It knows nothing of what is shown, and arms no timer while nothing changes.
 */

/** Between two draws while changes come now and then. */
const pacedIntervalMs = 80;
/** The same under flood: five a second are enough where nobody can read along, and keys are echoed between them. */
const floodIntervalMs = 200;
/** From so many changes between two draws on it is one. */
const floodChanges = 12;
/** What only moves counters waits so long for something else to be drawn with. */
const laterMs = 1000;

/** Time, so that tests may own it. */
export interface PaceClock {
  nowMs(): number;
  /** Calls `due` once after `delayMs`; the returned function cancels that. */
  after(delayMs: number, due: () => void): () => void;
}

/** The process's own. */
export const realClock: PaceClock = {
  nowMs: () => performance.now(),
  after: (delayMs, due) => {
    const timer = setTimeout(due, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Those who want to know of a change. */
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
  /** The newest value; asked once for each draw, so it may be costly to make. */
  readonly read: () => T;
  readonly intervalMs?: number;
  readonly floodIntervalMs?: number;
  readonly clock?: PaceClock;
}

/** A source of snapshots for useSyncExternalStore: `useSyncExternalStore(store.subscribe, store.read)`. */
export class PacedStore<T> {
  readonly #listeners = new Listeners();
  readonly #readNewest: () => T;
  readonly #intervalMs: number;
  readonly #floodIntervalMs: number;
  /** Since the last emission, and before it. */
  #changes = 0;
  #isFlood = false;
  readonly #clock: PaceClock;
  #snapshot: T;
  #emittedMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  /** When the emission that is armed is due. */
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

  /** What is to be drawn: the same value until the next emission. */
  readonly read = (): T => this.#snapshot;

  /** Something changed: emits now when the last emission is an interval ago, else once that is so. */
  readonly notify = (): void => {
    this.#changes += 1;
    const intervalMs = this.#isFlood ? this.#floodIntervalMs : this.#intervalMs;
    this.#emitWithin(this.#emittedMs + intervalMs - this.#clock.nowMs());
  };

  /** As `notify`, but it may wait up to `laterMs`. */
  readonly notifyLater = (): void => this.#emitWithin(laterMs);

  /** A frame is drawn anyway, for a key: what has changed goes with it, unless it has just been drawn. */
  readonly drawAlong = (): void => {
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

  /** As `notify`, but now, whatever the pace: for what answers a key. While paused it waits as well. */
  readonly notifyNow = (): void => {
    this.#isDirty = true;
    if (!this.#isPaused) this.#emit();
  };

  /** Emits nothing until `resume`: the terminal does not take what is drawn. */
  pause(): void {
    this.#isPaused = true;
    this.#disarm();
  }

  /** Emits the newest value, if anything changed meanwhile. */
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

/** A value whose every change is emitted at once: what a person is typing. */
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
