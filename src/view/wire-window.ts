/**
 * Which calls are in view: those that pass the filter, from a top row that stays while more come, or the newest. Only
 * what is seen is looked for. No words, no keys.
 */

import type { WireModel, WireRow } from "../chat/wire-log.ts";
import type { WireWords } from "../words/words.ts";
import { passesFilter, type WireFilter } from "./wire-filter.ts";

/** The calls of one transport, as a person wants to see them. */
export interface FilteredWire {
  readonly wire: WireModel;
  readonly filter: WireFilter;
  /** How the rows read. */
  readonly words: WireWords;
}

/** At most `rows` of them, the oldest first. `top`: the number of the first one; undefined: the newest are seen. */
export function wireWindow(from: FilteredWire, top: number | undefined, rows: number): readonly WireRow[] {
  if (top === undefined) return olderRows(from, from.wire.length, rows);
  const shown = newerRows(from, from.wire.indexOf(top), rows);
  // A view past the end is filled from above.
  return shown.length === rows ? shown : olderRows(from, from.wire.length, rows);
}

/** The row so many further on (negative: back), counted from a row or, without one, from past the newest. */
export function stepRow(from: FilteredWire, number: number | undefined, step: number): WireRow | undefined {
  const { wire } = from;
  const index = number === undefined ? wire.length : wire.indexOf(number);
  if (step < 0) return olderRows(from, index, -step)[0];
  return newerRows(from, index + (wire.at(index)?.number === number ? 1 : 0), step)[step - 1];
}

/** Up to `count` rows before an index, the oldest first. */
export function olderRows(
  { wire, filter, words }: FilteredWire,
  before: number,
  count: number,
): readonly WireRow[] {
  const found: WireRow[] = [];
  for (let index = before - 1; index >= 0 && found.length < count; index -= 1) {
    const row = wire.at(index);
    if (row !== undefined && passesFilter(wire, row, filter, words)) found.push(row);
  }
  return found.reverse();
}

/** Up to `count` rows from an index on. */
export function newerRows(
  { wire, filter, words }: FilteredWire,
  from: number,
  count: number,
): readonly WireRow[] {
  const found: WireRow[] = [];
  for (let index = from; index < wire.length && found.length < count; index += 1) {
    const row = wire.at(index);
    if (row !== undefined && passesFilter(wire, row, filter, words)) found.push(row);
  }
  return found;
}
