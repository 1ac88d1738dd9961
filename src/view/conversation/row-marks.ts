/**
 * Marks the mentions and links in the rows of a message. A link that is wrapped keeps one target. The text is clean
 * already. No colours and no escapes.
 */

import { formatActor } from "../../protocol/text/nicknames.ts";
import type { Entry } from "../../chat/log/entry.ts";
import { findLinks } from "./links.ts";
import { findMentions } from "./mentions.ts";
import { listLines, mapRowsToLines } from "./row-spans.ts";
import type { Row, RowMark } from "./row.ts";

interface LineMark extends RowMark {
  readonly line: number;
}

const known = new WeakMap<readonly Row[], { readonly name: string; readonly rows: readonly Row[] }>();

/** The rows of one entry with their marks; the same array if there are none. `name` is the person's. */
export function markRows(entry: Entry, rows: readonly Row[], name: string): readonly Row[] {
  if (entry.kind !== "message") return rows;
  const before = known.get(rows);
  if (before?.name === name) return before.rows;
  const marked = addMarks(entry, rows, name);
  known.set(rows, { name, rows: marked });
  return marked;
}

function addMarks(entry: Entry, rows: readonly Row[], name: string): readonly Row[] {
  const isReceived = entry.kind === "message" && entry.direction === "in";
  const marks = listLines(entry).flatMap((text, line) => [
    ...(isReceived ? findNameMarks(entry, text, line, name) : []),
    ...findLinkMarks(entry, text, line),
  ]);
  if (marks.length === 0) return rows;
  const isMention = marks.some(({ link }) => link === undefined);
  const places = mapRowsToLines(entry, rows);
  // Rows and marks are in the same order, so that a line of many marks costs no more than its length.
  const ordered = marks.toSorted((one, other) => one.line - other.line || one.start - other.start);
  let next = 0;
  return rows.map((row, index) => {
    const place = places[index];
    while (place !== undefined && next < ordered.length && isBefore(ordered[next]!, place)) next += 1;
    const here = place === undefined ? [] : clipAll(ordered, next, place);
    return {
      ...row,
      ...(isMention && row.kind === "in" && { isMention: true }),
      ...(here.length > 0 && { marks: here }),
    };
  });
}

function isBefore({ line, end }: LineMark, place: Place): boolean {
  return line < place.line || (line === place.line && end <= place.from);
}

/** The parts in this row of the marks from `first` on. */
function clipAll(ordered: readonly LineMark[], first: number, place: Place): readonly RowMark[] {
  const here: RowMark[] = [];
  for (let index = first; index < ordered.length; index += 1) {
    const mark = ordered[index]!;
    if (mark.line > place.line || (mark.line === place.line && mark.start >= place.to)) break;
    here.push(...clip(mark, place));
  }
  return here;
}

/** The author's name before the text of a `/me` message is not a mention. */
function findNameMarks(entry: Entry, text: string, line: number, name: string): readonly LineMark[] {
  const isSubject = entry.kind === "message" && entry.action && line === 0;
  const subjectUnits = isSubject ? formatActor(entry.name).length : 0;
  return findMentions(text, name)
    .filter(({ start }) => start >= subjectUnits)
    .map((span) => ({ ...span, line }));
}

function findLinkMarks(entry: Entry, text: string, line: number): readonly LineMark[] {
  return findLinks(text).map(({ start, end, url }) => {
    const link = { url, id: `duet-${entry.id}-${line}-${start}` };
    return { start, end, line, link };
  });
}

type Place = NonNullable<ReturnType<typeof mapRowsToLines>[number]>;

function clip(mark: LineMark, { line, from, to, lead }: Place): readonly RowMark[] {
  const start = Math.max(mark.start, from);
  const end = Math.min(mark.end, to);
  if (mark.line !== line || start >= end) return [];
  const span = { start: start - from + lead, end: end - from + lead };
  return [mark.link === undefined ? span : { ...span, link: mark.link }];
}
