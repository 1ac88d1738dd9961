/**
 * Which part of which line of an entry stands in which of its rows: a line is one whole, however it is wrapped. No keys, no
 * colours.
 */

import type { Entry } from "../../chat/log/entry.ts";
import { cleanText, splitLines } from "../../protocol/text/text.ts";
import type { Row } from "./row.ts";

/** What the entry reads as, before it is wrapped: as entry-rows.ts lays it out. */
export function linesOf(entry: Entry): readonly string[] {
  if (entry.kind === "notice") return entry.hint === undefined ? [entry.text] : [entry.text, entry.hint];
  const lines = entry.text.includes("\n") ? splitLines(entry.text).map(cleanText) : [cleanText(entry.text)];
  return entry.action ? [`${entry.name} ${lines[0] ?? ""}`, ...lines.slice(1)] : lines;
}

/** The part of a line that a row shows. */
export interface RowSpan {
  readonly line: number;
  /** In units of the line. */
  readonly from: number;
  readonly to: number;
  /** What stands before it in the row: a hint's arrow. */
  readonly lead: number;
}

/** Rows follow their lines; between two rows of a line only spaces were left out. */
export function rowSpans(entry: Entry, rows: readonly Row[]): readonly (RowSpan | undefined)[] {
  const lines = linesOf(entry);
  let line = 0;
  let at = 0;
  return rows.map((row) => {
    if (row.kind === "rule") return undefined;
    const lead = row.kind === "hint" ? 2 : 0;
    const shown = row.text.slice(lead);
    if (line < lines.length - 1 && at > 0 && isSpent(lines[line] ?? "", at)) {
      line += 1;
      at = 0;
    }
    const from = shown === "" ? -1 : (lines[line] ?? "").indexOf(shown, at);
    if (from < 0) {
      // A line of nothing has a row of nothing; a row of duet's own is in no line.
      if (shown === "" && lines[line] === "") line += 1;
      return undefined;
    }
    at = from + shown.length;
    return { line, from, to: at, lead };
  });
}

function isSpent(text: string, at: number): boolean {
  return text.slice(at).trim() === "";
}
