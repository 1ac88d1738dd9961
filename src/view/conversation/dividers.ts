/**
 * The lines drawn across a conversation: where a day begins, and where what was not read begins. And the times that need
 * not be said again. No colours; which entries are in view is conversation-rows.ts.
 */

import type { Entry } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import { cutEnd, textColumns } from "../../protocol/text/wrap.ts";
import type { Words } from "../../words/words.ts";
import type { Row } from "./row.ts";

/** What a rule needs to know. */
export interface DividerShape {
  readonly columns: number;
  /** The day as a person writes it; always the same text: no days are told. */
  readonly formatDay: (atMs: number) => string;
  readonly words: Pick<Words, "newLines">;
}

/** Every time zone begins its days at a quarter of an hour. */
const quarterMs = 15 * 60 * 1000;
const leadColumns = 4;

/** The rules above an entry, mostly none. */
export function dividersAbove(
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
    ...(isDay ? [rule(entry, shape.formatDay(entry.atMs), shape.columns)] : []),
    ...(isNew ? [{ ...rule(entry, shape.words.newLines, shape.columns), tone: "info" as const }] : []),
  ];
}

/** The same rows, but a time that stands above already is left out. The topmost row keeps its own. */
export function withoutRepeatedTimes(rows: readonly Row[]): readonly Row[] {
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
function rule({ id }: Entry, words: string, columns: number): Row {
  const text = cutEnd(`${"─".repeat(leadColumns)} ${words} `, columns);
  return { entryId: id, kind: "rule", first: false, text: text + "─".repeat(columns - textColumns(text)) };
}
