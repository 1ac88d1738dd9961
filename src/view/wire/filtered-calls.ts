/**
 * The calls that pass a filter, in their order: each is judged once, when it is first looked at, and none that was dropped
 * before. So to count them, or to go through them, costs no more however many do not pass. No words of its own, no keys.
 */

import type { WireModel, WireRow } from "../../chat/log/wire-log.ts";
import type { WireWords } from "../../words/words.ts";
import { passesAll, passesFilter, type WireFilter } from "./wire-filter.ts";

/** The calls of one transport, as a person wants to see them. */
export interface FilteredWire {
  readonly wire: WireModel;
  readonly filter: WireFilter;
  /** How the rows read. */
  readonly words: WireWords;
}

/** As of WireModel, of some of its rows. */
export type WireRows = Pick<WireModel, "length" | "at" | "indexOf">;

/** What passed the last filter of each transport's calls. */
const kept = new WeakMap<WireModel, PassingRows>();

/** Valid until the next call. Without a filter these are the calls themselves. */
export function passingRows(from: FilteredWire): WireRows {
  if (passesAll(from.filter)) return from.wire;
  const known = kept.get(from.wire);
  const rows = known?.isFor(from) === true ? known : new PassingRows(from);
  if (rows !== known) kept.set(from.wire, rows);
  rows.catchUp();
  return rows;
}

/** A call found by its bytes stays found once these have been dropped: it is the same call. */
class PassingRows implements WireRows {
  readonly #from: FilteredWire;
  /** The numbers of those that pass, ascending; those before `#oldest` are not kept in the log any more. At most twice its rows. */
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
      if (passesFilter(wire, row, filter, words)) this.#numbers.push(row.number);
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
