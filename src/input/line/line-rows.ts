/**
 * Lays a text out as rows around the cursor: each newline begins a row, and a long line is wrapped at spaces and beside
 * wide characters. Only the rows in view and their neighbours are read, so that a key costs the same in a megabyte as
 * in a word. It draws nothing.
 */

import { findBoundaryAtOrAfter } from "./graphemes.ts";
import { displayGraphemeAt, displayUnitAt } from "./line-window.ts";

/** A part of the text, in UTF-16 units. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface RowsWindow {
  /** Safe to draw, each at most as wide as asked. */
  readonly rows: readonly string[];
  /** Where the cursor is, from 0 at the first row in view and the left edge; the column may equal the width. */
  readonly cursor: { readonly row: number; readonly column: number };
  /** There are rows before those in view. */
  readonly hasMoreAbove: boolean;
  /** There are rows after those in view. */
  readonly hasMoreBelow: boolean;
}

/**
 * A line is wrapped in stretches of this many UTF-16 units, each from its own start, so that the rows around the cursor
 * depend on little text. The last row of a stretch may be short.
 */
const stretchUnits = 4096;

/**
 * The rows in view, at most `rowsMax` (at least 1) of `columns` each (at least 1). The cursor's row is in the middle,
 * unless the text begins or ends before. After the last grapheme of a full row the cursor's column is `columns`.
 */
export function selectRows(text: string, cursor: number, columns: number, rowsMax: number): RowsWindow {
  const { rows, at } = listRowsAround(text, cursor, columns, rowsMax);
  const below = Math.min(rows.length - at - 1, Math.floor((rowsMax - 1) / 2));
  const first = Math.max(0, at + below + 1 - rowsMax);
  const shown = rows.slice(first, first + rowsMax);
  const here = rows[at]!;
  return {
    rows: shown.map(({ start, end }) => displaySpan(text, start, end, columns).display),
    cursor: { row: at - first, column: displaySpan(text, here.start, cursor, columns).columns },
    hasMoreAbove: shown[0]!.start > 0,
    hasMoreBelow: shown.at(-1)!.end < text.length,
  };
}

/** The column of the cursor in its row. */
export function measureColumn(text: string, cursor: number, columns: number): number {
  const { rows, at } = listRowsAround(text, cursor, columns, 0);
  return displaySpan(text, rows[at]!.start, cursor, columns).columns;
}

/** The cursor in the row above (-1) or below (1), at `column` or before it; undefined if there is no such row. */
export function moveByRow(
  text: string,
  cursor: number,
  step: -1 | 1,
  columns: number,
  column: number,
): number | undefined {
  const { rows, at } = listRowsAround(text, cursor, columns, 1);
  const to = rows[at + step];
  if (to === undefined) return undefined;
  let place = to.start;
  for (let next = place, width = 0; next < to.end;) {
    const grapheme = displayGraphemeAt(text, next, columns);
    width += grapheme.columns;
    next = grapheme.end;
    // The end of a wrapped row is the start of the next one.
    const isInRow = next < to.end || next === text.length || text[next] === "\n";
    if (width > column || !isInRow) break;
    place = next;
  }
  return place;
}

/** The rows of the cursor's stretch, and of its neighbours until `count` rows are known before and after the cursor's. */
function listRowsAround(
  text: string,
  cursor: number,
  columns: number,
  count: number,
): { readonly rows: readonly Span[]; readonly at: number } {
  let first = findStretch(text, cursor);
  let last = first;
  let rows = listRows(text, first, columns);
  let at = rows.findLastIndex(({ start }) => start <= cursor);
  while (at < count && first.start > 0) {
    first = findStretch(text, first.start - 1);
    const before = listRows(text, first, columns);
    rows = [...before, ...rows];
    at += before.length;
  }
  while (rows.length - at - 1 < count && last.end < text.length) {
    last = findStretch(text, text[last.end] === "\n" ? last.end + 1 : last.end);
    rows = [...rows, ...listRows(text, last, columns)];
  }
  return { rows, at };
}

/** The stretch of an index; at the end of a line the last one. */
function findStretch(text: string, index: number): Span {
  const lineStart = index === 0 ? 0 : text.lastIndexOf("\n", index - 1) + 1;
  const newline = text.indexOf("\n", index);
  const lineEnd = newline < 0 ? text.length : newline;
  const findStart = (number: number): number =>
    number <= 0
      ? lineStart
      : Math.min(lineEnd, findBoundaryAtOrAfter(text, lineStart + number * stretchUnits));
  let number = Math.floor((index - lineStart) / stretchUnits);
  while (number > 0 && (findStart(number) > index || findStart(number) === lineEnd)) number -= 1;
  return { start: findStart(number), end: findStart(number + 1) };
}

/** At least one row. */
function listRows(text: string, stretch: Span, columns: number): readonly Span[] {
  const rows: Span[] = [];
  let start = stretch.start;
  do {
    const end = findRowEnd(text, start, stretch.end, columns);
    rows.push({ start, end });
    start = end;
  } while (start < stretch.end);
  return rows;
}

/** The end of a row: after the last space that fits, beside a wide character, or where the row is full. */
function findRowEnd(text: string, start: number, stretchEnd: number, columns: number): number {
  if (stretchEnd - start <= columns && onlyNarrow.test(text.slice(start, stretchEnd))) return stretchEnd;
  let breakAt = start;
  let isAfterWide = false;
  for (let at = start, width = 0; at < stretchEnd;) {
    const next = displayUnitAt(text, at, columns);
    const isSpace = text[at] === " ";
    if ((next.columns > 1 || isAfterWide || text[at - 1] === " ") && !isSpace) breakAt = at;
    if (width + next.columns > columns) {
      // One space at the end of a full row takes no column.
      if (isSpace) return next.end;
      return breakAt > start ? breakAt : at;
    }
    width += next.columns;
    isAfterWide = next.columns > 1;
    at = next.end;
  }
  return stretchEnd;
}

const onlyNarrow = /^[\x20-\x7e]*$/;

function displaySpan(
  text: string,
  start: number,
  end: number,
  columns: number,
): { readonly display: string; readonly columns: number } {
  const part = text.slice(start, end);
  if (onlyNarrow.test(part))
    return { display: part.slice(0, columns), columns: Math.min(columns, part.length) };
  let display = "";
  let width = 0;
  for (let at = start; at < end;) {
    const next = displayGraphemeAt(text, at, columns);
    if (width + next.columns > columns) break;
    display += next.display;
    width += next.columns;
    at = next.end;
  }
  return { display, columns: width };
}
