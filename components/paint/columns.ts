/**
 * Places what stands right of text on whose width terminals disagree. No column is computed from such text: a row that
 * has it is written whole, and each part of it begins at an absolute column, which the text before it has reserved. Other
 * rows stay as they are. Ink passes the sequences on, and writes a row with controls in it whole (Ink 8.0.0,
 * line-update.js).
 */

import { isWidthDisputed, measureColumns } from "../../src/protocol/text/width.ts";
import type { Painted } from "./theme.ts";

/** Begins a part of a row that has its own column: a gutter, a receipt, a panel, the end of a bar. */
export const columnStop = "\0" as Painted;
/** Stands where the cursor is to be. */
const cursorMark = "\x01" as Painted;
const marks = new RegExp(`[${columnStop}${cursorMark}]`, "g");

/** DECSC and DECRC: the terminal itself remembers where the cursor stood in a row. */
const saveCursor = "\x1b7";
export const restoreCursor = "\x1b8";
/** A column that no screen has. Ink is told that the cursor is there, where the terminal remembers its place. */
const savedColumn = 9999;
/** The sequence by which Ink places the cursor there; the terminal's output replaces it with `restoreCursor`. */
export const moveToSavedColumn = `\x1b[${savedColumn + 1}G`;

/**
 * A joiner with nothing to join. tmux 3.3a joins the next character that is not ASCII to it, wherever that is written;
 * a selector behind it, which has no cell, is taken instead.
 */
const looseJoiner = /\u200D(?![\p{L}\p{M}\p{ExtPict}])/gu;
const endedJoiner = "\u200D\uFE0E";

const eraseToEnd = "\x1b[K";

function moveTo(column: number): string {
  return `\x1b[${column + 1}G`;
}

/** A row with its stops resolved: dropped, or made absolute if the row has disputed text. */
export function placeColumns(row: Painted): Painted {
  if (!isWidthDisputed(row))
    return (row.includes(columnStop) || row.includes(cursorMark) ? row.replace(marks, "") : row) as Painted;
  let column = 0;
  let isMoved = true;
  const placed = row.split(columnStop).map((marked) => {
    if (marked === "") return "";
    const part = marked.replace(marks, "");
    const isPartDisputed = isWidthDisputed(part);
    const blank = isPartDisputed && backgroundFirst.test(part) ? blankOut(part) + moveTo(column) : "";
    const start = isMoved ? moveTo(column) + (column === 0 ? "" : eraseToEnd) : "";
    isMoved = isPartDisputed;
    column += measureColumns(part);
    return start + blank + marked.replace(looseJoiner, endedJoiner).replace(cursorMark, saveCursor);
  });
  return placed.join("") as Painted;
}

/** Rows side by side: each begins at the column that the ones before it leave, with `gap` blanks between. */
export function joinBeside(panes: readonly Pane[], height: number, gap: number): readonly Painted[] {
  return Array.from({ length: height }, (_, row) =>
    panes
      .map(({ rows, columns }, index) => {
        const painted = rows[row] ?? "";
        if (index === panes.length - 1) return painted;
        return painted + " ".repeat(Math.max(0, columns + gap - measurePainted(painted))) + columnStop;
      })
      .join(""),
  ) as Painted[];
}

/** Rows of at most `columns`. */
interface Pane {
  readonly rows: readonly Painted[];
  readonly columns: number;
}

/** A row with the cursor between its two halves. */
export function joinAtCursor(before: Painted, after: Painted): Painted {
  return (before + cursorMark + after) as Painted;
}

/** The column for Ink of a cursor in a row: `column`, or the one that the terminal remembers. */
export function findCursorColumn(row: Painted, column: number): number {
  return isWidthDisputed(row) ? savedColumn : column;
}

export function measurePainted(painted: string): number {
  return measureColumns(painted.replace(marks, ""));
}

/** The styles with a background, or the inverse, which the theme writes first. */
const backgroundFirst = new RegExp(String.raw`^(?: |\x1b\[0m)*\x1b\[(?:48;|7[m;])`);
const styles = new RegExp(String.raw`(\x1b\[[\d;]*m)`);

/** The part with blanks for its text: a background is as wide as the text has reserved. */
function blankOut(part: string): string {
  return part
    .split(styles)
    .map((piece, index) => (index % 2 === 1 ? piece : " ".repeat(measureColumns(piece))))
    .join("");
}
