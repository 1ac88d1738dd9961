/**
 * Text into rows of a given width, by words, and cut to a width. Never splits a grapheme, which
 * Bun.wrapAnsi does with combining marks (Bun 1.4.5, pinned in tests/protocol/wrap.test.ts).
 * Expects clean text without control characters; knows no colours.
 */

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const onlyAscii = /^[\x20-\x7e]*$/;

/** Stands for what was cut away, and where a character is wider than the whole row. */
export const ellipsis = "…";

/** Columns that clean text takes on a terminal. */
export function textColumns(text: string): number {
  return onlyAscii.test(text) ? text.length : Bun.stringWidth(text);
}

/**
 * Rows at most `columns` wide (at least 1); there is always one. Breaks at spaces, which it then leaves
 * out, and beside wide characters, but no row begins with what closes or ends with what opens where that can be helped
 * (UAX #14, CL and OP); a word longer than a whole row is cut hard. Spaces inside a row stay.
 */
export function wrapText(text: string, columns: number): string[] {
  if (onlyAscii.test(text)) return text.length <= columns ? [text] : wrapCells(asciiCells(text), columns);
  return Bun.stringWidth(text) <= columns ? [text] : wrapCells(graphemeCells(text, columns), columns);
}

/** The beginning, with an ellipsis where the rest was cut away. At most `columns` wide. */
export function cutEnd(text: string, columns: number): string {
  if (textColumns(text) <= columns) return text;
  const cells = graphemeCells(text, columns);
  return columns < 1 ? "" : cells.slice(0, endOfRow(cells, 0, columns - 1)) + ellipsis;
}

/** The end, with an ellipsis where the beginning was cut away: of an endpoint it is the end that tells. */
export function cutStart(text: string, columns: number): string {
  if (textColumns(text) <= columns) return text;
  const cells = graphemeCells(text, columns);
  let start = cells.length;
  let width = 1;
  while (start > 0 && width + cells.width(start - 1) <= columns) width += cells.width(--start);
  return columns < 1 ? "" : ellipsis + cells.slice(start, cells.length);
}

/** Graphemes by index. The widths of graphemes add up to at least the width of the text they make. */
interface Cells {
  readonly length: number;
  width(index: number): number;
  isSpace(index: number): boolean;
  slice(start: number, end: number): string;
}

function asciiCells(text: string): Cells {
  return {
    length: text.length,
    width: () => 1,
    isSpace: (index) => text.charCodeAt(index) === 0x20,
    slice: (start, end) => text.slice(start, end),
  };
}

function graphemeCells(text: string, columns: number): Cells {
  const parts: string[] = [];
  const widths: number[] = [];
  for (const { segment } of graphemes.segment(text)) {
    const width = Bun.stringWidth(segment);
    parts.push(width <= columns ? segment : ellipsis);
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
    const full = endOfRow(cells, start, columns);
    const end = full === cells.length ? full : breakBefore(cells, start, full, columns);
    rows.push(cells.slice(start, full === cells.length ? full : withoutTrailingSpaces(cells, start, end)));
    start = end;
    if (end !== cells.length) while (start < cells.length && cells.isSpace(start)) start += 1;
  } while (start < cells.length);
  return rows;
}

/** How far a row from `start` reaches when it is filled to the last column: one cell at least. */
function endOfRow(cells: Cells, start: number, columns: number): number {
  let end = start;
  let width = 0;
  while (end < cells.length && width + cells.width(end) <= columns) width += cells.width(end++);
  return end;
}

/** Where a row that could reach `full` should end: at a word, unless the next word fits on no row anyhow. */
function breakBefore(cells: Cells, start: number, full: number, columns: number): number {
  if (cells.isSpace(full)) return full;
  for (let place = full; place > start; place -= 1) {
    if (!mayBreak(cells, place)) continue;
    return hasWord(cells, start, place) && wordFits(cells, place, columns) ? place : full;
  }
  return full;
}

const closing = /^[，。、；：！？）》〉」』】〕…’”,.;:!?)\]}]/u;
const opening = /^[（《〈「『【〔‘“([{]/u;

function mayBreak(cells: Cells, place: number): boolean {
  if (cells.isSpace(place - 1)) return true;
  if (cells.width(place - 1) < 2 && cells.width(place) < 2) return false;
  return !closing.test(cells.slice(place, place + 1)) && !opening.test(cells.slice(place - 1, place));
}

function hasWord(cells: Cells, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if (!cells.isSpace(index)) return true;
  return false;
}

function wordFits(cells: Cells, start: number, columns: number): boolean {
  let end = start + 1;
  let width = cells.width(start);
  while (end < cells.length && !cells.isSpace(end) && !mayBreak(cells, end)) {
    width += cells.width(end++);
    if (width > columns) return false;
  }
  return true;
}

function withoutTrailingSpaces(cells: Cells, start: number, end: number): number {
  let last = end;
  while (last > start && cells.isSpace(last - 1)) last -= 1;
  return last;
}
