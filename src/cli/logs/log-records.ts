/**
 * Where the last whole record of a text log ends: events and lines of -o, payloads of -x. After kill -9 or on a full
 * disk a log can end within a record. A last line that duet cannot have written is never cut.
 */

import type { FindLogEnd, LogEnd, ReadLog } from "../files/log-end.ts";
import { logSearchChunkBytes } from "../../protocol/limits.ts";

const whole: LogEnd = { kind: "whole" };
const lineFeed = 0x0a;

/** NDJSON. A last event that is complete without its newline is kept. */
export const findEventsEnd: FindLogEnd = (read, size) =>
  findLinesEnd(read, size, (line) => {
    const start = '{"type":"';
    if (!line.startsWith(start.slice(0, line.length))) return "foreign";
    return isJson(line) ? "complete" : "half";
  });

/** Lines that begin with their time. Whether one without its newline is complete cannot be seen. */
export const findTextEnd: FindLogEnd = (read, size) =>
  findLinesEnd(read, size, (line) => (beginsAs(line, "0000-00-00T00:00:00.000Z ") ? "half" : "foreign"));

/** True if a line, or the beginning of one, has this form, in which 0 stands for any digit. */
function beginsAs(line: string, form: string): boolean {
  return form.startsWith(line.slice(0, form.length).replace(/\d/g, "0"));
}

type LastLine = "complete" | "half" | "foreign";

function findLinesEnd(read: ReadLog, size: number, judge: (line: string) => LastLine): LogEnd {
  const start = findLineStart(read, size);
  if (start === size) return whole;
  const line = read(start, size - start).toString("utf8");
  // A file system can leave NULs where bytes were not written before a power failure.
  const isHalf = line.startsWith("\0") || judge(line) === "half";
  return isHalf ? { kind: "unfinished", wholeBytes: start } : { kind: "unterminated" };
}

/** The offset after the last newline before `end`; 0 if there is none. */
function findLineStart(read: ReadLog, end: number): number {
  for (let before = end; before > 0;) {
    const start = Math.max(0, before - logSearchChunkBytes);
    const found = read(start, before - start).lastIndexOf(lineFeed);
    if (found >= 0) return start + found + 1;
    before = start;
  }
  return 0;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** The first line of a payload in hex-log.ts, with its number of bytes. */
const payloadLine = /^[<>] \d{4}-\S+Z \w+ .* (\d+) B$/;
const payloadForms = ["< 0000-00-00T00:00:00.000Z ", "> 0000-00-00T00:00:00.000Z "];
const hexRowBytes = 16;
/** A row without the characters of its bytes: offset, two halves, two bars and the newline. */
const hexRowColumns = 8 + 2 + 23 + 2 + 23 + 2 + 2 + 1;

/** Payloads: their rows begin with digits, so the last line that begins with an arrow begins the last one. */
export const findHexEnd: FindLogEnd = (read, size) => {
  const start = findPayloadStart(read, size);
  const text = start === undefined ? "" : read(start, size - start).toString("latin1");
  if (start === undefined || !payloadForms.some((form) => beginsAs(text, form)))
    return findLinesEnd(read, size, () => "foreign");
  const lineEnd = text.indexOf("\n");
  const bytes = Number(payloadLine.exec(text.slice(0, lineEnd))?.[1] ?? 0);
  const length = lineEnd + 1 + Math.ceil(bytes / hexRowBytes) * hexRowColumns + bytes;
  const isHalf = lineEnd < 0 || text.length < length;
  return isHalf ? { kind: "unfinished", wholeBytes: start } : findLinesEnd(read, size, () => "foreign");
};

/** The offset of the last line that begins with an arrow; undefined if there is none. */
function findPayloadStart(read: ReadLog, size: number): number | undefined {
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - logSearchChunkBytes);
    // One byte more, so that a newline and an arrow are found together; at the beginning a newline is imagined.
    const bytes =
      start === 0
        ? `\n${read(0, end + 1).toString("latin1")}`
        : read(start - 1, end - start + 2).toString("latin1");
    const found = Math.max(bytes.lastIndexOf("\n<"), bytes.lastIndexOf("\n>"));
    if (found >= 0) return start + found;
    end = start;
  }
  return undefined;
}
