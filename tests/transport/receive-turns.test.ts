/** The shares of sources in the turns of the event loop: their order, their budgets, and the time of a turn. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { longSourcesRead, receivedWorkMax, receiveTurnMs } from "../../src/protocol/limits.ts";
import { ReceiveShare } from "../../src/transport/queue/receive-turns.ts";
import { TurnWorld } from "../support/turn-world.ts";

/** What one chunk costs. */
interface Cost {
  readonly work: number;
  readonly ms: number;
}

const free: Cost = { work: 1, ms: 0 };

/** A source whose chunks are reported to a log by its name. */
class Source {
  readonly share: ReceiveShare;
  chunks = 0;

  constructor(world: TurnWorld, name: string, log: string[], { work, ms }: Cost = free) {
    this.share = new ReceiveShare(world.turns, () => {
      log.push(name);
      world.nowMs += ms;
      this.share.spend(work);
      this.chunks -= 1;
      return this.chunks > 0;
    });
  }

  receive(chunks: number): this {
    this.chunks += chunks;
    this.share.wait();
    return this;
  }
}

/** Sources `a`, `b`, `c`, … and a function that ends a turn and returns what the next one reported. */
function open(count: number, cost: Cost = free) {
  const world = new TurnWorld();
  const log: string[] = [];
  const sources = Array.from(
    { length: count },
    (_, index) => new Source(world, String.fromCharCode(97 + index), log, cost),
  );
  const endTurn = (): string => {
    world.endTurn();
    return log.splice(0).join("");
  };
  return { world, log, sources, endTurn };
}

/** The third chunk ends a turn. */
const third: Cost = { work: 1, ms: receiveTurnMs / 2.5 };

describe("sources that wait", () => {
  test("take turns, one chunk each", () => {
    const { sources, endTurn } = open(3);
    for (const source of sources) source.receive(3);
    expect(endTurn()).toBe("abcabcabc");
  });

  test("go on in the next turn where this one ended", () => {
    const { sources, endTurn } = open(4, third);
    for (const source of sources) source.receive(5);
    expect([endTurn(), endTurn(), endTurn()]).toEqual(["abc", "dab", "cda"]);
  });

  test("are overtaken once by a source that begins to wait", () => {
    const { sources, endTurn } = open(4, third);
    const [line, ...floods] = sources;
    for (const flood of floods) flood.receive(9);
    expect(endTurn()).toBe("bcd");
    line!.receive(2);
    expect([endTurn(), endTurn()]).toEqual(["abc", "dab"]);
  });

  test("go on, however many others begin to wait in each turn", () => {
    const { world, log, sources, endTurn } = open(1, third);
    sources[0]!.receive(9);
    endTurn();
    for (let turn = 0; turn < 5; turn += 1) {
      for (let count = 0; count < 10; count += 1) new Source(world, "x", log, third).receive(1);
      expect(endTurn()).toContain("a");
    }
  });

  test("are served alike, whatever their chunks cost", () => {
    const costs = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 50 }), (each, turns) => {
        const world = new TurnWorld();
        const log: string[] = [];
        for (const [index, ms] of each.entries())
          new Source(world, String(index), log, { work: 1, ms }).receive(1000);
        // Before that, those that have begun go on beside those that have not.
        while (new Set(log).size < each.length) world.endTurn();
        log.length = 0;
        for (let turn = 0; turn < turns; turn += 1) world.endTurn();
        const counts = each.map((_, index) => log.filter((name) => name === String(index)).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("the budget of a source", () => {
  test("is used up by the chunk that reaches it, and is new in the next turn", () => {
    const { sources, endTurn } = open(2, { work: receivedWorkMax / 2, ms: 0 });
    sources[0]!.receive(5);
    sources[1]!.receive(3);
    expect([endTurn(), endTurn(), endTurn()]).toEqual(["abab", "aba", "a"]);
  });

  test("lets a chunk begin one byte before it is used up", () => {
    const { sources, endTurn } = open(1, { work: receivedWorkMax - 1, ms: 0 });
    sources[0]!.receive(3);
    expect([endTurn(), endTurn()]).toEqual(["aa", "a"]);
  });

  test("counts what was reported as it arrived", () => {
    const { sources } = open(1);
    const { share } = sources[0]!;
    share.spend(receivedWorkMax - 1);
    expect(share.mayReportNow).toBe(true);
    share.spend(1);
    expect(share.mayReportNow).toBe(false);
  });
});

describe("what arrives", () => {
  test("is reported at once in the time of a turn, and waits after it", () => {
    const { world, sources, endTurn } = open(1);
    const { share } = sources[0]!;
    expect(share.mayReportNow).toBe(true);
    world.nowMs += receiveTurnMs - 0.1;
    expect(share.mayReportNow).toBe(true);
    world.nowMs += 0.1;
    expect(share.mayReportNow).toBe(false);
    endTurn();
    expect(share.mayReportNow).toBe(true);
  });

  test("waits behind a source that waits", () => {
    const { sources } = open(2);
    sources[0]!.receive(1);
    expect(sources[1]!.share.mayReportNow).toBe(false);
    sources[0]!.share.leave();
    expect(sources[1]!.share.mayReportNow).toBe(true);
  });
});

test("other work of the loop has its turn between any two turns of waiting sources", () => {
  const { world, log, sources } = open(1, { work: 1, ms: receiveTurnMs });
  sources[0]!.receive(3);
  while (world.endTurn()) log.push("keys and timers");
  expect(log.slice(0, 5)).toEqual(["a", "keys and timers", "a", "keys and timers", "a"]);
});

describe("sources of long recvs", () => {
  /** Sources that are to be read again, and how many of them the turns have resumed. */
  function openLong(count: number) {
    const world = new TurnWorld();
    const resumed: number[] = [];
    const reportSlowly = (): boolean => {
      world.nowMs += receiveTurnMs;
      return true;
    };
    const shares = Array.from(
      { length: count },
      (_, index) => new ReceiveShare(world.turns, reportSlowly, () => void resumed.push(index)),
    );
    for (const share of shares) share.resumeInTurn();
    return { world, resumed, shares };
  }

  test(`are read ${longSourcesRead} at a time, in order, and all of them in the end`, () => {
    const { world, resumed } = openLong(3 * longSourcesRead);
    for (let turn = 1; turn <= 3; turn += 1) {
      expect(resumed).toEqual(Array.from({ length: turn * longSourcesRead }, (_, index) => index));
      world.endTurn();
    }
  });

  test("are read one a turn while as many wait", () => {
    const { world, resumed, shares } = openLong(4 * longSourcesRead);
    for (const share of shares.slice(0, longSourcesRead)) share.wait();
    world.nowMs += receiveTurnMs;
    for (let turn = 1; turn <= 3; turn += 1) {
      world.endTurn();
      expect(resumed).toHaveLength(longSourcesRead + turn);
    }
  });

  test("are not resumed once they have ended", () => {
    const { world, resumed, shares } = openLong(longSourcesRead + 1);
    shares.at(-1)!.leave();
    while (world.endTurn());
    expect(resumed).not.toContain(longSourcesRead);
  });
});
