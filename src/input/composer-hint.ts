/**
 * The line of words above the composer: what a paste asks, and what Tab offers. Words and widths only; it
 * draws nothing and decides nothing.
 */

import type { OfferedCompletion } from "./composer.ts";
import type { PendingPaste } from "./line-state.ts";
import { cutEnd, textColumns } from "../protocol/wrap.ts";

/** What a paste that waits asks, in the words that fit `columns`. */
export function pasteQuestion(paste: PendingPaste, columns: number): string {
  const lines = paste.lines === 1 ? "1 line" : `${count(paste.lines)} lines`;
  const cut = paste.truncated ? ", cut" : "";
  const edit = paste.editable ? "e edits, " : "";
  const long = `Paste of ${lines} (${count(paste.text.length)} characters${cut}): Enter or y sends, ${edit}n drops.`;
  if (textColumns(long) <= columns) return long;
  return cutEnd(`${lines} pasted${cut}: y send, ${paste.editable ? "e edit, " : ""}n drop`, columns);
}

/** One row of candidates in three parts, so that the one in the text can be drawn apart. */
export interface CompletionHint {
  readonly before: string;
  readonly selected: string;
  readonly after: string;
}

const gap = "  ";
/** A summary cut shorter than this tells nothing. */
const summaryMinColumns = 12;

/** The candidates that fit `columns` around the selected one, and its summary when there is room. */
export function completionHint(offer: OfferedCompletion, columns: number): CompletionHint {
  const words = offer.candidates.map(({ text }) => cutEnd(text.trimEnd(), columns));
  const chosen = offer.selected ?? 0;
  const [first, end] = pageOf(words, chosen, columns);
  const shown = words.slice(first, end);
  const room = columns - textColumns(shown.join(gap));
  const at = offer.selected === undefined ? shown.length : chosen - first;
  const before = shown.slice(0, at).join(gap) + (at > 0 && at < shown.length ? gap : "");
  const rest = shown.slice(at + 1).map((word) => gap + word);
  const summary = offer.selected === undefined ? "" : (offer.candidates[chosen]?.summary ?? "");
  return { before, selected: shown[at] ?? "", after: rest.join("") + fittingSummary(summary, room) };
}

/** Whole pages, so that the row stands still while the selection walks along it. */
function pageOf(words: readonly string[], chosen: number, columns: number): readonly [number, number] {
  let first = 0;
  let width = 0;
  for (const [index, word] of words.entries()) {
    const added = textColumns(word) + (index === first ? 0 : gap.length);
    if (width + added <= columns) {
      width += added;
      continue;
    }
    if (chosen < index) return [first, index];
    first = index;
    width = textColumns(word);
  }
  return [first, words.length];
}

function fittingSummary(summary: string, room: number): string {
  const lead = " — ";
  const columns = room - lead.length;
  return summary === "" || columns < summaryMinColumns ? "" : lead + cutEnd(summary, columns);
}

function count(number: number): string {
  return number.toLocaleString("en");
}
