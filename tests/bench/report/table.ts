/** Tables in Markdown, as the benchmarks print them and RESULTS.md has them. */

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function formatTable({ head, rows }: Table): string {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `${lines.join("\n")}\n`;
}

/** Returns the tables of a text, in their order. */
export function readTables(text: string): readonly Table[] {
  const blocks = text.match(/(?:^\|.*\|\n?)+/gm) ?? [];
  return blocks.map((block) => {
    const [head = [], , ...rows] = block.trim().split("\n").map(readCells);
    return { head, rows };
  });
}

function readCells(line: string): readonly string[] {
  return line
    .trim()
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

/** A row that lost more than `lossMax` in one column. */
export interface Loss {
  readonly row: string;
  readonly column: string;
  readonly before: string;
  readonly now: string;
}

/** The share by which a figure may get worse from one run to the next. */
const lossMax = 0.1;

/** Returns what got worse by more than a tenth, in the columns of which `directionOf` knows the good end. */
export function findLosses(before: Table, now: Table): readonly Loss[] {
  const earlier = new Map(before.rows.map((row) => [labelOf(before.head, row), row]));
  return now.rows.flatMap((row) => {
    const label = labelOf(now.head, row);
    return now.head.flatMap((column, index) => {
      const place = before.head.indexOf(column);
      const was = earlier.get(label)?.[place] ?? "";
      const is = row[index] ?? "";
      return isLoss(column, readFigure(was), readFigure(is))
        ? [{ row: label, column, before: was, now: is }]
        : [];
    });
  });
}

function isLoss(column: string, before: number, now: number): boolean {
  // NaN, where there is no figure, is no loss.
  switch (directionOf(column)) {
    case "more":
      return now < before * (1 - lossMax);
    case "less":
      return now > before * (1 + lossMax);
    case undefined:
      return false;
  }
}

/** Which end of a column is good, by its title: of rates and shares of another program, and of times and sizes. */
export function directionOf(column: string): "more" | "less" | undefined {
  // How busy the machine was, and how it was in other days.
  if (/^(idle|before)\b/.test(column)) return undefined;
  if (/×|\bms\b|\bp\d\d\b|memory|MiB$/.test(column)) return "less";
  return /^\w+\/\w+|^of |\ba second\b/.test(column) ? "more" : undefined;
}

/** A row is known by its first cells: those before its figures with a fraction or a unit, and before compared ones. */
function labelOf(head: readonly string[], row: readonly string[]): string {
  const end = row.findIndex(
    (cell, index) => directionOf(head[index] ?? "") !== undefined || /\d\.\d|^[\d,.]+ \D/.test(cell),
  );
  return (end < 0 ? row : row.slice(0, end)).join(" ");
}

const scales: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };

/** "10.40 M" is 10.4 million, "1,443 MiB/s" 1,443; NaN where there is no number. */
function readFigure(cell: string): number {
  const [, digits = "", scale = ""] = /^([\d,.]+)(?: ([kMG])\b)?/.exec(cell) ?? [];
  return digits === "" ? Number.NaN : Number(digits.replaceAll(",", "")) * (scales[scale] ?? 1);
}
