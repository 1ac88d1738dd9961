/**
 * Lays out one entry as rows of plain fields: `HH:MM nick │ text`. Received text is cleaned here and stays right of the
 * gutter. No colours; conversation-rows.ts selects the rows in view.
 */

import type { Entry, EntryPath, MessageEntry, NoticeEntry, NoticeTone } from "../../chat/log/entry.ts";
import { formatActor } from "../../protocol/text/nicknames.ts";
import { cleanText, splitLines } from "../../protocol/text/text.ts";
import { measureColumns, wrapText } from "../../protocol/text/wrap.ts";
import type { Words } from "../../words/tables/words.ts";
import { formatReceipt } from "./receipt-text.ts";
import type { Row } from "./row.ts";
import { buildAuthorLabel } from "./author-label.ts";

/** The words of the notices, notes and labels in a conversation. */
export type RowWords = Pick<Words, "newLines" | "line" | "word">;

export interface RowShape {
  /** Width of the conversation, in columns. */
  readonly columns: number;
  /** `HH:MM`, five columns. Pass the same function each time: the layout is cached by it. */
  readonly formatTime: (atMs: number) => string;
  /** Formats a day in the person's language; undefined: no day rules. Pass the same function each time. */
  readonly formatDay?: (atMs: number) => string;
  readonly words: RowWords;
  /** The wanted width of the name column; undefined: its maximum for this width. */
  readonly nameColumns?: number;
  /** The conversation has entries of both transports: each is laid out with its path. */
  readonly isOverBoth?: boolean;
}

/** Column widths of `time path name │ text`. `time` is 0 on a narrow screen, `path` in a room of one transport. */
export interface RowColumns {
  readonly time: number;
  readonly path: number;
  readonly name: number;
  readonly text: number;
}

/** Room for a notice's sign or a short name. */
export const nameMinColumns = 5;

/**
 * The name column is as wide as the longest label, up to a maximum that depends on the screen: an IPv4 endpoint fits
 * from 64 columns on.
 */
export function divideRow(
  columns: number,
  nameColumns = Number.POSITIVE_INFINITY,
  isOverBoth = false,
): RowColumns {
  const time = columns < 30 ? 0 : 5;
  const path = !isOverBoth ? 0 : columns < wholePathColumns ? 1 : 3;
  const nameMax = columns < 30 ? 6 : columns < 48 ? 8 : columns < 64 ? 12 : columns < 82 ? 16 : 22;
  const name = Math.min(nameMax, Math.max(nameMinColumns, nameColumns));
  const gaps = 3 + (time === 0 ? 0 : 1) + (path === 0 ? 0 : 1);
  return { time, path, name, text: Math.max(1, columns - time - path - name - gaps) };
}

/** From this width on, a path is a word rather than a letter. */
const wholePathColumns = 48;

/** The mark of a path, in three columns or one: a message may have gone to members of both transports. */
const pathMarks: Readonly<Record<EntryPath, readonly [string, string]>> = {
  tcp: ["TCP", "T"],
  udp: ["UDP", "U"],
  both: ["T+U", "+"],
};

/** The mark of an entry's path, padded to `columns` (3 or 1); blank for a notice without a path. */
export function formatPath(over: EntryPath | undefined, columns: number): string {
  const [whole, short] = over === undefined ? ["", ""] : pathMarks[over];
  return (columns >= whole.length ? whole : short).padEnd(columns);
}

/** The path of the first row of an entry, if the rows have a column for it. */
function makePathField({ over }: Entry, { path }: RowColumns): Pick<Row, "path"> {
  return path === 0 ? {} : { path: formatPath(over, path) };
}

/** The rows of one entry, at least one. */
export function layoutEntry(entry: Entry, shape: RowShape): readonly Row[] {
  const columns = divideRow(shape.columns, shape.nameColumns, shape.isOverBoth);
  const time = shape.formatTime(entry.atMs);
  return entry.kind === "message"
    ? layoutMessage(entry, columns, time, shape.words)
    : layoutNotice(entry, columns, time);
}

function layoutMessage(
  entry: MessageEntry,
  columns: RowColumns,
  time: string,
  words: RowWords,
): readonly Row[] {
  const author = buildAuthorLabel(entry, words.line.you, columns.name);
  const subject = entry.action ? `${formatActor(entry.name)} ` : "";
  const lines = splitLines(entry.text).map(cleanText);
  const texts = lines.flatMap((line, index) => wrapText(index === 0 ? subject + line : line, columns.text));
  const rows = texts.map((text, index) => ({
    entryId: entry.id,
    kind: entry.direction,
    isFirst: index === 0,
    ...(index === 0 && { time, ...makePathField(entry, columns), nameKey: entry.colourKey, ...author }),
    ...(index === 0 && entry.action && { subjectUnits: Math.min(text.length, subject.length - 1) }),
    text,
  }));
  const noted = addNote(addGrowingMark(rows, entry, columns), entry, columns, words);
  return addReceipt(noted, entry, columns, words);
}

/** Marks the last row of a growing message. The mark takes a column, so it may need a row of its own. */
function addGrowingMark(rows: readonly Row[], entry: MessageEntry, columns: RowColumns): readonly Row[] {
  const last = rows.at(-1);
  if (!entry.growing || last === undefined) return rows;
  if (measureColumns(last.text) < columns.text) return [...rows.slice(0, -1), { ...last, isGrowing: true }];
  return [...rows, { ...makeContinuation(entry), text: "", isGrowing: true }];
}

/** The remarks beside a message; empty without one. */
export function wordRemarks({ keyRemarks = [], note }: MessageEntry, { word }: RowWords): string {
  return [...keyRemarks, ...(note === undefined ? [] : [note])].map(word).join("; ");
}

function addNote(
  rows: readonly Row[],
  entry: MessageEntry,
  columns: RowColumns,
  words: RowWords,
): readonly Row[] {
  const last = rows.at(-1);
  const worded = wordRemarks(entry, words);
  if (worded === "" || last === undefined) return rows;
  const note = entry.lostFor === undefined ? `[${worded}]` : `[${worded}; ${words.line.resend}]`;
  const room = columns.text - measureColumns(last.text) - (last.isGrowing === true ? 1 : 0);
  const separated = last.text === "" ? note : ` ${note}`;
  if (measureColumns(separated) <= room) return [...rows.slice(0, -1), { ...last, note: separated }];
  const below = wrapText(note, columns.text).map((line) => ({
    ...makeContinuation(entry),
    text: "",
    note: line,
  }));
  return [...rows, ...below];
}

/** Adds the receipt if it fits the last row, so that a change of the receipt never moves text. */
function addReceipt(
  rows: readonly Row[],
  entry: MessageEntry,
  columns: RowColumns,
  words: RowWords,
): readonly Row[] {
  const last = rows.at(-1);
  if (entry.receipt === undefined || last === undefined) return rows;
  const room = columns.text - measureColumns(last.text + (last.note ?? "")) - 2;
  const receipt = formatReceipt(entry.receipt, words.line, room);
  return receipt === "" ? rows : [...rows.slice(0, -1), { ...last, receipt: `  ${receipt}` }];
}

function makeContinuation(entry: MessageEntry): Pick<Row, "entryId" | "kind" | "isFirst"> {
  return { entryId: entry.id, kind: entry.direction, isFirst: false };
}

function layoutNotice(entry: NoticeEntry, columns: RowColumns, time: string): readonly Row[] {
  const base = { entryId: entry.id, tone: entry.tone };
  const worded = wrapText(entry.text, columns.text).map((text, index) => ({
    ...base,
    kind: "notice" as const,
    isFirst: index === 0,
    ...(index === 0 && { time, ...makePathField(entry, columns), name: getNoticeSign(entry.tone) }),
    text,
  }));
  if (entry.hint === undefined) return worded;
  const hints = wrapText(entry.hint, Math.max(1, columns.text - 2)).map((text, index) => ({
    ...base,
    kind: "hint" as const,
    isFirst: false,
    text: (index === 0 ? "→ " : "  ") + text,
  }));
  return [...worded, ...hints];
}

/** The sign in the name column of a notice, as other terminal chats draw it. */
export function getNoticeSign(tone: NoticeTone): string {
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
