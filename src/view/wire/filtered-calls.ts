/**
 * The calls that pass a filter, in order. Each call is matched only once, so that counting or walking them does not
 * depend on how many do not pass. No words and no keys.
 */

import type { WireModel, WireRow } from "../../chat/log/wire-log.ts";
import type { WireWords } from "../../words/tables/words.ts";
import { isEmptyFilter, isWithinFilter, type WireFilter } from "./wire-filter.ts";

/** The calls of one transport, with a filter. */
export interface FilteredWire {
  readonly wire: WireModel;
  readonly filter: WireFilter;
  /** The language of the rows, which the filter's text is matched against. */
  readonly words: WireWords;
}

/** Some of the rows of a WireModel, with its methods. */
export type WireRows = Pick<WireModel, "length" | "at" | "indexOf">;

/** The rows that passed the last filter, for each transport. */
const kept = new WeakMap<WireModel, PassingRows>();

/** The rows that pass the filter. The result is valid until the next call; without a filter it is the log itself. */
export function findPassingRows(from: FilteredWire): WireRows {
  if (isEmptyFilter(from.filter)) return from.wire;
  const known = kept.get(from.wire);
  const rows = known?.isFor(from) === true ? known : new PassingRows(from);
  if (rows !== known) kept.set(from.wire, rows);
  rows.catchUp();
  return rows;
}

/** A call that matched by its bytes still passes after the bytes were dropped. */
class PassingRows implements WireRows {
  readonly #from: FilteredWire;
  /**
   * The numbers of the passing rows, ascending. Rows before `#oldest` were dropped from the log; at most half of the
   * numbers are.
   */
  #numbers: number[] = [];
  #oldest = 0;
  #judgedUpTo = 0;

  constructor(from: FilteredWire) {
    this.#from = from;
  }

  isFor({ filter, words }: FilteredWire): boolean {
    const known = this.#from.filter;
    const isSame = known.peer === filter.peer && known.call === filter.call && known.text === filter.text;
    return isSame && this.#from.words === words;
  }

  catchUp(): void {
    const { wire, filter, words } = this.#from;
    for (let index = wire.indexOf(this.#judgedUpTo + 1); index < wire.length; index += 1) {
      const row = wire.at(index);
      if (row === undefined) break;
      if (isWithinFilter(wire, row, filter, words)) this.#numbers.push(row.number);
      this.#judgedUpTo = row.number;
    }
    this.#forgetBefore(wire.at(0)?.number ?? 0);
  }

  #forgetBefore(number: number): void {
    while ((this.#numbers[this.#oldest] ?? number) < number) this.#oldest += 1;
    if (this.#oldest * 2 <= this.#numbers.length) return;
    this.#numbers = this.#numbers.slice(this.#oldest);
    this.#oldest = 0;
  }

  get length(): number {
    return this.#numbers.length - this.#oldest;
  }

  at(index: number): WireRow | undefined {
    const number = index < 0 ? undefined : this.#numbers[this.#oldest + index];
    return number === undefined ? undefined : this.#from.wire.at(this.#from.wire.indexOf(number));
  }

  indexOf(number: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[this.#oldest + middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
