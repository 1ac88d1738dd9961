/**
 * Where a term stands in a conversation: which lines of which entries, and which part of which row. What is searched
 * is what a person reads, so a line is found whole however it is wrapped. No keys, no colours.
 */

import type { Entry, EntryId } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import { searchMatchesMax, searchTermMaxUnits } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type RowSpan, linesOf, rowSpans } from "./row-spans.ts";
import type { LitSpan, Row } from "./row.ts";
import { labelledName, shownOfName } from "./speaker-label.ts";

/** A place in the conversation where the term stands. */
export interface Match {
  readonly entryId: EntryId;
  /** Which line of the entry, from 0; a notice's hint is its last. speakerLine: the name before them. */
  readonly line: number;
  /** In UTF-16 units of the clean line, or of the whole name. */
  readonly start: number;
  readonly end: number;
}

/** Who said it is read before the first line. */
export const speakerLine = -1;

/** What to light, and which of it the search stands at. */
export interface SearchLight {
  readonly term: string;
  readonly current: Match | undefined;
}

/** Case counts only when a capital was typed. undefined: nothing is looked for. */
export function searchPattern(term: string): RegExp | undefined {
  const wanted = cleanText(term.slice(0, searchTermMaxUnits));
  if (wanted === "") return undefined;
  const escaped = wanted.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return new RegExp(escaped, /\p{Lu}/u.test(wanted) ? "gu" : "giu");
}

/** All matches, oldest first; of more than searchMatchesMax the newest. */
export function findMatches(scrollback: ScrollbackModel, pattern: RegExp): readonly Match[] {
  const found: Match[] = [];
  for (let index = scrollback.length - 1; index >= 0 && found.length < searchMatchesMax; index -= 1) {
    const entry = scrollback.at(index);
    for (const match of entry === undefined ? [] : matchesIn(entry, pattern).toReversed()) found.push(match);
  }
  found.length = Math.min(found.length, searchMatchesMax);
  return found.reverse();
}

/** -1, 0 or 1: before, the same or after, in the order of reading. */
export function compareMatches(one: Match, other: Match): number {
  return Math.sign(one.entryId - other.entryId || one.line - other.line || one.start - other.start);
}

/** The rows of one entry with what is to be lit; the same rows when nothing is. */
export function lightRows(
  entry: Entry,
  rows: readonly Row[],
  { term, current }: SearchLight,
): readonly Row[] {
  const pattern = searchPattern(term);
  const matches = pattern === undefined ? [] : matchesIn(entry, pattern);
  if (matches.length === 0) return rows;
  let next = 0;
  const places = rowSpans(entry, rows);
  return rows.map((whole, index) => {
    const row = whole.first ? withLitName(entry, whole, matches, current) : whole;
    const place = places[index];
    if (place === undefined) return row;
    // Rows and matches follow one another in the same order.
    while (next < matches.length && isBeforeRow(matches[next]!, place)) next += 1;
    const lit = spansFrom(matches, next, place, current);
    return lit.length === 0 ? row : { ...row, lit };
  });
}

/** What the label has cut off cannot be lit: then all of it is, so that it is seen why the line was found. */
function withLitName(entry: Entry, row: Row, matches: readonly Match[], current: Match | undefined): Row {
  const name = speakerOf(entry);
  const found = matches.filter(({ line }) => line === speakerLine);
  if (name === undefined || found.length === 0) return row;
  const { name: label = "" } = row;
  const { from, to, at } = shownOfName(label, name) ?? { from: 0, to: 0, at: 0 };
  const shown = found.filter(({ end }) => end > from);
  const lit = spansFrom(shown, 0, { line: speakerLine, from, to, lead: at }, current);
  const isCurrent = found.some((match) => isAt(match, current));
  if (lit.length > 0 && lit.some((span) => span.current) === isCurrent) return { ...row, litName: lit };
  return { ...row, litName: [{ start: 0, end: label.length, current: isCurrent }] };
}

/** Which of the entry's rows the match begins in; 0 when it cannot be told. */
export function rowOfMatch(entry: Entry, rows: readonly Row[], match: Match): number {
  if (match.line === speakerLine)
    return Math.max(
      0,
      rows.findIndex(({ first }) => first),
    );
  const places = rowSpans(entry, rows);
  return Math.max(
    0,
    places.findLastIndex((place) => place?.line === match.line && place.from <= match.start),
  );
}

/** In their order, at most searchMatchesMax. */
function matchesIn(entry: Entry, pattern: RegExp): readonly Match[] {
  const speaker = speakerOf(entry);
  const found: Match[] = [];
  for (const [index, text] of [...(speaker === undefined ? [] : [speaker]), ...linesOf(entry)].entries()) {
    const line = speaker === undefined ? index : index - 1;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      if (found.length === searchMatchesMax) return found;
      found.push({ entryId: entry.id, line, start: match.index, end: match.index + match[0].length });
    }
  }
  return found;
}

/** Whose name stands before the first line; undefined: nobody's, or in the line itself. */
function speakerOf(entry: Entry): string | undefined {
  return entry.kind === "message" ? labelledName(entry) : undefined;
}

function isBeforeRow(match: Match, place: RowSpan): boolean {
  return match.line < place.line || (match.line === place.line && match.end <= place.from);
}

/** What of the matches from `first` on stands in the row. */
function spansFrom(
  matches: readonly Match[],
  first: number,
  { line, from, to, lead }: RowSpan,
  current: Match | undefined,
): readonly LitSpan[] {
  const lit: LitSpan[] = [];
  for (let index = first; index < matches.length; index += 1) {
    const match = matches[index]!;
    if (match.line !== line || match.start >= to) break;
    lit.push({
      start: Math.max(match.start, from) - from + lead,
      end: Math.min(match.end, to) - from + lead,
      current: isAt(match, current),
    });
  }
  return lit;
}

function isAt(match: Match, current: Match | undefined): boolean {
  return current !== undefined && compareMatches(match, current) === 0;
}
