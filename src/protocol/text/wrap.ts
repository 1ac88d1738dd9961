/**
 * Wraps clean text into rows of a given width, and cuts it to a width. Never splits a letter from its marks, as
 * Bun.wrapAnsi does (Bun 1.4.5, tests/protocol/wrap.test.ts).
 */

import { splitUnits } from "./units.ts";
import { measureColumns } from "./width.ts";

export { measureColumns } from "./width.ts";

const onlyAscii = /^[\x20-\x7e]*$/;

/** Marks text that was cut off, and a character that is wider than the row. */
export const ellipsis = "…";

/**
 * Wraps text into rows at most `columns` wide (at least 1); always returns one or more. Breaks at spaces, which are
 * then omitted, and beside wide characters; avoids closing punctuation at the start of a row and opening punctuation
 * at its end (UAX #14, CL and OP). A word longer than a row is split. Spaces inside a row are kept.
 */
export function wrapText(text: string, columns: number): string[] {
  if (onlyAscii.test(text)) return text.length <= columns ? [text] : wrapCells(makeAsciiCells(text), columns);
  return measureColumns(text) <= columns ? [text] : wrapCells(makeUnitCells(text, columns), columns);
}

/** Cuts off the end, which an ellipsis replaces. At most `columns` wide. */
export function cutEnd(text: string, columns: number): string {
  if (measureColumns(text) <= columns) return text;
  const cells = makeUnitCells(text, columns);
  return columns < 1 ? "" : cells.slice(0, findRowEnd(cells, 0, columns - 1)) + ellipsis;
}

/** Cuts off the beginning, which an ellipsis replaces: for text whose end matters most, such as an endpoint. */
export function cutStart(text: string, columns: number): string {
  if (measureColumns(text) <= columns) return text;
  const cells = makeUnitCells(text, columns);
  let start = cells.length;
  let width = 1;
  while (start > 0 && width + cells.width(start - 1) <= columns) width += cells.width(--start);
  return columns < 1 ? "" : ellipsis + cells.slice(start, cells.length);
}

/** The units of a text by index. The sum of their widths is at least the width of the text. */
interface Cells {
  readonly length: number;
  width(index: number): number;
  isSpace(index: number): boolean;
  slice(start: number, end: number): string;
}

function makeAsciiCells(text: string): Cells {
  return {
    length: text.length,
    width: () => 1,
    isSpace: (index) => text.charCodeAt(index) === 0x20,
    slice: (start, end) => text.slice(start, end),
  };
}

function makeUnitCells(text: string, columns: number): Cells {
  const parts: string[] = [];
  const widths: number[] = [];
  for (const unit of splitUnits(text)) {
    const width = measureColumns(unit);
    parts.push(width <= columns ? unit : ellipsis);
    widths.push(width <= columns ? width : 1);
  }
  return {
    length: parts.length,
    width: (index) => widths[index] ?? 0,
    isSpace: (index) => parts[index] === " ",
    slice: (start, end) => parts.slice(start, end).join(""),
  };
}

function wrapCells(cells: Cells, columns: number): string[] {
  const rows: string[] = [];
  let start = 0;
  do {
    const full = findRowEnd(cells, start, columns);
    const end = full === cells.length ? full : findBreak(cells, start, full, columns);
    rows.push(cells.slice(start, full === cells.length ? full : trimTrailingSpaces(cells, start, end)));
    start = end;
    if (end !== cells.length) while (start < cells.length && cells.isSpace(start)) start += 1;
  } while (start < cells.length);
  return rows;
}

/** The end of a row from `start` that is filled to the last column; at least one cell. */
function findRowEnd(cells: Cells, start: number, columns: number): number {
  let end = start;
  let width = 0;
  while (end < cells.length && width + cells.width(end) <= columns) width += cells.width(end++);
  return end;
}

/** Where to end a row that could extend to `full`: before a word, unless that word is longer than a row. */
function findBreak(cells: Cells, start: number, full: number, columns: number): number {
  if (cells.isSpace(full)) return full;
  for (let place = full; place > start; place -= 1) {
    if (!canBreak(cells, place)) continue;
    return hasWord(cells, start, place) && hasRoomOnRow(cells, place, columns) ? place : full;
  }
  return full;
}

const closing = /^[，。、；：！？）》〉」』】〕…’”,.;:!?)\]}]/u;
const opening = /^[（《〈「『【〔‘“([{]/u;

function canBreak(cells: Cells, place: number): boolean {
  if (cells.isSpace(place - 1)) return true;
  if (cells.width(place - 1) < 2 && cells.width(place) < 2) return false;
  return !closing.test(cells.slice(place, place + 1)) && !opening.test(cells.slice(place - 1, place));
}

function hasWord(cells: Cells, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if (!cells.isSpace(index)) return true;
  return false;
}

function hasRoomOnRow(cells: Cells, start: number, columns: number): boolean {
  let end = start + 1;
  let width = cells.width(start);
  while (end < cells.length && !cells.isSpace(end) && !canBreak(cells, end)) {
    width += cells.width(end++);
    if (width > columns) return false;
  }
  return true;
}

function trimTrailingSpaces(cells: Cells, start: number, end: number): number {
  let last = end;
  while (last > start && cells.isSpace(last - 1)) last -= 1;
  return last;
}
