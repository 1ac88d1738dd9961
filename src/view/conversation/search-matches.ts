/**
 * Finds a term in a conversation, and highlights it in the rows. The lines are searched before wrapping, so a match may
 * span rows. No keys, no colours.
 */

import type { Entry, EntryId } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import { searchMatchesMax, searchTermMaxUnits } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type RowSpan, listLines, mapRowsToLines } from "./row-spans.ts";
import type { HighlightSpan, Row } from "./row.ts";
import { getLabelName, findShownPart } from "./author-label.ts";

/** An occurrence of the term. */
export interface Match {
  readonly entryId: EntryId;
  /** The line of the entry, from 0; a notice's hint is its last line. authorLine: the author's name. */
  readonly line: number;
  /** In UTF-16 units of the clean line, or of the whole name. */
  readonly start: number;
  readonly end: number;
}

/** The name precedes the first line. */
const authorLine = -1;

/** The term to highlight, and the search's current match. */
export interface SearchHighlight {
  readonly term: string;
  readonly current: Match | undefined;
}

/** Case-sensitive if the term contains a capital letter. undefined: the term is empty. */
export function compileSearch(term: string): RegExp | undefined {
  const wanted = cleanText(term.slice(0, searchTermMaxUnits));
  if (wanted === "") return undefined;
  const escaped = wanted.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return new RegExp(escaped, /\p{Lu}/u.test(wanted) ? "gu" : "giu");
}

/** The newest searchMatchesMax matches, oldest first. */
export function findMatches(scrollback: ScrollbackModel, pattern: RegExp): readonly Match[] {
  const found: Match[] = [];
  for (let index = scrollback.length - 1; index >= 0 && found.length < searchMatchesMax; index -= 1) {
    const entry = scrollback.at(index);
    for (const match of entry === undefined ? [] : findMatchesIn(entry, pattern).toReversed())
      found.push(match);
  }
  found.length = Math.min(found.length, searchMatchesMax);
  return found.reverse();
}

/** -1, 0 or 1: `one` is before, at or after `other` in reading order. */
export function compareMatches(one: Match, other: Match): number {
  return Math.sign(one.entryId - other.entryId || one.line - other.line || one.start - other.start);
}

/** The rows of one entry with its matches highlighted; the same array if there are none. */
export function highlightRows(
  entry: Entry,
  rows: readonly Row[],
  { term, current }: SearchHighlight,
): readonly Row[] {
  const pattern = compileSearch(term);
  const matches = pattern === undefined ? [] : findMatchesIn(entry, pattern);
  if (matches.length === 0) return rows;
  let next = 0;
  const places = mapRowsToLines(entry, rows);
  return rows.map((whole, index) => {
    const row = whole.isFirst ? highlightName(entry, whole, matches, current) : whole;
    const place = places[index];
    if (place === undefined) return row;
    // Rows and matches are in the same order.
    while (next < matches.length && isBeforeRow(matches[next]!, place)) next += 1;
    const spans = clipMatches(matches, next, place, current);
    return spans.length === 0 ? row : { ...row, highlights: spans };
  });
}

/** If the match is in a part of the name that the label cuts off, the whole label is highlighted. */
function highlightName(entry: Entry, row: Row, matches: readonly Match[], current: Match | undefined): Row {
  const name = getAuthorName(entry);
  const found = matches.filter(({ line }) => line === authorLine);
  if (name === undefined || found.length === 0) return row;
  const { name: label = "" } = row;
  const { from, to, at } = findShownPart(label, name) ?? { from: 0, to: 0, at: 0 };
  const shown = found.filter(({ end }) => end > from);
  const spans = clipMatches(shown, 0, { line: authorLine, from, to, lead: at }, current);
  const isCurrent = found.some((match) => isSameMatch(match, current));
  if (spans.length > 0 && spans.some((span) => span.isCurrent) === isCurrent)
    return { ...row, nameHighlights: spans };
  return { ...row, nameHighlights: [{ start: 0, end: label.length, isCurrent }] };
}

/** The row in which the match begins; 0 if unknown. */
export function findRowOfMatch(entry: Entry, rows: readonly Row[], match: Match): number {
  if (match.line === authorLine)
    return Math.max(
      0,
      rows.findIndex(({ isFirst }) => isFirst),
    );
  const places = mapRowsToLines(entry, rows);
  return Math.max(
    0,
    places.findLastIndex((place) => place?.line === match.line && place.from <= match.start),
  );
}

/** The matches of an entry in order, at most searchMatchesMax. */
function findMatchesIn(entry: Entry, pattern: RegExp): readonly Match[] {
  const author = getAuthorName(entry);
  const found: Match[] = [];
  for (const [index, text] of [...(author === undefined ? [] : [author]), ...listLines(entry)].entries()) {
    const line = author === undefined ? index : index - 1;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      if (found.length === searchMatchesMax) return found;
      found.push({ entryId: entry.id, line, start: match.index, end: match.index + match[0].length });
    }
  }
  return found;
}

/** The name before the first line; undefined: there is none, or it is part of the line. */
function getAuthorName(entry: Entry): string | undefined {
  return entry.kind === "message" ? getLabelName(entry) : undefined;
}

function isBeforeRow(match: Match, place: RowSpan): boolean {
  return match.line < place.line || (match.line === place.line && match.end <= place.from);
}

/** The parts of the matches, from index `first` on, that the row shows. */
function clipMatches(
  matches: readonly Match[],
  first: number,
  { line, from, to, lead }: RowSpan,
  current: Match | undefined,
): readonly HighlightSpan[] {
  const spans: HighlightSpan[] = [];
  for (let index = first; index < matches.length; index += 1) {
    const match = matches[index]!;
    if (match.line !== line || match.start >= to) break;
    spans.push({
      start: Math.max(match.start, from) - from + lead,
      end: Math.min(match.end, to) - from + lead,
      isCurrent: isSameMatch(match, current),
    });
  }
  return spans;
}

function isSameMatch(match: Match, current: Match | undefined): boolean {
  return current !== undefined && compareMatches(match, current) === 0;
}
