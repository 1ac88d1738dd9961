/**
 * Network impairment: its settings, and the fate of each datagram. Seeded, so that the same seed makes the same
 * impairment again. Pure: no socket and no clock.
 */

import { troubleDelayMaxMs, troubleReorderHoldMs, troubleSeedMax } from "../limits.ts";
import { type UsageError, usageError } from "../address/target.ts";
import type { TroubleProblem, TroubleSetting } from "./impairment-problem.ts";

/** The settings. Percentages are of datagrams, separately for each direction. */
export interface Trouble {
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  readonly reorderPercent: number;
  readonly delayMs: number;
  /** 32 bits; undefined: not chosen yet. */
  readonly seed: number | undefined;
}

/** Settings in use: the seed is chosen. */
export type SeededTrouble = Trouble & { readonly seed: number };

/**
 * Datagrams impaired so far, in both directions. One can count several times, but a dropped one counts only as
 * dropped.
 */
export interface TroubleCounts {
  readonly dropped: number;
  readonly duplicated: number;
  readonly delayed: number;
  readonly reordered: number;
}

export const noTroubleYet: TroubleCounts = { dropped: 0, duplicated: 0, delayed: 0, reordered: 0 };

/** The fate of one datagram. */
export interface Fate {
  /** 0: dropped; 2: duplicated. */
  readonly copies: 0 | 1 | 2;
  readonly delayMs: number;
  /** True if the delay lets later datagrams overtake it. */
  readonly reordered: boolean;
}

const settings: readonly TroubleSetting[] = ["loss", "dup", "reorder", "delay", "seed"];

/** `loss=20% dup=5% reorder=10% delay=50ms seed=7` in any order, with commas too; undefined for `off`. */
export function parseTrouble(text: string): Trouble | undefined | UsageError<TroubleProblem> {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  if (words.length === 1 && words[0]?.toLowerCase() === "off") return undefined;
  if (words.length === 0) return usageError({ is: "missing" });
  const found = new Map<TroubleSetting, number>();
  for (const word of words) {
    const wrong = readSetting(word, found);
    if (wrong !== undefined) return wrong;
  }
  if (!["loss", "dup", "reorder", "delay"].some((name) => (found.get(name as TroubleSetting) ?? 0) > 0))
    return usageError({ is: "none-made" });
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
  found: Map<TroubleSetting, number>,
): UsageError<TroubleProblem> | undefined {
  const [, key = "", value = ""] = /^([a-z]+)=(.*)$/i.exec(word) ?? [];
  const setting = settings.find((name) => name === key.toLowerCase());
  if (setting === undefined) return usageError({ is: "unknown", word });
  if (found.has(setting)) return usageError({ is: "twice", setting });
  const read = valueOf(setting, value);
  if (read === undefined) return usageError({ is: "wrong-value", word, setting });
  found.set(setting, read);
  return undefined;
}

function valueOf(setting: TroubleSetting, value: string): number | undefined {
  switch (setting) {
    case "loss":
    case "dup":
    case "reorder":
      return numberOf(/^(\d+(?:\.\d+)?)%?$/, value, 100);
    case "delay":
      return delayOf(value);
    case "seed":
      return numberOf(/^(\d+)$/, value, troubleSeedMax);
  }
}

function delayOf(value: string): number | undefined {
  const seconds = numberOf(/^(\d+(?:\.\d+)?)s$/i, value, troubleDelayMaxMs / 1000);
  if (seconds !== undefined) return Math.round(seconds * 1000);
  return numberOf(/^(\d+(?:\.\d+)?)(?:ms)?$/i, value, troubleDelayMaxMs);
}

function numberOf(pattern: RegExp, text: string, max: number): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined || Number(found) > max ? undefined : Number(found);
}

/** One way's fates, one after the other: the seed and the way alone decide them, never the other way's traffic. */
export class FateDice {
  readonly #trouble: SeededTrouble;
  #state: number;

  constructor(trouble: SeededTrouble, way: "in" | "out") {
    this.#trouble = trouble;
    // Neighbouring seeds, and the two directions of one seed, must not begin alike.
    this.#state = Math.imul(trouble.seed ^ (way === "in" ? 0x9e37_79b9 : 0), 0x85eb_ca6b) >>> 0;
  }

  /**
   * The fate of the next datagram. Always draws three numbers, so that changing one percentage leaves the other draws
   * unchanged.
   */
  next(): Fate {
    const { lossPercent, duplicatePercent, reorderPercent, delayMs } = this.#trouble;
    const isLost = this.#drawPercent() < lossPercent;
    const isTwice = this.#drawPercent() < duplicatePercent;
    const reordered = this.#drawPercent() < reorderPercent;
    if (isLost) return { copies: 0, delayMs: 0, reordered: false };
    return { copies: isTwice ? 2 : 1, delayMs: delayMs + (reordered ? troubleReorderHoldMs : 0), reordered };
  }

  /** At least 0 and below 100 (mulberry32). */
  #drawPercent(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * 100;
  }
}
