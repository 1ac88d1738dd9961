/**
 * Lays a text out as rows around the cursor: each newline begins a row, and a long line is wrapped at spaces and beside
 * wide characters. Only the rows in view and their neighbours are read, so that a key costs the same in a megabyte as
 * in a word. It draws nothing.
 */

import { segmentGraphemes } from "../../protocol/text/grapheme-segments.ts";
import { combiningMarksMax } from "../../protocol/limits.ts";
import { isMarkAt } from "../../protocol/text/units.ts";
import { findBoundaryAtOrAfter } from "./graphemes.ts";
import { measureGrapheme } from "./line-window.ts";

/** A part of the text, in UTF-16 units. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface RowsWindow {
  /** Safe to draw, each at most as wide as asked. */
  readonly rows: readonly string[];
  /**
   * Where the cursor is, from 0 at the first row in view and the left edge, and its index in that row; the column may
   * equal the width.
   */
  readonly cursor: { readonly row: number; readonly column: number; readonly index: number };
  /** There are rows before those in view. */
  readonly hasMoreAbove: boolean;
  /** There are rows after those in view. */
  readonly hasMoreBelow: boolean;
}

/**
 * A line is wrapped in stretches of this many UTF-16 units, each from its own start, so that the rows around the cursor
 * depend on little text. The last row of a stretch may be short.
 */
const stretchUnits = 2048;

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
  const before = displaySpan(text, here.start, cursor, columns);
  return {
    rows: shown.map(({ start, end }) => displaySpan(text, start, end, columns).display),
    cursor: { row: at - first, column: before.columns, index: before.display.length },
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
  let width = 0;
  for (const cell of listCells(text, to, columns)) {
    width += cell.columns;
    // The end of a wrapped row is the start of the next one.
    const isInRow = cell.end < to.end || cell.end === text.length || text[cell.end] === "\n";
    if (width > column || !isInRow) break;
    place = cell.end;
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

/** At least one row: each ends after the last space that fits, beside a wide character, or where it is full. */
function listRows(text: string, stretch: Span, columns: number): readonly Span[] {
  if (stretch.end - stretch.start <= columns && isNarrow(text, stretch)) return [stretch];
  const rows: Span[] = [];
  let start = stretch.start;
  let breakAt = start;
  let width = 0;
  /** The width up to `breakAt`. */
  let widthBefore = 0;
  let isAfterWide = false;
  const endRow = (end: number, left: number): void => {
    rows.push({ start, end });
    start = end;
    breakAt = end;
    width = left;
    widthBefore = 0;
  };
  for (const cell of listCells(text, stretch, columns)) {
    const isSpace = text[cell.start] === " ";
    if ((cell.columns > 1 || isAfterWide || text[cell.start - 1] === " ") && !isSpace) {
      breakAt = cell.start;
      widthBefore = width;
    }
    isAfterWide = cell.columns > 1;
    if (width + cell.columns <= columns) width += cell.columns;
    // One space at the end of a full row takes no column.
    else if (isSpace) endRow(cell.end, 0);
    else if (breakAt > start) endRow(breakAt, width - widthBefore + cell.columns);
    else endRow(cell.start, cell.columns);
  }
  if (start < stretch.end || rows.length === 0) rows.push({ start, end: stretch.end });
  return rows;
}

interface Cell extends Span {
  readonly display: string;
  readonly columns: number;
}

/**
 * The graphemes of a part of the text that begins and ends between two, as they are drawn. Marks that are graphemes of
 * their own belong to the one before, so that no row begins with a mark.
 */
function listCells(text: string, { start, end }: Span, columns: number): readonly Cell[] {
  const part = text.slice(start, end);
  if (onlyNarrow.test(part))
    return Array.from(part, (display, index) => ({
      display,
      columns: 1,
      start: start + index,
      end: start + index + 1,
    }));
  const cells: Cell[] = [];
  let marks = 0;
  for (const { segment, index } of segmentGraphemes(part)) {
    const at = start + index;
    const cell = {
      ...measureGrapheme(text, at, at + segment.length, columns),
      start: at,
      end: at + segment.length,
    };
    marks = isMarkAt(text, at) ? marks + 1 : 0;
    const before = cells.at(-1);
    if (before === undefined || marks === 0 || marks > combiningMarksMax) cells.push(cell);
    else cells[cells.length - 1] = joinCells(before, cell);
  }
  return cells;
}

function joinCells(before: Cell, mark: Cell): Cell {
  const display = before.display + mark.display;
  return { display, columns: before.columns + mark.columns, start: before.start, end: mark.end };
}

function isNarrow(text: string, { start, end }: Span): boolean {
  return onlyNarrow.test(text.slice(start, end));
}

const onlyNarrow = /^[\x20-\x7e]*$/;

/** What is drawn of a part of a row: not the space at its end that takes no column. */
function displaySpan(
  text: string,
  start: number,
  end: number,
  columns: number,
): { readonly display: string; readonly columns: number } {
  let display = "";
  let width = 0;
  for (const cell of listCells(text, { start, end }, columns)) {
    if (width + cell.columns > columns) break;
    display += cell.display;
    width += cell.columns;
  }
  return { display, columns: width };
}
