/**
 * The receiving half of PROTOCOL.md, Delivery over UDP: gives what comes once and in order, holds what came too early,
 * names gaps, and says what to acknowledge. Sans-IO: times come in. It knows of a frame its number and its size.
 */

import type { Acknowledgement, FrameOrder, NumberRange } from "../frames/frame.ts";
import {
  ackDelayMs,
  ackEveryFrames,
  ackRangesMax,
  outOfOrderMaxBytes,
  deliveryNumbersMax,
  gapReportedMs,
  gapSkippedMs,
} from "../limits.ts";

interface Held<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly atMs: number;
}

/** What time has brought: a gap to name, of so many frames; or some passed over, and what stood behind each of them. */
export interface GapReport<Item> {
  readonly missing: number;
  readonly skipped: number;
  readonly runs: readonly (readonly Item[])[];
}

export class DeliveryReceiver<Item> {
  /** The next number to be given. */
  #next = 1;
  readonly #held = new Map<number, Held<Item>>();
  #heldBytes = 0;
  #highest = 0;
  #highestAtMs = 0;
  /** The try by which each of the last numbers came first; 0: it never did. */
  readonly #attempts = new Uint8Array(deliveryNumbersMax);
  /** Since when something waits behind the gap that is there now; and whether it was named. */
  #gapSinceMs: number | undefined;
  #gapNamed = false;
  #unacknowledged = 0;
  #ackDueMs: number | undefined;
  #ackedMs = Number.NEGATIVE_INFINITY;
  #received = 0;
  #duplicates = 0;
  #reordered = 0;
  #lost = 0;
  /** Something was refused since the last frame that was taken. */
  #isBusy = false;

  /** Frames that came, each counted once. */
  get received(): number {
    return this.#received;
  }

  /** Datagrams with a frame that had come before. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Datagrams that came after one that left later. */
  get reordered(): number {
    return this.#reordered;
  }

  /** Datagrams that left and never came, as the tries of those that did come tell, and frames that never came. */
  get lost(): number {
    return Math.max(0, this.#lost);
  }

  get outOfOrderBytes(): number {
    return this.#heldBytes;
  }

  /** The highest number of which all before it have come. */
  get upTo(): number {
    return this.#next - 1;
  }

  /** When `takeAck` or `timeReached` has something; undefined: never, as things are. */
  get dueMs(): number | undefined {
    if (this.#gapSinceMs === undefined) return this.#ackDueMs;
    const gapMs = this.#gapSinceMs + (this.#gapNamed ? gapSkippedMs : gapReportedMs);
    return this.#ackDueMs === undefined ? gapMs : Math.min(gapMs, this.#ackDueMs);
  }

  /** Takes a frame in: what may be given now, in order. Whatever is too far ahead or too much is as if it never came. */
  accept({ number, transmission }: FrameOrder, item: Item, bytes: number, nowMs: number): readonly Item[] {
    if (number < this.#next || this.#held.has(number)) {
      this.#countAgain(number, transmission);
      this.#acknowledgeAgain(nowMs);
      return [];
    }
    const isNext = number === this.#next;
    if (number >= this.#next + deliveryNumbersMax) return [];
    if (!isNext && this.#heldBytes + bytes > outOfOrderMaxBytes) return [];
    this.#countFirst(number, transmission, nowMs);
    if (!isNext || this.#held.size > 0) this.#ackDueMs = nowMs;
    else this.#acknowledgeSoon(nowMs);
    if (!isNext) {
      this.#hold(number, { item, bytes, atMs: nowMs });
      return [];
    }
    this.#next += 1;
    return [item, ...this.#release()];
  }

  /** There is no room for a frame now: its sender is told to try again later. What came is not lost. */
  refuse({ number }: FrameOrder, nowMs: number): void {
    this.#acknowledgeAgain(nowMs);
    if (number < this.#next || this.#held.has(number)) return;
    this.#isBusy = true;
    this.#lost -= 1;
  }

  /** There is room again: whoever was refused is told. */
  endRefusal(nowMs: number): void {
    if (!this.#isBusy) return;
    this.#isBusy = false;
    this.#ackDueMs = nowMs;
  }

  #countFirst(number: number, attempt: number, nowMs: number): void {
    this.#received += 1;
    this.#isBusy = false;
    this.#lost += attempt - 1;
    this.#forgetBefore(number);
    this.#attempts[number % deliveryNumbersMax] = attempt;
    if (number > this.#highest) {
      this.#highest = number;
      this.#highestAtMs = nowMs;
    } else if (attempt === 1) this.#reordered += 1;
  }

  /** Numbers that have not come yet take the places of those long gone. */
  #forgetBefore(number: number): void {
    const from = Math.max(this.#highest + 1, number - deliveryNumbersMax + 1);
    for (let other = from; other < number; other += 1) this.#attempts[other % deliveryNumbersMax] = 0;
  }

  /** An earlier try that comes after a later one was not lost, but late. */
  #countAgain(number: number, attempt: number): void {
    const place = number % deliveryNumbersMax;
    const first = number > this.#highest - deliveryNumbersMax ? (this.#attempts[place] ?? 0) : attempt;
    if (first !== 0 && attempt >= first) {
      this.#duplicates += 1;
      return;
    }
    this.#reordered += 1;
    this.#lost -= 1;
    this.#attempts[place] = first === 0 ? attempt : first - 1;
  }

  #hold(number: number, held: Held<Item>): void {
    this.#held.set(number, held);
    this.#heldBytes += held.bytes;
    this.#gapSinceMs ??= held.atMs;
  }

  /** What has been held and is next now. A gap that stays, or another one, is as old as what waits behind it. */
  #release(): readonly Item[] {
    const items: Item[] = [];
    for (let held = this.#held.get(this.#next); held !== undefined; held = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#heldBytes -= held.bytes;
      items.push(held.item);
      this.#next += 1;
    }
    this.#gapNamed = false;
    this.#gapSinceMs = undefined;
    for (const { atMs } of this.#held.values()) this.#gapSinceMs = Math.min(atMs, this.#gapSinceMs ?? atMs);
    return items;
  }

  /** The sender has given up on what has not come up to there: how many, and what stood behind them. */
  skip(upTo: number, nowMs: number): GapReport<Item> {
    this.#ackDueMs = nowMs;
    const runs: (readonly Item[])[] = [];
    let skipped = 0;
    // A sender goes no further ahead than what is taken, so neither does what it gives up.
    const end = Math.min(upTo, this.#next + deliveryNumbersMax - 1);
    while (this.#next <= end) {
      if (!this.#held.has(this.#next)) {
        skipped += 1;
        this.#forgetBefore(this.#next + 1);
        this.#highest = Math.max(this.#highest, this.#next);
        this.#next += 1;
      }
      const run = this.#release();
      if (run.length > 0) runs.push(run);
    }
    this.#lost += skipped;
    return { missing: 0, skipped, runs };
  }

  /** Names a gap that has lasted, and passes over one whose sender has not said anything for long. */
  onTimeReached(nowMs: number): GapReport<Item> {
    const nothing = { missing: 0, skipped: 0, runs: [] };
    if (this.#gapSinceMs === undefined) return nothing;
    const gapMs = nowMs - this.#gapSinceMs;
    if (gapMs >= gapSkippedMs) return this.skip(Math.min(...this.#held.keys()) - 1, nowMs);
    if (gapMs < gapReportedMs || this.#gapNamed) return nothing;
    this.#gapNamed = true;
    return { ...nothing, missing: Math.min(...this.#held.keys()) - this.#next };
  }

  #acknowledgeSoon(nowMs: number): void {
    this.#unacknowledged += 1;
    const dueMs = this.#unacknowledged >= ackEveryFrames ? nowMs : nowMs + ackDelayMs;
    this.#ackDueMs = Math.min(dueMs, this.#ackDueMs ?? dueMs);
  }

  /** Our acknowledgement may have been lost; but however often a datagram is replayed, few answer it. */
  #acknowledgeAgain(nowMs: number): void {
    const dueMs = Math.max(nowMs, this.#ackedMs + ackDelayMs);
    this.#ackDueMs = Math.min(dueMs, this.#ackDueMs ?? dueMs);
  }

  /** The acknowledgement that is due, or any there is to say when it is `wanted` at once. */
  takeAck(nowMs: number, wanted = false): Acknowledgement | undefined {
    if (!wanted && (this.#ackDueMs === undefined || nowMs < this.#ackDueMs)) return undefined;
    this.#ackDueMs = undefined;
    this.#unacknowledged = 0;
    this.#ackedMs = nowMs;
    const also = this.#ranges();
    const delayMs = Math.min(ackDelayMs, nowMs - this.#highestAtMs);
    const busy = this.#isBusy ? ({ busy: true } as const) : {};
    return { upTo: this.upTo, ...(also.length === 0 ? {} : { also }), delayMs, ...busy };
  }

  #ranges(): readonly NumberRange[] {
    const ranges: [number, number][] = [];
    for (const number of [...this.#held.keys()].toSorted((one, other) => one - other)) {
      const last = ranges.at(-1);
      if (last !== undefined && last[1] === number - 1) last[1] = number;
      else if (ranges.length === ackRangesMax) break;
      else ranges.push([number, number]);
    }
    return ranges;
  }
}
