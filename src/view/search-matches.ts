/**
 * Where a term stands in a conversation: which lines of which entries, and which part of which row. What is searched
 * is what a person reads, so a line is found whole however it is wrapped. No keys, no colours.
 */

import { searchMatchesMax, searchTermMaxUnits } from "../protocol/limits.ts";
import { cleanText, splitLines } from "../protocol/text.ts";
import type { Entry, EntryId } from "../chat/entry.ts";
import type { ScrollbackModel } from "../chat/screen-model.ts";
import type { Row } from "./entry-rows.ts";

/** A place in the conversation where the term stands. */
export interface Match {
  readonly entryId: EntryId;
  /** Which line of the entry, from 0; a notice's hint is its last. */
  readonly line: number;
  /** In UTF-16 units of the clean line. */
  readonly start: number;
  readonly end: number;
}

/** Units of a row's text that are to be lit. */
export interface LitSpan {
  readonly start: number;
  readonly end: number;
  /** Of the match that the search stands at. */
  readonly current: boolean;
}

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
  const places = placesOf(entry, rows);
  return rows.map((row, index) => {
    const place = places[index];
    if (place === undefined) return row;
    // Rows and matches follow one another in the same order.
    while (next < matches.length && isBeforeRow(matches[next]!, place)) next += 1;
    const lit = spansFrom(matches, next, place, current);
    return lit.length === 0 ? row : { ...row, lit };
  });
}

/** Which of the entry's rows the match begins in; 0 when it cannot be told. */
export function rowOfMatch(entry: Entry, rows: readonly Row[], match: Match): number {
  const places = placesOf(entry, rows);
  return Math.max(
    0,
    places.findLastIndex((place) => place?.line === match.line && place.from <= match.start),
  );
}

/** In their order, at most searchMatchesMax. */
function matchesIn(entry: Entry, pattern: RegExp): readonly Match[] {
  const lines = linesOf(entry);
  const found: Match[] = [];
  for (const [line, text] of lines.entries()) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      if (found.length === searchMatchesMax) return found;
      found.push({ entryId: entry.id, line, start: match.index, end: match.index + match[0].length });
    }
  }
  return found;
}

/** What the entry reads as, before it is wrapped: as entry-rows.ts lays it out. */
export function linesOf(entry: Entry): readonly string[] {
  if (entry.kind === "notice") return entry.hint === undefined ? [entry.text] : [entry.text, entry.hint];
  const lines = entry.text.includes("\n") ? splitLines(entry.text).map(cleanText) : [cleanText(entry.text)];
  return entry.action ? [`${entry.name} ${lines[0] ?? ""}`, ...lines.slice(1)] : lines;
}

/** The part of a line that a row shows. */
export interface RowPlace {
  readonly line: number;
  /** In units of the line. */
  readonly from: number;
  readonly to: number;
  /** What stands before it in the row: a hint's arrow. */
  readonly lead: number;
}

/** Rows follow their lines; between two rows of a line only spaces were left out. */
export function placesOf(entry: Entry, rows: readonly Row[]): readonly (RowPlace | undefined)[] {
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

function isBeforeRow(match: Match, place: RowPlace): boolean {
  return match.line < place.line || (match.line === place.line && match.end <= place.from);
}

/** What of the matches from `first` on stands in the row. */
function spansFrom(
  matches: readonly Match[],
  first: number,
  { line, from, to, lead }: RowPlace,
  current: Match | undefined,
): readonly LitSpan[] {
  const lit: LitSpan[] = [];
  for (let index = first; index < matches.length; index += 1) {
    const match = matches[index]!;
    if (match.line !== line || match.start >= to) break;
    lit.push({
      start: Math.max(match.start, from) - from + lead,
      end: Math.min(match.end, to) - from + lead,
      current: current !== undefined && compareMatches(match, current) === 0,
    });
  }
  return lit;
}
