/** Maps the rows of an entry back to its lines: which part of which line each row shows. No keys, no colours. */

import type { Entry } from "../../chat/log/entry.ts";
import { formatActor } from "../../protocol/text/nicknames.ts";
import { cleanText, splitLines } from "../../protocol/text/text.ts";
import type { Row } from "./row.ts";

/** The lines of an entry before wrapping, as entry-rows.ts lays them out. */
export function listLines(entry: Entry): readonly string[] {
  if (entry.kind === "notice") return entry.hint === undefined ? [entry.text] : [entry.text, entry.hint];
  const lines = entry.text.includes("\n") ? splitLines(entry.text).map(cleanText) : [cleanText(entry.text)];
  return entry.action ? [`${formatActor(entry.name)} ${lines[0] ?? ""}`, ...lines.slice(1)] : lines;
}

/** The part of a line that a row shows. */
export interface RowSpan {
  readonly line: number;
  /** In UTF-16 units of the line. */
  readonly from: number;
  readonly to: number;
  /** Units before it in the row: a hint's arrow. */
  readonly lead: number;
}

/**
 * The part of a line that each row shows; undefined: none. Wrapping keeps the order and drops only spaces, so each row
 * is found after the one before it.
 */
export function mapRowsToLines(entry: Entry, rows: readonly Row[]): readonly (RowSpan | undefined)[] {
  const lines = listLines(entry);
  const textEnds = lines.map((text) => text.trimEnd().length);
  let line = 0;
  let at = 0;
  return rows.map((row) => {
    if (row.kind === "rule") return undefined;
    const lead = row.kind === "hint" ? 2 : 0;
    const shown = row.text.slice(lead);
    // Only spaces are left of the line.
    if (line < lines.length - 1 && at > 0 && at >= (textEnds[line] ?? 0)) {
      line += 1;
      at = 0;
    }
    const from = shown === "" ? -1 : (lines[line] ?? "").indexOf(shown, at);
    if (from < 0) {
      // An empty line has an empty row; a row of duet's own, such as a note, belongs to no line.
      if (shown === "" && lines[line] === "") line += 1;
      return undefined;
    }
    at = from + shown.length;
    return { line, from, to: at, lead };
  });
}
