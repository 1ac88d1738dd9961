/** RESULTS.md: each of its tables that a benchmark prints is between two comments, by which it is renewed. */

import { cpus, release } from "node:os";
import { findLosses, formatTable, type Loss, readTables, type Table } from "./table.ts";

const endMark = "<!-- end -->";

export interface Renewed {
  readonly text: string;
  /** Rows that got worse by more than a tenth. */
  readonly losses: readonly Loss[];
}

/** Puts the tables that `bench` printed into the document; a table that it does not have gets a section at its end. */
export function renewTables(text: string, bench: string, printed: string, caption: string): Renewed {
  return readTables(printed).reduce<Renewed>(
    (renewed, table, index) => {
      const { text: next, losses } = renewTable(renewed.text, `${bench} ${index + 1}`, table, caption);
      return { text: next, losses: [...renewed.losses, ...losses] };
    },
    { text, losses: [] },
  );
}

function renewTable(text: string, name: string, table: Table, caption: string): Renewed {
  const mark = `<!-- bench ${name} -->`;
  const block = `${mark}\n\n${caption}\n\n${formatTable(table)}\n${endMark}`;
  const start = text.indexOf(mark);
  if (start < 0) return { text: `${text}\n## ${name}\n\n${block}\n`, losses: [] };
  const end = text.indexOf(endMark, start) + endMark.length;
  const [before] = readTables(text.slice(start, end));
  const losses = before === undefined ? [] : findLosses(before, table);
  return { text: `${text.slice(0, start)}${block}${text.slice(end)}`, losses };
}

/** The command, the machine and the date of figures. */
export function formatCaption(bench: string, date: Date): string {
  const processor = (cpus()[0]?.model ?? "?").replace(/ (Processor|CPU)\b.*/, "");
  const [kernel = ""] = /^\d+\.\d+/.exec(release()) ?? [];
  const machine = `${cpus().length} × ${processor}, Linux ${kernel}, Bun ${Bun.version}`;
  return `\`bun run bench ${bench}\` · ${machine} · ${date.toISOString().slice(0, 10)}`;
}
