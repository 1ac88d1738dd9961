/**
 * Tables of which each row is a sentence. Their cells are sentences, or names that are the same in every language; the
 * columns are aligned after the cells are worded.
 */

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
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, Bun.stringWidth(cell));
    });
  return rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - Bun.stringWidth(cell)))
      .join("  ")
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
