/**
 * Asks the terminal how wide it draws the text on which terminals disagree: each sample is printed on the second row,
 * and a cursor position report (DSR 6) behind it says how far the cursor went. Nothing waits for the reports. Until all
 * of them are there, or for good on a terminal that makes none, text reserves the widest columns of the known tables
 * (protocol/text/width.ts): then a receipt or a panel may stand further right of it, and nothing is covered. The cursor
 * does not depend on the table (components/paint/columns.ts).
 *
 * Their answers, in the samples' order, all within 2 ms (2026-11):
 *
 *     xterm.js 6, its default table             1 2 2 1 2 2 2 2 2 2
 *     xterm.js 6 with its graphemes add-on      2 2 2 2 1 1 1 2 2 2
 *     tmux 3.3a                                 2 2 4 1 1 2 2 1 2 2
 *     GNU screen 4.9.0                          2 4 4 1 2 2 2 2 2 2
 *
 * None was silent. The second row, since a report of the first one looks like F3 with a modifier.
 */

import type { ReplyEvent } from "../../input/keys/key-event.ts";
import { type WidthTable, widestTable } from "../../protocol/text/width.ts";
import type { TerminalQuery } from "./terminal-queries.ts";

interface Sample {
  readonly text: string;
  readonly measures: keyof WidthTable;
  /** What the columns are counted beyond: those of a first code point, or of an emoji. */
  readonly beyond: number | "emoji";
}

const samples: readonly Sample[] = [
  { text: "😀", measures: "emoji", beyond: 0 },
  { text: "👩\u200D🚀", measures: "joinedEmoji", beyond: "emoji" },
  { text: "👍🏽", measures: "skinTone", beyond: "emoji" },
  { text: "❤\uFE0F", measures: "emojiSelector", beyond: 1 },
  { text: "က\u103A", measures: "newMark", beyond: 1 },
  { text: "क\u093E", measures: "spacingMark", beyond: 1 },
  { text: "ก\u0E33", measures: "attachedVowel", beyond: 1 },
  { text: "क\u094D\u200Dष", measures: "joinedConsonant", beyond: 1 },
  { text: "क\u094Dष", measures: "conjunct", beyond: 1 },
  { text: "🇫🇷", measures: "flagEnd", beyond: 1 },
];

const row = 2;
const report = new RegExp(String.raw`^${row};(\d+)R$`);
const sequence = samples.map(({ text }) => `\x1b[${row};1H${text}\x1b[6n`).join("");

/** Asks whenever the screen is entered, and calls `onTable` with the table of a terminal that answered everything. */
export function createWidthQuery(onTable: (table: WidthTable) => void): TerminalQuery {
  let columns: number[] = [];
  return {
    moments: ["entry"],
    getSequence: () => {
      columns = [];
      return sequence;
    },
    onReply: (reply) => {
      const column = readReport(reply);
      if (column === undefined) return;
      columns.push(column);
      if (columns.length === samples.length) onTable(readTable(columns));
    },
  };
}

/** The columns that the cursor went on the row of the samples. */
function readReport({ kind, body }: ReplyEvent): number | undefined {
  const column = kind === "csi" ? report.exec(body)?.[1] : undefined;
  return column === undefined ? undefined : Number(column) - 1;
}

/** The table that these columns of the samples mean. An answer that no known table gives counts as the widest. */
export function readTable(columns: readonly number[]): WidthTable {
  const table: Record<string, number> = { ...widestTable };
  for (const [index, { measures, beyond }] of samples.entries()) {
    const width = (columns[index] ?? -1) - (beyond === "emoji" ? (table["emoji"] ?? 0) : beyond);
    if (width >= lowest(measures) && width <= widestTable[measures]) table[measures] = width;
  }
  return table as unknown as WidthTable;
}

function lowest(measures: keyof WidthTable): number {
  return measures === "emoji" ? 1 : 0;
}
