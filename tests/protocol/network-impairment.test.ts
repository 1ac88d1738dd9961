import { describe, expect, test } from "bun:test";
import { impairmentDelayMaxMs, reorderDelayMs } from "../../src/protocol/limits.ts";
import {
  FateSequence,
  parseImpairment,
  type SeededImpairment,
} from "../../src/protocol/sockets/network-impairment.ts";
import { sentence } from "../../src/words/sentences/sentence.ts";
import { english } from "../support/words.ts";

const nothing = { lossPercent: 0, duplicatePercent: 0, reorderPercent: 0, delayMs: 0, seed: undefined };

describe("the settings", () => {
  test("are parsed in any order, with commas or spaces, and with or without units", () => {
    const whole = { lossPercent: 20, duplicatePercent: 5, reorderPercent: 10, delayMs: 50, seed: 7 };
    expect(parseImpairment("loss=20% dup=5% reorder=10% delay=50ms seed=7")).toEqual(whole);
    expect(parseImpairment(" SEED=7,delay=0.05s, reorder=10 ,dup=5 LOSS=20% ")).toEqual(whole);
    expect(parseImpairment("loss=0.5%")).toEqual({ ...nothing, lossPercent: 0.5 });
    expect(parseImpairment("Off")).toBeUndefined();
  });

  test("have bounds, and a value beyond them is refused with the allowed ones", () => {
    expect(parseImpairment("loss=100% seed=4294967295")).toMatchObject({
      lossPercent: 100,
      seed: 4294967295,
    });
    expect(parseImpairment(`delay=${impairmentDelayMaxMs}ms`)).toMatchObject({
      delayMs: impairmentDelayMaxMs,
    });
    const wrong: readonly (readonly [string, string])[] = [
      ["", "which trouble? Give loss=20%"],
      ["loss", '"loss" is not a kind of trouble: give loss=20%'],
      ["off loss=1%", '"off" is not a kind of trouble'],
      ["loss=100.1%", '"loss=100.1%" is not allowed: loss is from 0% to 100%'],
      ["dup=-1%", "dup is from 0% to 100%"],
      ["reorder=ten", "reorder is from 0% to 100%"],
      [`delay=${impairmentDelayMaxMs + 1}ms`, `delay is from 0ms to ${impairmentDelayMaxMs}ms`],
      ["delay=10.1s", "delay is from 0ms"],
      ["loss=1% seed=4294967296", "seed is a whole number up to 4294967295"],
      ["loss=1% loss=2%", "loss is given twice"],
      ["loss=0% seed=3", "that makes no trouble"],
      ["\u001b[31m=1", "not a kind of trouble"],
    ];
    for (const [text, message] of wrong) {
      const read = parseImpairment(text);
      const problem = read !== undefined && "problem" in read ? read.problem : undefined;
      expect(problem && english.word(sentence("trouble-problem", { problem }))).toContain(message);
    }
  });
});

describe("fates", () => {
  const trouble: SeededImpairment = {
    lossPercent: 20,
    duplicatePercent: 5,
    reorderPercent: 10,
    delayMs: 50,
    seed: 7,
  };
  const draw = (wanted: SeededImpairment, way: "in" | "out", count: number) => {
    const dice = new FateSequence(wanted, way);
    return Array.from({ length: count }, () => dice.next());
  };

  test("the same seed and direction give the same fates; another seed or direction gives others", () => {
    const one = draw(trouble, "out", 200);
    expect(draw(trouble, "out", 200)).toEqual(one);
    expect(draw(trouble, "in", 200)).not.toEqual(one);
    expect(draw({ ...trouble, seed: 8 }, "out", 200)).not.toEqual(one);
  });

  test("the first fates of a seed are fixed, so that a noted seed can be replayed", () => {
    expect(
      draw(trouble, "out", 16)
        .map(({ copies, delayMs }) => `${copies}×${delayMs}`)
        .join(" "),
    ).toBe("0×0 1×50 1×150 1×50 1×50 1×50 1×50 1×50 0×0 1×50 0×0 0×0 1×50 0×0 1×50 1×50");
  });

  test("occur as often as requested, whatever the seed", () => {
    const count = 20_000;
    for (const seed of [0, 1, 2, 4_294_967_295]) {
      const fates = draw({ ...trouble, seed }, "in", count);
      const lost = fates.filter(({ copies }) => copies === 0).length / count;
      const arrived = fates.filter(({ copies }) => copies > 0);
      const twice = arrived.filter(({ copies }) => copies === 2).length / arrived.length;
      const reordered = arrived.filter((fate) => fate.isReordered).length / arrived.length;
      expect(Math.abs(lost - 0.2)).toBeLessThan(0.02);
      expect(Math.abs(twice - 0.05)).toBeLessThan(0.01);
      expect(Math.abs(reordered - 0.1)).toBeLessThan(0.02);
    }
  });

  test("a higher percentage of one impairment leaves the others unchanged", () => {
    const withLoss = draw(trouble, "out", 500);
    const without = draw({ ...trouble, lossPercent: 0 }, "out", 500);
    for (const [index, fate] of withLoss.entries()) if (fate.copies > 0) expect(without[index]).toEqual(fate);
  });

  test("a reordered datagram is delayed longer, and 100 % and 0 % lose all and none", () => {
    for (const { isReordered, delayMs } of draw({ ...trouble, lossPercent: 0 }, "out", 500))
      expect(delayMs).toBe(isReordered ? 50 + reorderDelayMs : 50);
    expect(draw({ ...trouble, lossPercent: 100 }, "out", 500).every(({ copies }) => copies === 0)).toBe(true);
    expect(draw({ ...trouble, lossPercent: 0 }, "out", 500).every(({ copies }) => copies > 0)).toBe(true);
  });
});
