/**
 * The menu of completions: a row for each candidate and its summary, one page at a time. Words and widths only; it
 * draws nothing and chooses nothing.
 */

import { cleanText } from "../../protocol/text/text.ts";
import type { Words } from "../../words/tables/words.ts";
import { cutEnd, measureColumns } from "../../protocol/text/wrap.ts";
import type { OfferedCompletion } from "./composer.ts";
import type { Candidate } from "./completion.ts";

interface MenuRow {
  /** Exactly as wide as the menu. */
  readonly text: string;
  /** The text, cut where something has a column of its own: the candidate, its summary, the page's position. */
  readonly parts: readonly string[];
  readonly isSelected: boolean;
}

/** The most rows that the menu takes. */
export const menuRowsMax = 6;

/** Columns between a candidate and its summary. */
const gap = 2;
/** A shorter summary would be useless. */
const summaryMinColumns = 12;

/**
 * The page with the chosen candidate, at most `rows` and menuRowsMax high. Pages do not overlap, so that the menu does
 * not scroll while the choice moves within one. Its last row ends with the page's position.
 */
export function buildMenu(
  { candidates, selected }: OfferedCompletion,
  words: Words,
  columns: number,
  rows: number,
): readonly MenuRow[] {
  const height = Math.max(1, Math.min(menuRowsMax, rows));
  const first = Math.floor((selected ?? 0) / height) * height;
  const page = candidates.slice(first, first + height);
  const labels = candidates.map(({ label }) => cleanText(label));
  const labelRoom = Math.min(Math.max(...labels.map(measureColumns)), columns - 3);
  const place =
    candidates.length > height ? formatPosition(first, page.length, candidates.length, words, columns) : "";
  return page.map(({ summary }, index) => {
    const isLast = index === page.length - 1;
    const at = first + index;
    const mark = at === selected ? "▸ " : "  ";
    const end = isLast ? place : "";
    const room = columns - measureColumns(mark) - measureColumns(end);
    const label = padEnd(cutEnd(labels[at] ?? "", Math.min(labelRoom, room)), Math.min(labelRoom, room));
    const shown = fitSummary(wordSummary(summary, words), room - measureColumns(label) - gap);
    const parts = [mark + label, padEnd(shown, room - measureColumns(label)), end];
    return { text: parts.join(""), parts, isSelected: at === selected };
  });
}

/** `1–6 of 20`; empty if it would take more than half of the row. */
function formatPosition(first: number, shown: number, all: number, words: Words, columns: number): string {
  const place = ` ${words.composer.place(first + 1, first + shown, all)} `;
  return measureColumns(place) <= columns / 2 ? place : "";
}

/** A summary is a string if it is a member's name and address, or the summary of a command. */
function wordSummary(summary: Candidate["summary"], { word }: Words): string {
  if (summary === undefined) return "";
  return typeof summary === "string" ? cleanText(summary) : word(summary);
}

function fitSummary(summary: string, room: number): string {
  if (summary === "" || room < Math.min(summaryMinColumns, measureColumns(summary))) return "";
  return " ".repeat(gap) + cutEnd(summary, room);
}

function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - measureColumns(text)));
}
