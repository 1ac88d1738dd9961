/**
 * A conversation as plain, clean lines: for a transcript file, and for the terminal after the screen is closed. It
 * writes nothing.
 */

import { measureColumns } from "../../protocol/text/wrap.ts";
import type { Entry, MessageEntry } from "../../chat/log/entry.ts";
import type { ScrollbackModel } from "../../chat/log/scrollback.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { formatActor } from "../../protocol/text/nicknames.ts";
import { cleanTabbedText, cleanText, splitLines } from "../../protocol/text/text.ts";
import { type RowWords, formatPath, getNoticeSign, wordRemarks } from "./entry-rows.ts";

/** How entries become lines. */
interface EntryFormat {
  readonly words: RowWords;
  readonly formatTime: (atMs: number) => string;
  /** Cleans a line of a message; with or without its tabs. */
  readonly clean: (line: string) => string;
  /** The path stands after the time. */
  readonly isOverBoth?: boolean;
}

/** `TIME <name> text`, `TIME * name waves`, `TIME -- a notice`: one output line for each line of text. */
function formatEntry(entry: Entry, format: EntryFormat): readonly string[] {
  const { words, formatTime, clean, isOverBoth = false } = format;
  const time = formatTime(entry.atMs) + (isOverBoth ? ` ${formatPath(entry.over, 3)}` : "");
  if (entry.kind === "message") return formatMessage(entry, words, clean).map((line) => `${time} ${line}`);
  const hint = entry.hint === undefined ? [] : [`${time}    → ${entry.hint}`];
  return [`${time} ${getNoticeSign(entry.tone)} ${entry.text}`, ...hint];
}

/** The whole scrollback with its tabs, after a note on how many entries were dropped. */
export function* formatTranscript(
  scrollback: ScrollbackModel,
  words: RowWords,
  formatTime: (atMs: number) => string,
): Generator<string> {
  const format = { words, formatTime, clean: cleanTabbedText, isOverBoth: scrollback.isOverBoth };
  if (scrollback.dropped > 0) yield words.line.olderDropped(scrollback.dropped);
  for (let index = 0; index < scrollback.length; index += 1) {
    const entry = scrollback.at(index);
    if (entry !== undefined) yield* formatEntry(entry, format);
  }
}

interface ClosingShape {
  readonly columns: number;
  /** The most rows of the terminal that all lines together may take. */
  readonly rows: number;
  readonly formatTime: (atMs: number) => string;
}

/** The last lines of each conversation that has a message, the active one last; of one that both tabs share, once. */
export function formatClosingLines(model: ScreenModel, shape: ClosingShape): readonly string[] {
  const other = model.active === "tcp" ? "udp" : "tcp";
  const isShared = model.scrollback[other] === model.scrollback[model.active];
  const names = isShared ? ([model.active] as const) : ([other, model.active] as const);
  const authored = names.filter((name) => hasMessage(model.scrollback[name]));
  return authored.flatMap((name) => {
    const heading = authored.length > 1 ? [`${name.toUpperCase()}:`] : [];
    const room = Math.floor(shape.rows / authored.length) - heading.length;
    return [...heading, ...takeLastLines(model.scrollback[name], model.words, { ...shape, rows: room })];
  });
}

function takeLastLines(
  scrollback: ScrollbackModel,
  words: RowWords,
  { columns, rows, formatTime }: ClosingShape,
): readonly string[] {
  const format = { words, formatTime, clean: cleanText, isOverBoth: scrollback.isOverBoth };
  const newestFirst: string[] = [];
  let left = rows;
  for (let index = scrollback.length - 1; index >= 0; index -= 1) {
    const entry = scrollback.at(index);
    const lines = entry === undefined ? [] : formatEntry(entry, format);
    for (const line of lines.toReversed()) {
      left -= Math.max(1, Math.ceil(measureColumns(line) / columns));
      if (left < 0) return newestFirst.reverse();
      newestFirst.push(line);
    }
  }
  return newestFirst.reverse();
}

function hasMessage(scrollback: ScrollbackModel): boolean {
  for (let index = scrollback.length - 1; index >= 0; index -= 1)
    if (scrollback.at(index)?.kind === "message") return true;
  return false;
}

function formatMessage(entry: MessageEntry, words: RowWords, clean: EntryFormat["clean"]): readonly string[] {
  const { privateWith, direction } = entry;
  const to = privateWith === undefined ? "" : ` → ${direction === "in" ? words.line.you : privateWith}`;
  const author = entry.action ? `* ${formatActor(entry.name)}${to}` : `<${entry.name}${to}>`;
  const lines = splitLines(entry.text).map((line) => `${author} ${clean(line)}`);
  const remarks = wordRemarks(entry, words);
  const note = remarks === "" ? "" : ` [${remarks}]`;
  return lines.map((line, index) => (index === lines.length - 1 ? line + note : line).trimEnd());
}
