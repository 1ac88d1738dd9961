/**
 * Network impairment: its settings, and the fate of each datagram. Seeded, so that the same seed makes the same
 * impairment again. Pure: no socket and no clock.
 */

import { impairmentDelayMaxMs, reorderDelayMs, impairmentSeedMax } from "../limits.ts";
import { type UsageError, makeUsageError } from "../address/target.ts";
import type { ImpairmentProblem, ImpairmentSetting } from "./impairment-problem.ts";

/** The settings. Percentages are of datagrams, separately for each direction. */
export interface Impairment {
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  readonly reorderPercent: number;
  readonly delayMs: number;
  /** 32 bits; undefined: not chosen yet. */
  readonly seed: number | undefined;
}

/** Settings in use: the seed is chosen. */
export type SeededImpairment = Impairment & { readonly seed: number };

/**
 * Datagrams impaired so far, in both directions. One can count several times, but a dropped one counts only as
 * dropped.
 */
export interface ImpairmentCounts {
  readonly dropped: number;
  readonly duplicated: number;
  readonly delayed: number;
  readonly reordered: number;
}

export const noImpairmentYet: ImpairmentCounts = { dropped: 0, duplicated: 0, delayed: 0, reordered: 0 };

/** The fate of one datagram. */
export interface DatagramFate {
  /** 0: dropped; 2: duplicated. */
  readonly copies: 0 | 1 | 2;
  readonly delayMs: number;
  /** True if the delay lets later datagrams overtake it. */
  readonly isReordered: boolean;
}

const settingNames: readonly ImpairmentSetting[] = ["loss", "dup", "reorder", "delay", "seed"];

/** `loss=20% dup=5% reorder=10% delay=50ms seed=7` in any order, with commas too; undefined for `off`. */
export function parseImpairment(text: string): Impairment | undefined | UsageError<ImpairmentProblem> {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  if (words.length === 1 && words[0]?.toLowerCase() === "off") return undefined;
  if (words.length === 0) return makeUsageError({ is: "missing" });
  const found = new Map<ImpairmentSetting, number>();
  for (const word of words) {
    const wrong = readSetting(word, found);
    if (wrong !== undefined) return wrong;
  }
  if (!["loss", "dup", "reorder", "delay"].some((name) => (found.get(name as ImpairmentSetting) ?? 0) > 0))
    return makeUsageError({ is: "none-made" });
  return {
    lossPercent: found.get("loss") ?? 0,
    duplicatePercent: found.get("dup") ?? 0,
    reorderPercent: found.get("reorder") ?? 0,
    delayMs: found.get("delay") ?? 0,
    seed: found.get("seed"),
  };
}

function readSetting(
  word: string,
  found: Map<ImpairmentSetting, number>,
): UsageError<ImpairmentProblem> | undefined {
  const [, key = "", value = ""] = /^([a-z]+)=(.*)$/i.exec(word) ?? [];
  const setting = settingNames.find((name) => name === key.toLowerCase());
  if (setting === undefined) return makeUsageError({ is: "unknown", word });
  if (found.has(setting)) return makeUsageError({ is: "twice", setting });
  const read = parseValue(setting, value);
  if (read === undefined) return makeUsageError({ is: "wrong-value", word, setting });
  found.set(setting, read);
  return undefined;
}

function parseValue(setting: ImpairmentSetting, value: string): number | undefined {
  switch (setting) {
    case "loss":
    case "dup":
    case "reorder":
      return parseNumber(/^(\d+(?:\.\d+)?)%?$/, value, 100);
    case "delay":
      return parseDelay(value);
    case "seed":
      return parseNumber(/^(\d+)$/, value, impairmentSeedMax);
  }
}

function parseDelay(value: string): number | undefined {
  const seconds = parseNumber(/^(\d+(?:\.\d+)?)s$/i, value, impairmentDelayMaxMs / 1000);
  if (seconds !== undefined) return Math.round(seconds * 1000);
  return parseNumber(/^(\d+(?:\.\d+)?)(?:ms)?$/i, value, impairmentDelayMaxMs);
}

function parseNumber(pattern: RegExp, text: string, max: number): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined || Number(found) > max ? undefined : Number(found);
}

/**
 * The fates of one direction's datagrams. They depend on the seed and the direction alone, not on the other
 * direction's traffic.
 */
export class FateSequence {
  readonly #settings: SeededImpairment;
  #state: number;

  constructor(settings: SeededImpairment, way: "in" | "out") {
    this.#settings = settings;
    // Neighbouring seeds, and the two directions of one seed, must not begin alike.
    this.#state = Math.imul(settings.seed ^ (way === "in" ? 0x9e37_79b9 : 0), 0x85eb_ca6b) >>> 0;
  }

  /**
   * The fate of the next datagram. Always draws three numbers, so that changing one percentage leaves the other draws
   * unchanged.
   */
  next(): DatagramFate {
    const { lossPercent, duplicatePercent, reorderPercent, delayMs } = this.#settings;
    const isLost = this.#drawPercent() < lossPercent;
    const isTwice = this.#drawPercent() < duplicatePercent;
    const isReordered = this.#drawPercent() < reorderPercent;
    if (isLost) return { copies: 0, delayMs: 0, isReordered: false };
    return { copies: isTwice ? 2 : 1, delayMs: delayMs + (isReordered ? reorderDelayMs : 0), isReordered };
  }

  /** At least 0 and below 100 (mulberry32). */
  #drawPercent(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * 100;
  }
}
