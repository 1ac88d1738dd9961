/**
 * Lines of duet's own that are put together: rows of a table, lists of words behind a name, sentences in a row. They are
 * kept in pieces, so that each language may say every piece and the columns still line up. It knows no language.
 */

import type { Say } from "../../words/sentences.ts";

export type Composed =
  | { readonly is: "row"; readonly table: Table; readonly at: number }
  /** One beside the other. */
  | { readonly is: "sentences"; readonly sentences: readonly string[] }
  /** `bob: ESTABLISHED, rtt 21 µs`; without a name the words are indented below what was said before. */
  | { readonly is: "list"; readonly name?: string; readonly words: readonly string[] };

export type TableRow = readonly string[];

export interface Table {
  readonly rows: readonly TableRow[];
  /** The columns before this one are names and addresses: they are what they are in every language. */
  readonly wordsFrom: number;
}

/** The whole line. */
export function composedText(composed: Composed, say: Say): string {
  switch (composed.is) {
    case "row":
      return tableLinesOf(composed.table, say)[composed.at] ?? "";
    case "sentences":
      return composed.sentences.map(say).join(say("; "));
    case "list": {
      const { name, words } = composed;
      const lead = name === undefined ? "  " : name + say(": ");
      return lead + words.map(say).join(say(", "));
    }
  }
}

/** Cells padded to the widest of their column; nothing after the last one. */
export function alignRows(rows: readonly TableRow[]): readonly string[] {
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

/** The cells of a table as they are said. */
export function saidRows({ rows, wordsFrom }: Table, say: Say): readonly TableRow[] {
  return rows.map((row) => row.map((cell, column) => (column < wordsFrom ? cell : say(cell))));
}

/** A table is aligned once, not for each of its rows. */
const aligned = new WeakMap<Table, { readonly say: Say; readonly lines: readonly string[] }>();

function tableLinesOf(table: Table, say: Say): readonly string[] {
  const known = aligned.get(table);
  if (known?.say === say) return known.lines;
  const lines = alignRows(saidRows(table, say));
  aligned.set(table, { say, lines });
  return lines;
}
