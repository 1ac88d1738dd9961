/**
 * One entry of a conversation as rows of plain fields: `HH:MM nick │ text`. Here untrusted text becomes
 * safe text, and only ever right of the gutter. No colours; which rows are in view is conversation-rows.ts.
 */

import type { Entry, MessageEntry, NoticeEntry, NoticeTone } from "../../chat/log/entry.ts";
import { cleanText, splitLines } from "../../protocol/text/text.ts";
import { textColumns, wrapText } from "../../protocol/text/wrap.ts";
import type { Words } from "../../words/words.ts";
import { receiptText } from "./receipt-words.ts";
import type { Row } from "./row.ts";
import { speakerLabel } from "./speaker-label.ts";

/** What duet itself says in a conversation. */
export type RowWords = Pick<Words, "newLines" | "line" | "sentence">;

export interface RowShape {
  /** Width of the conversation, in columns. */
  readonly columns: number;
  /** `HH:MM`, five columns. Give the same function each time: rows are kept by it. */
  readonly formatTime: (atMs: number) => string;
  /** The day as a person writes it; undefined: days are not told apart. Every time the same function. */
  readonly formatDay?: (atMs: number) => string;
  readonly words: RowWords;
  /** What the widest speaker wants of the name column; undefined: all that it may have. */
  readonly nameColumns?: number;
}

/** How a row's columns are shared: `time name │ text`. `time` is 0 where there is no room for it. */
export interface RowColumns {
  readonly time: number;
  readonly name: number;
  readonly text: number;
}

/** The name column is never narrower than duet's signs and a short name. */
export const nameMinColumns = 5;

/** The name column is as wide as who speaks needs it, up to a share of the screen: an IPv4 endpoint fits from 64 on. */
export function rowColumns(columns: number, nameColumns = Number.POSITIVE_INFINITY): RowColumns {
  const time = columns < 30 ? 0 : 5;
  const nameMax = columns < 30 ? 6 : columns < 48 ? 8 : columns < 64 ? 12 : columns < 82 ? 16 : 22;
  const name = Math.min(nameMax, Math.max(nameMinColumns, nameColumns));
  const gaps = time === 0 ? 3 : 4;
  return { time, name, text: Math.max(1, columns - time - name - gaps) };
}

/** The rows of one entry, at least one. */
export function layoutEntry(entry: Entry, shape: RowShape): readonly Row[] {
  const columns = rowColumns(shape.columns, shape.nameColumns);
  const time = shape.formatTime(entry.atMs);
  return entry.kind === "message"
    ? messageRows(entry, columns, time, shape.words)
    : noticeRows(entry, columns, time);
}

function messageRows(
  entry: MessageEntry,
  columns: RowColumns,
  time: string,
  words: RowWords,
): readonly Row[] {
  const speaker = speakerLabel(entry, words.line.you, columns.name);
  const subject = entry.action ? `${entry.name} ` : "";
  const lines = splitLines(entry.text).map(cleanText);
  const texts = lines.flatMap((line, index) => wrapText(index === 0 ? subject + line : line, columns.text));
  const rows = texts.map((text, index) => ({
    entryId: entry.id,
    kind: entry.direction,
    first: index === 0,
    ...(index === 0 && { time, nameKey: entry.colourKey, ...speaker }),
    ...(index === 0 && entry.action && { subjectUnits: Math.min(text.length, entry.name.length) }),
    text,
  }));
  const noted = withNote(withMark(rows, entry, columns), entry, columns, words);
  return withReceipt(noted, entry, columns, words);
}

/** The mark of a growing line needs a column of its own. */
function withMark(rows: readonly Row[], entry: MessageEntry, columns: RowColumns): readonly Row[] {
  const last = rows.at(-1);
  if (!entry.growing || last === undefined) return rows;
  if (textColumns(last.text) < columns.text) return [...rows.slice(0, -1), { ...last, growing: true }];
  return [...rows, { ...continuation(entry), text: "", growing: true }];
}

function withNote(
  rows: readonly Row[],
  entry: MessageEntry,
  columns: RowColumns,
  words: RowWords,
): readonly Row[] {
  const last = rows.at(-1);
  if (entry.note === undefined || last === undefined) return rows;
  const said = words.sentence(entry.note);
  const note = entry.lostFor === undefined ? `[${said}]` : `[${said}; ${words.line.resend}]`;
  const room = columns.text - textColumns(last.text) - (last.growing === true ? 1 : 0);
  const separated = last.text === "" ? note : ` ${note}`;
  if (textColumns(separated) <= room) return [...rows.slice(0, -1), { ...last, note: separated }];
  const below = wrapText(note, columns.text).map((line) => ({
    ...continuation(entry),
    text: "",
    note: line,
  }));
  return [...rows, ...below];
}

/** Only where there is room for it: when it changes, no text moves. */
function withReceipt(
  rows: readonly Row[],
  entry: MessageEntry,
  columns: RowColumns,
  words: RowWords,
): readonly Row[] {
  const last = rows.at(-1);
  if (entry.receipt === undefined || last === undefined) return rows;
  const room = columns.text - textColumns(last.text + (last.note ?? "")) - 2;
  const receipt = receiptText(entry.receipt, words.line, room);
  return receipt === "" ? rows : [...rows.slice(0, -1), { ...last, receipt: `  ${receipt}` }];
}

function continuation(entry: MessageEntry): Pick<Row, "entryId" | "kind" | "first"> {
  return { entryId: entry.id, kind: entry.direction, first: false };
}

function noticeRows(entry: NoticeEntry, columns: RowColumns, time: string): readonly Row[] {
  const base = { entryId: entry.id, tone: entry.tone };
  const said = wrapText(entry.text, columns.text).map((text, index) => ({
    ...base,
    kind: "notice" as const,
    first: index === 0,
    ...(index === 0 && { time, name: noticeSign(entry.tone) }),
    text,
  }));
  if (entry.hint === undefined) return said;
  const hints = wrapText(entry.hint, Math.max(1, columns.text - 2)).map((text, index) => ({
    ...base,
    kind: "hint" as const,
    first: false,
    text: (index === 0 ? "→ " : "  ") + text,
  }));
  return [...said, ...hints];
}

/** What stands where a name would, as in other terminal chats. */
export function noticeSign(tone: NoticeTone): string {
  switch (tone) {
    case "joined":
      return "-->";
    case "left":
      return "<--";
    case "info":
    case "state":
      return "--";
    case "warning":
    case "error":
      return "!!";
  }
}
