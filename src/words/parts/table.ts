/**
 * Tables of which each row is a sentence. Their cells are sentences, or names that are the same in every language; the
 * columns are aligned after the cells are worded.
 */

import { wrapText } from "../../protocol/text/wrap.ts";
import { measureColumns } from "../../protocol/text/width.ts";

/** A name or an address, or a sentence of one or two words. */
export type Cell<S> = string | S;

export interface Table<S> {
  readonly rows: readonly (readonly Cell<S>[])[];
}

/** The cells of all rows, worded. */
export function wordCells<S extends object>(
  { rows }: Table<S>,
  word: (sentence: S) => string,
): readonly (readonly string[])[] {
  return rows.map((row) => row.map((cell) => (typeof cell === "string" ? cell : word(cell))));
}

/** Cells padded to the width of their column; the last one is not padded. */
export function alignRows(rows: readonly (readonly string[])[]): readonly string[] {
  return alignTo(rows, measureWidths(rows));
}

const gap = "  ";

/**
 * The lines of each row, at most `columns` wide (at least 4): all rows are cut between the same columns, so that these
 * stay in line, and what follows a cut stands below, indented. A cell that is wider than a line is wrapped.
 */
export function fitRows(
  rows: readonly (readonly string[])[],
  columns: number,
): readonly (readonly string[])[] {
  const parts = cutColumns(measureWidths(rows), columns).map(([start, end], index) => {
    const cells = rows.map((row) => row.slice(start, end));
    return alignTo(cells, measureWidths(cells)).map((text) => {
      const indent = index === 0 ? "" : gap;
      return text === "" ? [] : wrapText(text, columns - indent.length).map((line) => indent + line);
    });
  });
  return rows.map((_, row) => parts.flatMap((part) => part[row] ?? []));
}

/** The columns of each line: as many as fit, at least one. */
function cutColumns(
  widths: readonly number[],
  columns: number,
): readonly (readonly [start: number, end: number])[] {
  const lines: [start: number, end: number][] = [];
  for (let start = 0; start < widths.length;) {
    const room = columns - (start === 0 ? 0 : gap.length);
    let end = start + 1;
    let width = widths[start] ?? 0;
    while (end < widths.length && width + gap.length + (widths[end] ?? 0) <= room)
      width += gap.length + (widths[end++] ?? 0);
    lines.push([start, end]);
    start = end;
  }
  return lines;
}

function measureWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, measureColumns(cell));
    });
  return widths;
}

function alignTo(rows: readonly (readonly string[])[], widths: readonly number[]): readonly string[] {
  return rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - measureColumns(cell)))
      .join(gap)
      .trimEnd(),
  );
}

/** The aligned lines of a table, computed once for all of its rows. */
const aligned = new WeakMap<object, { readonly word: unknown; readonly lines: readonly string[] }>();

/** One row, with its columns in line with those of all rows. */
export function rowText<S extends object>(
  table: Table<S>,
  at: number,
  word: (sentence: S) => string,
): string {
  const known = aligned.get(table);
  const lines = known?.word === word ? known.lines : alignRows(wordCells(table, word));
  if (known?.word !== word) aligned.set(table, { word, lines });
  return lines[at] ?? "";
}
