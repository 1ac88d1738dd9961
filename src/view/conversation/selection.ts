/**
 * A part of the conversation that the person selects with the mouse: its places, its highlight and its text. Places are
 * in the lines of the entries, so that they stay where they are when the view scrolls, grows or is wrapped anew. No
 * colours and no keys.
 */

import type { Entry, EntryId } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import { copiedMaxBytes } from "../../protocol/limits.ts";
import { splitUnits } from "../../protocol/text/units.ts";
import { measureColumns } from "../../protocol/text/wrap.ts";
import { getNoticeSign } from "./entry-rows.ts";
import { getLabelName } from "./author-label.ts";
import type { Row } from "./row.ts";
import { type RowSpan, listLines, mapRowsToLines } from "./row-spans.ts";

/** The character under the pointer; beyond a row's text, the empty place at its end. */
interface Place {
  readonly entryId: EntryId;
  readonly line: number;
  /** In UTF-16 units of the clean line; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface Selection {
  /** Where the button was pressed. */
  readonly from: Place;
  /** Where the pointer is. */
  readonly to: Place;
  /** It began left of the text: the names of authors are copied too. */
  readonly hasNames: boolean;
}

/** One row of an entry's rows, and the column of its text under the pointer, from 0. */
interface RowPoint {
  readonly entry: Entry;
  /** All rows of the entry. */
  readonly rows: readonly Row[];
  readonly row: number;
  readonly column: number;
}

/** The place under the pointer. In a row without text of its own it is the end of the text before, or the beginning. */
export function findPlace({ entry, rows, row, column }: RowPoint): Place {
  const spans = mapRowsToLines(entry, rows);
  const span = spans[row];
  if (span !== undefined)
    return { entryId: entry.id, line: span.line, ...findUnits(rows[row]!, span, column) };
  const before = spans.slice(0, row).findLast((one) => one !== undefined);
  const at = before?.to ?? 0;
  return { entryId: entry.id, line: before?.line ?? 0, start: at, end: at };
}

/** The units of a line that the row shows at a column of its text. */
function findUnits({ text }: Row, { from, to, lead }: RowSpan, column: number): Pick<Place, "start" | "end"> {
  let right = lead;
  let start = from;
  if (column < right) return { start, end: start };
  for (const unit of splitUnits(text.slice(lead))) {
    right += measureColumns(unit);
    if (column < right) return { start, end: start + unit.length };
    start += unit.length;
  }
  return { start: to, end: to };
}

/** True if nothing is selected: the pointer is on the character where the button was pressed. */
export function isEmptySelection({ from, to }: Selection): boolean {
  return comparePlaces(from, to) === 0;
}

function comparePlaces(one: Place, other: Place): number {
  return one.entryId - other.entryId || one.line - other.line || one.start - other.start;
}

/** The two ends in reading order. */
function sortEnds({ from, to }: Selection): readonly [first: Place, last: Place] {
  return comparePlaces(from, to) <= 0 ? [from, to] : [to, from];
}

/** The units of a line that are selected; undefined: none. */
function clipLine(
  [first, last]: readonly [Place, Place],
  { id }: Entry,
  line: number,
  length: number,
): { readonly start: number; readonly end: number } | undefined {
  const isBefore = id < first.entryId || (id === first.entryId && line < first.line);
  const isAfter = id > last.entryId || (id === last.entryId && line > last.line);
  if (isBefore || isAfter) return undefined;
  const start = id === first.entryId && line === first.line ? first.start : 0;
  const end = id === last.entryId && line === last.line ? Math.min(last.end, length) : length;
  return start <= end ? { start, end } : undefined;
}

/** The rows of one entry with what is selected highlighted; the same array if nothing is. */
export function highlightSelection(entry: Entry, rows: readonly Row[], selection: Selection): readonly Row[] {
  const ends = sortEnds(selection);
  if (entry.id < ends[0].entryId || entry.id > ends[1].entryId || isEmptySelection(selection)) return rows;
  const lines = listLines(entry);
  const spans = mapRowsToLines(entry, rows);
  return rows.map((row, index) => {
    const span = spans[index];
    const clip = span && clipLine(ends, entry, span.line, lines[span.line]?.length ?? 0);
    if (span === undefined || clip === undefined) return row;
    const start = Math.max(clip.start, span.from);
    const end = Math.min(clip.end, span.to);
    const isNamed = selection.hasNames && row.isFirst && clip.start === 0 && row.name !== undefined;
    const nameHighlights = isNamed ? [{ start: 0, end: row.name?.length ?? 0, isCurrent: true }] : undefined;
    const named = nameHighlights === undefined ? row : { ...row, nameHighlights };
    if (start >= end) return named;
    const { from, lead } = span;
    return {
      ...named,
      highlights: [{ start: start - from + lead, end: end - from + lead, isCurrent: true }],
    };
  });
}

/** The selected text, clean, one line for each line of the conversation; cut behind the bytes that may be copied. */
export function readSelection(scrollback: ScrollbackModel, selection: Selection): string {
  const ends = sortEnds(selection);
  const selected: string[] = [];
  let bytes = 0;
  for (let index = scrollback.indexOf(ends[0].entryId); index < scrollback.length; index += 1) {
    const entry = scrollback.at(index);
    if (entry === undefined || entry.id > ends[1].entryId || bytes > copiedMaxBytes) break;
    for (const line of readLines(entry, ends, selection.hasNames)) {
      selected.push(line);
      bytes += Buffer.byteLength(line) + 1;
    }
  }
  return selected.join("\n");
}

function readLines(entry: Entry, ends: readonly [Place, Place], hasNames: boolean): readonly string[] {
  return listLines(entry).flatMap((text, line) => {
    const clip = clipLine(ends, entry, line, text.length);
    // At an end of the selection nothing of a line may be in it.
    if (clip === undefined || (clip.start === clip.end && text !== "")) return [];
    const name = hasNames && line === 0 && clip.start === 0 ? formatName(entry) : "";
    return [name + text.slice(clip.start, clip.end)];
  });
}

/** As a transcript names the author. */
function formatName(entry: Entry): string {
  if (entry.kind === "notice") return `${getNoticeSign(entry.tone)} `;
  return getLabelName(entry) === undefined ? "* " : `<${entry.name}> `;
}
