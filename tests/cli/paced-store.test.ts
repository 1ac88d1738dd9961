/** The pace of drawing, on a clock of the test's own. */

import { expect, test } from "bun:test";
import { ImmediateStore, PacedStore, type PaceClock } from "../../src/cli/terminal/paced-store.ts";

class FakeClock implements PaceClock {
  #nowMs = 1000;
  #due: { readonly atMs: number; readonly call: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const entry = { atMs: this.#nowMs + delayMs, call };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  }

  /** Timers that are armed. */
  get armed(): number {
    return this.#due.length;
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#due.toSorted((one, other) => one.atMs - other.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#due = this.#due.filter((entry) => entry !== next);
      this.#nowMs = next.atMs;
      next.call();
    }
    this.#nowMs = untilMs;
  }
}

/** A store over a counter, and its emitted values with their times. */
function startStore() {
  const clock = new FakeClock();
  const source = { value: 0 };
  const store = new PacedStore({ read: () => source.value, clock, intervalMs: 40, floodIntervalMs: 100 });
  const emitted: (readonly [atMs: number, value: number])[] = [];
  store.subscribe(() => emitted.push([clock.nowMs() - 1000, store.read()]));
  const change = (): void => {
    source.value += 1;
    store.notify();
  };
  return { clock, store, emitted, change, source };
}

test("a change after a quiet interval is emitted at once", () => {
  const { emitted, change, clock } = startStore();
  change();
  clock.advance(40);
  change();
  expect(emitted).toEqual([
    [0, 1],
    [40, 2],
  ]);
});

test("frequent changes are emitted one interval apart", () => {
  const { emitted, change, clock } = startStore();
  for (let count = 0; count < 12; count++) {
    change();
    clock.advance(10);
  }
  clock.advance(1000);
  expect(emitted.map(([atMs]) => atMs)).toEqual([0, 40, 80, 120]);
});

test("under a flood changes are emitted at the longer interval, and the last one is never lost", () => {
  const { emitted, change, clock } = startStore();
  for (let count = 0; count < 100; count++) {
    change();
    clock.advance(1);
  }
  clock.advance(1000);
  expect(emitted.map(([atMs]) => atMs)).toEqual([0, 40, 140]);
  expect(emitted.at(-1)).toEqual([140, 100]);
  change();
  change();
  clock.advance(1000);
  change();
  clock.advance(5);
  change();
  clock.advance(1000);
  const sinceMs = emitted.slice(3).map(([atMs]) => atMs - 1100);
  expect(sinceMs).toEqual([0, 40, 1000, 1040]);
});

test("no timer is armed while nothing changes", () => {
  const { change, clock } = startStore();
  expect(clock.armed).toBe(0);
  change();
  expect(clock.armed).toBe(0);
  change();
  expect(clock.armed).toBe(1);
  clock.advance(1000);
  expect(clock.armed).toBe(0);
});

test("the snapshot stays the same between emissions", () => {
  const { store, change } = startStore();
  change();
  change();
  expect(store.read()).toBe(1);
});

test("the answer to a key is emitted at once", () => {
  const { store, emitted, change, clock, source } = startStore();
  change();
  clock.advance(5);
  source.value += 1;
  store.notifyNow();
  expect(emitted).toEqual([
    [0, 1],
    [5, 2],
  ]);
  change();
  clock.advance(1000);
  expect(emitted.at(-1)).toEqual([45, 3]);
});

test("a paused store emits nothing, and the newest value when it is resumed", () => {
  const { store, emitted, change, clock } = startStore();
  change();
  change();
  store.pause();
  expect(clock.armed).toBe(0);
  clock.advance(500);
  change();
  store.notifyNow();
  expect(emitted).toHaveLength(1);
  store.resume();
  expect(emitted.at(-1)).toEqual([500, 3]);
});

test("a store resumed without a change emits nothing", () => {
  const { store, emitted, change } = startStore();
  change();
  store.pause();
  store.resume();
  store.resume();
  expect(emitted).toHaveLength(1);
});

test("repeated pauses keep the pace", () => {
  const { store, emitted, change, clock } = startStore();
  for (let count = 0; count < 100; count++) {
    change();
    store.pause();
    clock.advance(1);
    store.resume();
  }
  expect(emitted.map(([atMs]) => atMs)).toEqual([0, 40]);
  clock.advance(100);
  expect(emitted.map(([atMs]) => atMs)).toEqual([0, 40, 140]);
});

test("a change made by a listener is not lost", () => {
  const { store, source, clock } = startStore();
  store.subscribe(() => {
    if (source.value < 3) {
      source.value += 1;
      store.notify();
    }
  });
  source.value = 1;
  store.notify();
  clock.advance(1000);
  expect(store.read()).toBe(3);
});

test("an unsubscribed listener is not called", () => {
  const { store, source } = startStore();
  let calls = 0;
  const leave = store.subscribe(() => (calls += 1));
  leave();
  source.value = 1;
  store.notify();
  expect(calls).toBe(0);
});

test("an immediate store emits each change at once, and an equal value not at all", () => {
  const store = new ImmediateStore("a");
  const emitted: string[] = [];
  store.subscribe(() => emitted.push(store.read()));
  for (const value of ["a", "ab", "ab", "abc"]) store.set(value);
  expect(emitted).toEqual(["ab", "abc"]);
});

test("a deferred change is emitted once, after a second or with the next change", () => {
  const { emitted, change, clock, store, source } = startStore();
  source.value = 1;
  store.notifyLazily();
  clock.advance(500);
  source.value = 2;
  store.notifyLazily();
  expect(emitted).toEqual([]);
  clock.advance(500);
  expect(emitted).toEqual([[1000, 2]]);
  source.value = 3;
  store.notifyLazily();
  clock.advance(100);
  change();
  expect(emitted).toEqual([
    [1000, 2],
    [1100, 4],
  ]);
  clock.advance(5000);
  expect(emitted).toHaveLength(2);
  expect(clock.armed).toBe(0);
});

test("a pending change is emitted along with a key, unless one was emitted just now", () => {
  const { emitted, change, clock, store } = startStore();
  for (let count = 0; count < 100; count++) {
    change();
    clock.advance(1);
  }
  expect(emitted.map(([atMs]) => atMs)).toEqual([0, 40]);
  store.emitWithFrame();
  expect(emitted.at(-1)).toEqual([100, 100]);
  store.emitWithFrame();
  change();
  store.emitWithFrame();
  expect(emitted).toHaveLength(3);
  store.pause();
  clock.advance(1000);
  store.emitWithFrame();
  expect(emitted).toHaveLength(3);
});
