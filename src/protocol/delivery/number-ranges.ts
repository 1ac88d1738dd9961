/** A set of numbers as ascending ranges that do not touch: those of the frames that a receiver keeps beyond a gap. */

import type { NumberRange } from "../frames/frame.ts";

export class NumberRanges {
  readonly #ranges: { first: number; last: number }[] = [];

  /** The lowest number; undefined if there is none. */
  get lowest(): number | undefined {
    return this.#ranges[0]?.first;
  }

  /** Adds a number that is not in the set. Most follow the highest one, or are beside a range. */
  add(number: number): void {
    const index = this.#findFrom(number);
    const before = this.#ranges[index - 1];
    const after = this.#ranges[index];
    const joinsBefore = before?.last === number - 1;
    const joinsAfter = after?.first === number + 1;
    if (before !== undefined && joinsBefore) {
      before.last = after !== undefined && joinsAfter ? after.last : number;
      if (joinsAfter) this.#ranges.splice(index, 1);
    } else if (after !== undefined && joinsAfter) after.first = number;
    else if (after === undefined) this.#ranges.push({ first: number, last: number });
    else this.#ranges.splice(index, 0, { first: number, last: number });
  }

  /** Removes the lowest range, which is returned; undefined if there is none. */
  takeLowest(): NumberRange | undefined {
    const taken = this.#ranges.shift();
    return taken && [taken.first, taken.last];
  }

  /** The `count` lowest ranges, ascending. */
  list(count: number): readonly NumberRange[] {
    return this.#ranges.slice(0, count).map(({ first, last }) => [first, last]);
  }

  /** The index of the first range above a number. */
  #findFrom(number: number): number {
    let low = 0;
    let high = this.#ranges.length;
    // Frames mostly arrive in order.
    if ((this.#ranges[high - 1]?.first ?? 0) < number) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle]?.first ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
