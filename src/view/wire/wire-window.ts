/**
 * Selects the calls in view: a window of those that pass the filter, at a fixed top row or at the newest. No words, no
 * keys.
 */

import type { WireRow } from "../../chat/log/wire-log.ts";
import { type FilteredWire, findPassingRows, type WireRows } from "./filtered-calls.ts";

/** At most `rows` calls, oldest first. `top`: the number of the first one; undefined: the newest are in view. */
export function selectCalls(from: FilteredWire, top: number | undefined, rows: number): readonly WireRow[] {
  const passing = findPassingRows(from);
  // A window that would reach past the end ends with the newest call.
  const last = Math.max(0, passing.length - rows);
  const first = top === undefined ? last : Math.min(passing.indexOf(top), last);
  return takeRows(passing, first, rows);
}

/** The row `step` rows after the given one (negative: before), or counted from past the newest. */
export function stepRow(from: FilteredWire, number: number | undefined, step: number): WireRow | undefined {
  const passing = findPassingRows(from);
  const index = number === undefined ? passing.length : passing.indexOf(number);
  // A step back stops at the oldest row.
  if (step < 0) return index === 0 ? undefined : passing.at(Math.max(0, index + step));
  const isHere = passing.at(index)?.number === number;
  return step === 0 ? undefined : passing.at(index + step - (isHere ? 0 : 1));
}

function takeRows(passing: WireRows, first: number, count: number): readonly WireRow[] {
  const found: WireRow[] = [];
  for (let index = first; found.length < count; index += 1) {
    const row = passing.at(index);
    if (row === undefined) break;
    found.push(row);
  }
  return found;
}
