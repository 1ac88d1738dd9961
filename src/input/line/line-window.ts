/**
 * The part of a line that fits the columns there are, with the cursor in it. It looks only at what may be
 * seen: a line of a million characters costs what a short one does. It draws nothing.
 */

import { cleanText } from "../../protocol/text/text.ts";
import { nextBoundary, previousBoundary } from "./graphemes.ts";

export interface LineWindow {
  /** Safe to draw, at most `columns` wide. */
  readonly visible: string;
  /** From 0 at the window's left edge; always less than `columns`. */
  readonly cursorColumn: number;
  /** There is text before the window. */
  readonly leftMore: boolean;
  /** There is text after the window. */
  readonly rightMore: boolean;
}

/** Of the columns, how many may show what is after the cursor while there is more before it. */
const shareAhead = 1 / 3;
/** A grapheme whose display is wider, with all its marks written out, is shown as one replacement character. */
const graphemeMaxColumns = 16;

/**
 * The window of `columns` (at least 1) onto `text`, with `cursor` at a grapheme's start. The cursor always has
 * a cell of its own, also behind the last grapheme; a grapheme is shown whole or not at all.
 */
export function lineWindow(text: string, cursor: number, columns: number): LineWindow {
  const under = cursor < text.length ? displayAt(text, cursor, columns) : cellOfCursor;
  const ahead = walkForward(text, under.end, Math.floor(columns * shareAhead) - under.columns, columns);
  const room = columns - under.columns - ahead.columns;
  const behind = walkBackward(text, cursor, room, columns);
  const rest = walkForward(text, ahead.end, room - behind.columns, columns);
  const drawnUnder = cursor < text.length ? under.display : "";
  return {
    visible: behind.display + drawnUnder + ahead.display + rest.display,
    cursorColumn: behind.columns,
    leftMore: behind.end > 0,
    rightMore: rest.end < text.length,
  };
}

/** One grapheme as it is drawn in the composer: a newline as ⏎, a tab as its picture, the rest as cleanText has it. */
export function displayGrapheme(grapheme: string): string {
  if (grapheme === "\n" || grapheme === "\r\n") return "⏎";
  if (grapheme === "\t") return "␉";
  return cleanText(grapheme);
}

interface Stretch {
  readonly display: string;
  readonly columns: number;
  /** The index where it stops, in the direction walked. */
  readonly end: number;
}

const cellOfCursor: Stretch = { display: "", columns: 1, end: Number.MAX_SAFE_INTEGER };

function displayAt(text: string, start: number, columns: number): Stretch {
  const end = nextBoundary(text, start);
  const display = displayGrapheme(text.slice(start, end));
  const width = Bun.stringWidth(display);
  if (width <= Math.min(columns, graphemeMaxColumns) && width > 0) return { display, columns: width, end };
  return { display: "\ufffd", columns: 1, end };
}

function walkForward(text: string, start: number, room: number, columns: number): Stretch {
  let stretch: Stretch = { display: "", columns: 0, end: Math.min(start, text.length) };
  while (stretch.end < text.length) {
    const next = displayAt(text, stretch.end, columns);
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
    const begin = previousBoundary(text, stretch.end);
    const next = displayAt(text, begin, columns);
    if (stretch.columns + next.columns > room) break;
    stretch = {
      display: next.display + stretch.display,
      columns: stretch.columns + next.columns,
      end: begin,
    };
  }
  return stretch;
}
