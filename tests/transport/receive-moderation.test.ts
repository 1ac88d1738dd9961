/** The thread sleeps while the kernel queues datagrams: under a flood, and only then. */

import { describe, expect, spyOn, test } from "bun:test";
import { floodSleepMs } from "../../src/protocol/limits.ts";
import { ReceiveBudget } from "../../src/transport/udp/receive-budget.ts";
import { ReceiveModeration } from "../../src/transport/udp/receive-moderation.ts";
import { until } from "../support/wait.ts";

/** The sleeps after turns with `count` datagrams each, one turn every `everyMs`, from `fromMs` on, for `lastMs`. */
function listSleeps(
  moderation: ReceiveModeration,
  turns: {
    readonly count: number;
    readonly everyMs: number;
    readonly fromMs?: number;
    readonly lastMs: number;
  },
): readonly number[] {
  const { count, everyMs, fromMs = 0, lastMs } = turns;
  return Array.from({ length: Math.floor(lastMs / everyMs) }, (_, turn) =>
    moderation.chooseSleepMs(count, fromMs + turn * everyMs),
  );
}

describe("receive moderation", () => {
  test("does not sleep for ordinary chat or 5,000 datagrams a second", () => {
    const moderation = new ReceiveModeration();
    expect(new Set(listSleeps(moderation, { count: 1, everyMs: 200, lastMs: 10_000 }))).toEqual(new Set([0]));
    const lively = listSleeps(moderation, { count: 1, everyMs: 0.2, fromMs: 20_000, lastMs: 1000 });
    expect(new Set(lively)).toEqual(new Set([0]));
  });

  test("sleeps from the second window of a flood on", () => {
    const moderation = new ReceiveModeration();
    const sleepsAfter = listSleeps(moderation, { count: 3, everyMs: 0.03, lastMs: 1000 });
    expect(sleepsAfter[0]).toBe(0);
    expect(sleepsAfter.at(-1)).toBe(floodSleepMs);
    expect(sleepsAfter.indexOf(floodSleepMs) * 0.03).toBeLessThan(50);
    expect(sleepsAfter.slice(sleepsAfter.indexOf(floodSleepMs)).every((ms) => ms === floodSleepMs)).toBe(
      true,
    );
  });

  test("keeps sleeping when each turn receives a batch", () => {
    const moderation = new ReceiveModeration();
    listSleeps(moderation, { count: 3, everyMs: 0.03, lastMs: 100 });
    const batches = listSleeps(moderation, { count: 250, everyMs: 2.5, fromMs: 100, lastMs: 1000 });
    expect(new Set(batches)).toEqual(new Set([floodSleepMs]));
  });

  test("does not sleep for a sender with an answer to at least each 64th datagram", () => {
    const sleepsAfter = (answered: number): ReadonlySet<number> => {
      const moderation = new ReceiveModeration();
      const turns = Array.from({ length: 10_000 }, (_, turn) => {
        if (turn % answered === 0) moderation.noteSent();
        return moderation.chooseSleepMs(1, turn * 0.03);
      });
      return new Set(turns);
    };
    expect(sleepsAfter(60)).toEqual(new Set([0]));
    expect(sleepsAfter(80)).toEqual(new Set([0, floodSleepMs]));
  });

  test("one burst is no flood, and sleeping ends with the flood", () => {
    const moderation = new ReceiveModeration();
    expect(moderation.chooseSleepMs(50_000, 0)).toBe(0);
    expect(moderation.chooseSleepMs(1, 5000)).toBe(0);
    listSleeps(moderation, { count: 3, everyMs: 0.03, fromMs: 6000, lastMs: 100 });
    expect(moderation.chooseSleepMs(1, 6500)).toBe(0);
  });
});

describe("a socket's turns", () => {
  /** Receives `datagrams` in each turn until the thread has slept or the time is over. */
  async function sleeps(datagrams: number, sent: number, overMs: number): Promise<boolean> {
    using sleep = spyOn(Bun, "sleepSync").mockImplementation(() => {});
    sleep.mockClear();
    const budget = new ReceiveBudget(() => {});
    const untilMs = performance.now() + overMs;
    await until(() => {
      for (let count = 0; count < datagrams; count += 1) budget.shouldDrop(performance.now());
      for (let count = 0; count < sent; count += 1) budget.noteSent();
      return sleep.mock.calls.length > 0 || performance.now() > untilMs;
    }, "a sleep, or the end of the time");
    // Lets the last turn end in this test, not in the next.
    await new Promise((resolve) => setImmediate(resolve));
    return sleep.mock.calls.length > 0;
  }

  test("end with a sleep under a flood, but not if every datagram is answered", async () => {
    expect(await sleeps(1000, 0, 5000)).toBe(true);
    expect(await sleeps(1000, 1000, 200)).toBe(false);
    expect(await sleeps(1, 0, 200)).toBe(false);
  });
});
