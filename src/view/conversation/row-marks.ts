/**
 * Marks the mentions and links in the rows of a message. A link that is wrapped keeps one target. The text is clean
 * already. No colours and no escapes.
 */

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
  return rows.map((row, index) => {
    const place = places[index];
    const here = place === undefined ? [] : marks.flatMap((mark) => clip(mark, place));
    return {
      ...row,
      ...(isMention && row.kind === "in" && { isMention: true }),
      ...(here.length > 0 && { marks: here }),
    };
  });
}

/** The author's name before the text of a `/me` message is not a mention. */
function findNameMarks(entry: Entry, text: string, line: number, name: string): readonly LineMark[] {
  const subjectUnits = entry.kind === "message" && entry.action && line === 0 ? entry.name.length : 0;
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
