/**
 * The rules across a conversation: before the first entry of a day, and before the first unread entry. Also leaves out
 * repeated times. No colours; conversation-rows.ts selects the entries in view.
 */

import { measureColumns } from "../../protocol/text/wrap.ts";
import type { Entry } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import { cutEnd } from "../../protocol/text/wrap.ts";
import type { Words } from "../../words/tables/words.ts";
import type { Row } from "./row.ts";

interface DividerShape {
  readonly columns: number;
  /** The day in the person's language. A function that always returns the same text disables the day rules. */
  readonly formatDay: (atMs: number) => string;
  readonly words: Pick<Words, "newLines">;
}

/** In every time zone a day begins on a quarter of an hour (UTC). */
const quarterMs = 15 * 60 * 1000;
const leadColumns = 4;

/** The rules above an entry; for most entries none. */
export function buildDividers(
  scrollback: ScrollbackModel,
  index: number,
  shape: DividerShape,
): readonly Row[] {
  const entry = scrollback.at(index);
  if (entry === undefined) return [];
  const before = scrollback.at(index - 1);
  const isDay = before !== undefined && isAnotherDay(before, entry, shape);
  const isNew = isFirstUnread(before, entry, scrollback.unreadAfter);
  if (!isDay && !isNew) return [];
  return [
    ...(isDay ? [makeRule(entry, shape.formatDay(entry.atMs), shape.columns)] : []),
    ...(isNew ? [{ ...makeRule(entry, shape.words.newLines, shape.columns), tone: "info" as const }] : []),
  ];
}

/** Leaves out a time that equals the one shown above it. The first row, and the first below a rule, keep theirs. */
export function dropRepeatedTimes(rows: readonly Row[]): readonly Row[] {
  let shown: string | undefined;
  return rows.map((row) => {
    if (row.kind === "rule") shown = undefined;
    if (row.time === undefined) return row;
    if (row.time !== shown) {
      shown = row.time;
      return row;
    }
    const { time: _, ...rest } = row;
    return rest;
  });
}

function isAnotherDay(before: Entry, entry: Entry, { formatDay }: DividerShape): boolean {
  if (Math.floor(before.atMs / quarterMs) === Math.floor(entry.atMs / quarterMs)) return false;
  return formatDay(before.atMs) !== formatDay(entry.atMs);
}

function isFirstUnread(before: Entry | undefined, entry: Entry, unreadAfter: number | undefined): boolean {
  if (unreadAfter === undefined || entry.id <= unreadAfter) return false;
  return before === undefined || before.id <= unreadAfter;
}

/** `──── Tuesday 24 November 2026 ───────` */
function makeRule({ id }: Entry, words: string, columns: number): Row {
  const text = cutEnd(`${"─".repeat(leadColumns)} ${words} `, columns);
  return {
    entryId: id,
    kind: "rule",
    isFirst: false,
    text: text + "─".repeat(columns - measureColumns(text)),
  };
}
