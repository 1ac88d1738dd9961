/**
 * What Tab offers as a menu: a row for each candidate and what it does, a page at a time. Words and widths only; it
 * draws nothing and chooses nothing.
 */

import { cleanText } from "../../protocol/text/text.ts";
import type { Words } from "../../words/words.ts";
import { cutEnd, textColumns } from "../../protocol/text/wrap.ts";
import type { OfferedCompletion } from "./composer.ts";

export interface MenuRow {
  /** Exactly as wide as the menu. */
  readonly text: string;
  readonly selected: boolean;
}

/** As many rows as the menu ever takes. */
export const menuRowsMax = 6;

/** Between a candidate and its summary. */
const gap = 2;
/** A summary cut shorter than this tells nothing. */
const summaryMinColumns = 12;

/**
 * The page with the chosen candidate on it, at most `rows` high and menuRowsMax: pages are whole, so that the menu
 * stands still while the choice walks down it. The page's place is told at the end of its last row.
 */
export function completionMenu(
  { candidates, selected }: OfferedCompletion,
  words: Words,
  columns: number,
  rows: number,
): readonly MenuRow[] {
  const height = Math.max(1, Math.min(menuRowsMax, rows));
  const first = Math.floor((selected ?? 0) / height) * height;
  const page = candidates.slice(first, first + height);
  const labels = candidates.map(({ label }) => cleanText(label));
  const labelRoom = Math.min(Math.max(...labels.map(textColumns)), columns - 3);
  const place =
    candidates.length > height ? placeOf(first, page.length, candidates.length, words, columns) : "";
  return page.map(({ summary }, index) => {
    const isLast = index === page.length - 1;
    const at = first + index;
    const mark = at === selected ? "▸ " : "  ";
    const end = isLast ? place : "";
    const room = columns - textColumns(mark) - textColumns(end);
    const label = padEnd(cutEnd(labels[at] ?? "", Math.min(labelRoom, room)), Math.min(labelRoom, room));
    const said = label + fittingSummary(words.sentence(cleanText(summary)), room - textColumns(label) - gap);
    return { text: mark + padEnd(said, room) + end, selected: at === selected };
  });
}

/** Not where it would leave the words no room. */
function placeOf(first: number, shown: number, all: number, words: Words, columns: number): string {
  const place = ` ${words.composer.place(first + 1, first + shown, all)} `;
  return textColumns(place) <= columns / 2 ? place : "";
}

function fittingSummary(summary: string, room: number): string {
  if (summary === "" || room < Math.min(summaryMinColumns, textColumns(summary))) return "";
  return " ".repeat(gap) + cutEnd(summary, room);
}

function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textColumns(text)));
}
