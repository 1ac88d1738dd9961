/**
 * Selects the part of a line around the cursor that fits a width. Only the visible part is read: a line of a million
 * characters costs as much as a short one. It draws nothing.
 */

import { cleanPart } from "../../protocol/text/text.ts";
import { isMarkAt } from "../../protocol/text/units.ts";
import { measureColumns } from "../../protocol/text/width.ts";
import { combiningMarksMax } from "../../protocol/limits.ts";
import { findNextBoundary, findPreviousBoundary } from "./graphemes.ts";

interface LineWindow {
  /** Safe to draw, at most `columns` wide. */
  readonly visible: string;
  /** From 0 at the window's left edge; always less than `columns`. */
  readonly cursorColumn: number;
  /** The index of the cursor in `visible`. */
  readonly cursorIndex: number;
  /** There is text before the window. */
  readonly hasMoreLeft: boolean;
  /** There is text after the window. */
  readonly hasMoreRight: boolean;
}

/** The share of the columns after the cursor while there is more text before it. */
const shareAhead = 1 / 3;
/** A grapheme that is wider when drawn is replaced by one U+FFFD. */
const graphemeMaxColumns = 16;
/** A longer one may be cut (graphemes.ts), even before a mark: a family has 11 UTF-16 units, the flag of Scotland 14. */
const graphemeMaxUnits = 64;

/**
 * The part of `text` shown in `columns` (at least 1), with `cursor` at the start of a grapheme. The cursor always has a
 * cell, even after the last grapheme. Graphemes are never cut.
 */
export function selectVisible(text: string, cursor: number, columns: number): LineWindow {
  const under = cursor < text.length ? displayGraphemeAt(text, cursor, columns) : cellOfCursor;
  const ahead = walkForward(text, under.end, Math.floor(columns * shareAhead) - under.columns, columns);
  const room = columns - under.columns - ahead.columns;
  const behind = walkBackward(text, cursor, room, columns);
  const rest = walkForward(text, ahead.end, room - behind.columns, columns);
  const drawnUnder = cursor < text.length ? under.display : "";
  return {
    visible: behind.display + drawnUnder + ahead.display + rest.display,
    cursorColumn: behind.columns,
    cursorIndex: behind.display.length,
    hasMoreLeft: behind.end > 0,
    hasMoreRight: rest.end < text.length,
  };
}

/** What a window shows before its cursor and from it on. */
export function splitAtCursor({ visible, cursorIndex }: Pick<LineWindow, "visible" | "cursorIndex">): {
  readonly before: string;
  readonly after: string;
} {
  return { before: visible.slice(0, cursorIndex), after: visible.slice(cursorIndex) };
}

/**
 * The grapheme from `start` to `end` as the composer draws it: a newline as ⏎, a tab as ␉, others as cleanText returns
 * them in the whole line.
 */
export function displayGrapheme(text: string, start: number, end: number): string {
  const grapheme = text.slice(start, end);
  if (grapheme === "\n" || grapheme === "\r\n") return "⏎";
  if (grapheme === "\t") return "␉";
  return cleanPart(text, start, end);
}

interface Stretch {
  readonly display: string;
  readonly columns: number;
  /** The index where the walk stopped. */
  readonly end: number;
}

const cellOfCursor: Stretch = { display: "", columns: 1, end: Number.MAX_SAFE_INTEGER };

/** The grapheme at `start`, and the marks after it that are graphemes of their own. */
function displayUnitAt(text: string, start: number, columns: number): Stretch {
  let unit = displayGraphemeAt(text, start, columns);
  if (unit.end - start > graphemeMaxUnits) return unit;
  for (let marks = 0; marks < combiningMarksMax && isMarkAt(text, unit.end); marks += 1) {
    const mark = displayGraphemeAt(text, unit.end, columns);
    unit = { display: unit.display + mark.display, columns: unit.columns + mark.columns, end: mark.end };
  }
  return unit;
}

/** The graphemes from `start` to `end`. */
function displayPart(text: string, start: number, end: number, columns: number): Stretch {
  let part = displayGraphemeAt(text, start, columns);
  while (part.end < end) {
    const next = displayGraphemeAt(text, part.end, columns);
    part = { display: part.display + next.display, columns: part.columns + next.columns, end: next.end };
  }
  return part;
}

/** The start of the unit that ends at `index`. */
function findPreviousUnit(text: string, index: number): number {
  let start = findPreviousBoundary(text, index);
  if (index - start > graphemeMaxUnits) return start;
  for (let marks = 0; marks < combiningMarksMax && start > 0 && isMarkAt(text, start); marks += 1)
    start = findPreviousBoundary(text, start);
  return start;
}

/** The grapheme at `start` as it is drawn. */
function displayGraphemeAt(text: string, start: number, columns: number): Stretch {
  if (isAsciiAt(text, start)) return { display: text[start] ?? "", columns: 1, end: start + 1 };
  const end = findNextBoundary(text, start);
  return { ...measureGrapheme(text, start, end, columns), end };
}

/** The grapheme from `start` to `end` as it is drawn, and its width; one that is wider than `columns` is one U+FFFD. */
export function measureGrapheme(
  text: string,
  start: number,
  end: number,
  columns: number,
): { readonly display: string; readonly columns: number } {
  const display = displayGrapheme(text, start, end);
  const width = measureColumns(display);
  const isDrawable = width > 0 && width <= Math.min(columns, graphemeMaxColumns);
  return isDrawable ? { display, columns: width } : { display: "\ufffd", columns: 1 };
}

/** True for a printable ASCII character that nothing after it joins. */
function isAsciiAt(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  const next = index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
  return unit >= 0x20 && unit < 0x7f && next < 0x80;
}

function walkForward(text: string, start: number, room: number, columns: number): Stretch {
  let stretch: Stretch = { display: "", columns: 0, end: Math.min(start, text.length) };
  while (stretch.end < text.length) {
    const next = displayUnitAt(text, stretch.end, columns);
    if (stretch.columns + next.columns > room) break;
    stretch = {
      display: stretch.display + next.display,
      columns: stretch.columns + next.columns,
      end: next.end,
    };
  }
  return stretch;
}

function walkBackward(text: string, start: number, room: number, columns: number): Stretch {
  let stretch: Stretch = { display: "", columns: 0, end: start };
  while (stretch.end > 0) {
    const begin = findPreviousUnit(text, stretch.end);
    const next = displayPart(text, begin, stretch.end, columns);
    if (stretch.columns + next.columns > room) break;
    stretch = {
      display: next.display + stretch.display,
      columns: stretch.columns + next.columns,
      end: begin,
    };
  }
  return stretch;
}
