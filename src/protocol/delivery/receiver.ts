/**
 * The receiving half of delivery over UDP (PROTOCOL.md): delivers frames once and in order, keeps out-of-order frames,
 * reports gaps, and decides what to acknowledge. Sans-IO: the caller passes the time.
 */

import type { Acknowledgement, FrameOrder } from "../frames/frame.ts";
import {
  ackDelayMs,
  ackEveryDatagrams,
  ackRangesMax,
  outOfOrderMaxBytes,
  deliveryNumbersMax,
  gapReportedMs,
  gapSkippedMs,
} from "../limits.ts";
import { NumberRanges } from "./number-ranges.ts";

interface OutOfOrderFrame<Item> {
  readonly item: Item;
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * A gap to report, of `missing` frames; or `skipped` frames, and the run of frames that was waiting behind each gap.
 */
export interface GapReport<Item> {
  readonly missing: number;
  readonly skipped: number;
  readonly runs: readonly (readonly Item[])[];
}

export class DeliveryReceiver<Item> {
  /** The next number to be delivered. */
  #next = 1;
  /** In the order in which they arrived. */
  readonly #outOfOrder = new Map<number, OutOfOrderFrame<Item>>();
  readonly #outOfOrderRanges = new NumberRanges();
  #outOfOrderBytes = 0;
  #highest = 0;
  #highestAtMs = 0;
  /** For each of the last numbers, the transmission of it that arrived first; 0: none has. */
  readonly #firstTransmissions = new Uint8Array(deliveryNumbersMax);
  /** Since when frames wait behind the current gap, and whether it was reported. */
  #gapSinceMs: number | undefined;
  #isGapReported = false;
  /** Datagrams that were received in order since the last acknowledgement. */
  #unacknowledged = 0;
  #ackDueMs: number | undefined;
  #ackedMs = Number.NEGATIVE_INFINITY;
  #received = 0;
  #duplicates = 0;
  #reordered = 0;
  #lost = 0;
  /** True if a frame was refused and none accepted since. */
  #isBusy = false;

  /** Frames received, each counted once. */
  get received(): number {
    return this.#received;
  }

  /** Datagrams whose frame had been received before. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Datagrams that arrived after one that was sent later. */
  get reordered(): number {
    return this.#reordered;
  }

  /** Lost transmissions: earlier ones of received frames that did not arrive, and one for each skipped frame. */
  get lost(): number {
    return Math.max(0, this.#lost);
  }

  get outOfOrderBytes(): number {
    return this.#outOfOrderBytes;
  }

  /** The highest number up to which every frame was received or skipped. */
  get upTo(): number {
    return this.#next - 1;
  }

  /** When to call `takeAck` or `onTimeReached`; undefined if nothing is due. */
  get dueMs(): number | undefined {
    if (this.#gapSinceMs === undefined) return this.#ackDueMs;
    const gapMs = this.#gapSinceMs + (this.#isGapReported ? gapSkippedMs : gapReportedMs);
    return this.#ackDueMs === undefined ? gapMs : Math.min(gapMs, this.#ackDueMs);
  }

  /**
   * Accepts a frame. Returns the frames that can be delivered now, in order. Ignores a frame that is too far ahead or
   * exceeds the bound. `isFirst`: no frame of the same datagram was before it.
   */
  accept(
    { number, transmission }: FrameOrder,
    item: Item,
    bytes: number,
    nowMs: number,
    isFirst = true,
  ): readonly Item[] {
    if (number < this.#next || this.#outOfOrder.has(number)) {
      this.#countRepeated(number, transmission);
      this.#repeatAcknowledgement(nowMs);
      return [];
    }
    const isNext = number === this.#next;
    if (number >= this.#next + deliveryNumbersMax) return [];
    if (!isNext && this.#outOfOrderBytes + bytes > outOfOrderMaxBytes) return [];
    this.#countFirst(number, transmission, nowMs);
    if (!isNext || this.#outOfOrder.size > 0) this.#ackDueMs = nowMs;
    else this.#scheduleAcknowledgement(nowMs, isFirst);
    if (!isNext) {
      this.#keepOutOfOrder(number, { item, bytes, atMs: nowMs });
      return [];
    }
    this.#next += 1;
    return this.#outOfOrder.size === 0 ? this.#takeAlone(item) : [item, ...this.#takeInOrder()];
  }

  /** Refuses a frame for lack of room. The sender retransmits it later; the datagram does not count as lost. */
  refuse({ number }: FrameOrder, nowMs: number): void {
    this.#repeatAcknowledgement(nowMs);
    if (number < this.#next || this.#outOfOrder.has(number)) return;
    this.#isBusy = true;
    this.#lost -= 1;
  }

  /** There is room again: acknowledges without `busy`, so that a refused sender continues. */
  endRefusal(nowMs: number): void {
    if (!this.#isBusy) return;
    this.#isBusy = false;
    this.#ackDueMs = nowMs;
  }

  #countFirst(number: number, transmission: number, nowMs: number): void {
    this.#received += 1;
    this.#isBusy = false;
    this.#lost += transmission - 1;
    this.#clearBefore(number);
    this.#firstTransmissions[number % deliveryNumbersMax] = transmission;
    if (number > this.#highest) {
      this.#highest = number;
      this.#highestAtMs = nowMs;
    } else if (transmission === 1) this.#reordered += 1;
  }

  /** Clears the entries that old numbers left for the numbers before this one. */
  #clearBefore(number: number): void {
    const from = Math.max(this.#highest + 1, number - deliveryNumbersMax + 1);
    for (let other = from; other < number; other += 1)
      this.#firstTransmissions[other % deliveryNumbersMax] = 0;
  }

  /** An earlier transmission that arrives after a later one was late, not lost. */
  #countRepeated(number: number, transmission: number): void {
    const place = number % deliveryNumbersMax;
    const first =
      number > this.#highest - deliveryNumbersMax ? (this.#firstTransmissions[place] ?? 0) : transmission;
    if (first !== 0 && transmission >= first) {
      this.#duplicates += 1;
      return;
    }
    this.#reordered += 1;
    this.#lost -= 1;
    this.#firstTransmissions[place] = first === 0 ? transmission : first - 1;
  }

  #keepOutOfOrder(number: number, frame: OutOfOrderFrame<Item>): void {
    this.#outOfOrder.set(number, frame);
    this.#outOfOrderRanges.add(number);
    this.#outOfOrderBytes += frame.bytes;
    this.#gapSinceMs ??= frame.atMs;
  }

  #takeAlone(item: Item): readonly Item[] {
    this.#isGapReported = false;
    this.#gapSinceMs = undefined;
    return [item];
  }

  /** Takes the frames that are in order now. A remaining gap is as old as the first frame received after it. */
  #takeInOrder(): readonly Item[] {
    this.#isGapReported = false;
    if (this.#outOfOrderRanges.lowest !== this.#next) {
      this.#gapSinceMs = this.#findOldestMs();
      return [];
    }
    const [, last] = this.#outOfOrderRanges.takeLowest() ?? [0, 0];
    const items: Item[] = [];
    for (; this.#next <= last; this.#next += 1) {
      const frame = this.#outOfOrder.get(this.#next)!;
      this.#outOfOrder.delete(this.#next);
      this.#outOfOrderBytes -= frame.bytes;
      items.push(frame.item);
    }
    this.#gapSinceMs = this.#findOldestMs();
    return items;
  }

  #findOldestMs(): number | undefined {
    for (const { atMs } of this.#outOfOrder.values()) return atMs;
    return undefined;
  }

  /** The sender has given up the frames up to `upTo` that were not received: skips them. */
  skip(upTo: number, nowMs: number): GapReport<Item> {
    this.#ackDueMs = nowMs;
    const runs: (readonly Item[])[] = [];
    let skipped = 0;
    // A sender is never further ahead than this, so a higher number is bogus.
    const end = Math.min(upTo, this.#next + deliveryNumbersMax - 1);
    while (this.#next <= end) {
      if (!this.#outOfOrder.has(this.#next)) {
        skipped += 1;
        this.#clearBefore(this.#next + 1);
        this.#highest = Math.max(this.#highest, this.#next);
        this.#next += 1;
      }
      const run = this.#takeInOrder();
      if (run.length > 0) runs.push(run);
    }
    this.#lost += skipped;
    return { missing: 0, skipped, runs };
  }

  /** Reports a gap that has lasted, and skips one whose sender has sent no skip for long. */
  onTimeReached(nowMs: number): GapReport<Item> {
    const nothing = { missing: 0, skipped: 0, runs: [] };
    if (this.#gapSinceMs === undefined) return nothing;
    const gapMs = nowMs - this.#gapSinceMs;
    const lowest = this.#outOfOrderRanges.lowest ?? this.#next;
    if (gapMs >= gapSkippedMs) return this.skip(lowest - 1, nowMs);
    if (gapMs < gapReportedMs || this.#isGapReported) return nothing;
    this.#isGapReported = true;
    return { ...nothing, missing: lowest - this.#next };
  }

  #scheduleAcknowledgement(nowMs: number, isFirst: boolean): void {
    if (isFirst) this.#unacknowledged += 1;
    const dueMs = this.#unacknowledged >= ackEveryDatagrams ? nowMs : nowMs + ackDelayMs;
    this.#ackDueMs = Math.min(dueMs, this.#ackDueMs ?? dueMs);
  }

  /** Our acknowledgement may have been lost. The rate is limited, so that replayed datagrams cause few answers. */
  #repeatAcknowledgement(nowMs: number): void {
    const dueMs = Math.max(nowMs, this.#ackedMs + ackDelayMs);
    this.#ackDueMs = Math.min(dueMs, this.#ackDueMs ?? dueMs);
  }

  /** The acknowledgement that is due, or if `wanted` the current one in any case. */
  takeAck(nowMs: number, wanted = false): Acknowledgement | undefined {
    if (!wanted && (this.#ackDueMs === undefined || nowMs < this.#ackDueMs)) return undefined;
    this.#ackDueMs = undefined;
    this.#unacknowledged = 0;
    this.#ackedMs = nowMs;
    const also = this.#outOfOrderRanges.list(ackRangesMax);
    const delayMs = Math.min(ackDelayMs, nowMs - this.#highestAtMs);
    const busy = this.#isBusy ? ({ busy: true } as const) : {};
    return { upTo: this.upTo, ...(also.length === 0 ? {} : { also }), delayMs, ...busy };
  }
}
