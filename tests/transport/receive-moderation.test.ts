/** When the kernel is left to gather datagrams: under a flood, and only then. */

import { describe, expect, spyOn, test } from "bun:test";
import { floodSleepMs } from "../../src/protocol/limits.ts";
import { ReceiveBudget } from "../../src/transport/udp/receive-budget.ts";
import { ReceiveModeration } from "../../src/transport/udp/receive-moderation.ts";
import { until } from "../support/wait.ts";

/** What it answers to turns that bring `count` datagrams each, one every `everyMs`, from `fromMs` on, for `lastMs`. */
function answers(
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
  test("leaves ordinary chat, and 5,000 datagrams a second, alone", () => {
    const moderation = new ReceiveModeration();
    expect(new Set(answers(moderation, { count: 1, everyMs: 200, lastMs: 10_000 }))).toEqual(new Set([0]));
    const lively = answers(moderation, { count: 1, everyMs: 0.2, fromMs: 20_000, lastMs: 1000 });
    expect(new Set(lively)).toEqual(new Set([0]));
  });

  test("lets them gather from the second window of a flood on", () => {
    const moderation = new ReceiveModeration();
    const told = answers(moderation, { count: 3, everyMs: 0.03, lastMs: 1000 });
    expect(told[0]).toBe(0);
    expect(told.at(-1)).toBe(floodSleepMs);
    expect(told.indexOf(floodSleepMs) * 0.03).toBeLessThan(50);
    expect(told.slice(told.indexOf(floodSleepMs)).every((ms) => ms === floodSleepMs)).toBe(true);
  });

  test("goes on gathering when each turn brings a batch", () => {
    const moderation = new ReceiveModeration();
    answers(moderation, { count: 3, everyMs: 0.03, lastMs: 100 });
    const batches = answers(moderation, { count: 250, everyMs: 2.5, fromMs: 100, lastMs: 1000 });
    expect(new Set(batches)).toEqual(new Set([floodSleepMs]));
  });

  test("does not keep waiting who is answered for each sixty-fourth datagram, as a sender of numbered frames is", () => {
    const told = (answered: number): ReadonlySet<number> => {
      const moderation = new ReceiveModeration();
      const turns = Array.from({ length: 10_000 }, (_, turn) => {
        if (turn % answered === 0) moderation.noteSent();
        return moderation.chooseSleepMs(1, turn * 0.03);
      });
      return new Set(turns);
    };
    expect(told(60)).toEqual(new Set([0]));
    expect(told(80)).toEqual(new Set([0, floodSleepMs]));
  });

  test("one burst is no flood, and a flood that is over is forgotten", () => {
    const moderation = new ReceiveModeration();
    expect(moderation.chooseSleepMs(50_000, 0)).toBe(0);
    expect(moderation.chooseSleepMs(1, 5000)).toBe(0);
    answers(moderation, { count: 3, everyMs: 0.03, fromMs: 6000, lastMs: 100 });
    expect(moderation.chooseSleepMs(1, 6500)).toBe(0);
  });
});

describe("a socket's turns", () => {
  /** Lets so many datagrams come in each turn until the thread has slept, or the time is over. */
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
    // The last turn ends here, and not in the next test.
    await new Promise((resolve) => setImmediate(resolve));
    return sleep.mock.calls.length > 0;
  }

  test("end with a moment for the kernel when it rains, and not when all that comes is answered", async () => {
    expect(await sleeps(1000, 0, 5000)).toBe(true);
    expect(await sleeps(1000, 1000, 200)).toBe(false);
    expect(await sleeps(1, 0, 200)).toBe(false);
  });
});
