/**
 * Selects the part of a line around the cursor that fits a width. Only the visible part is read: a line of a million
 * characters costs as much as a short one. It draws nothing.
 */

import { cleanText } from "../../protocol/text/text.ts";
import { findNextBoundary, findPreviousBoundary } from "./graphemes.ts";

interface LineWindow {
  /** Safe to draw, at most `columns` wide. */
  readonly visible: string;
  /** From 0 at the window's left edge; always less than `columns`. */
  readonly cursorColumn: number;
  /** There is text before the window. */
  readonly hasMoreLeft: boolean;
  /** There is text after the window. */
  readonly hasMoreRight: boolean;
}

/** The share of the columns after the cursor while there is more text before it. */
const shareAhead = 1 / 3;
/** A grapheme that is wider when drawn is replaced by one U+FFFD. */
const graphemeMaxColumns = 16;

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
    hasMoreLeft: behind.end > 0,
    hasMoreRight: rest.end < text.length,
  };
}

/** A grapheme as the composer draws it: a newline as ⏎, a tab as ␉, others as cleanText returns them. */
export function displayGrapheme(grapheme: string): string {
  if (grapheme === "\n" || grapheme === "\r\n") return "⏎";
  if (grapheme === "\t") return "␉";
  return cleanText(grapheme);
}

interface Stretch {
  readonly display: string;
  readonly columns: number;
  /** The index where the walk stopped. */
  readonly end: number;
}

const cellOfCursor: Stretch = { display: "", columns: 1, end: Number.MAX_SAFE_INTEGER };

function displayGraphemeAt(text: string, start: number, columns: number): Stretch {
  const end = findNextBoundary(text, start);
  const display = displayGrapheme(text.slice(start, end));
  const width = Bun.stringWidth(display);
  if (width <= Math.min(columns, graphemeMaxColumns) && width > 0) return { display, columns: width, end };
  return { display: "\ufffd", columns: 1, end };
}

function walkForward(text: string, start: number, room: number, columns: number): Stretch {
  let stretch: Stretch = { display: "", columns: 0, end: Math.min(start, text.length) };
  while (stretch.end < text.length) {
    const next = displayGraphemeAt(text, stretch.end, columns);
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
    const begin = findPreviousBoundary(text, stretch.end);
    const next = displayGraphemeAt(text, begin, columns);
    if (stretch.columns + next.columns > room) break;
    stretch = {
      display: next.display + stretch.display,
      columns: stretch.columns + next.columns,
      end: begin,
    };
  }
  return stretch;
}
