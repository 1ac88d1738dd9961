/** Opens a log to append to it, and mends the end that a killed run or a full disk has left. */

import fs from "node:fs";
import { cleanText } from "../../protocol/text/text.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { type FindLogEnd, inspectLogEnd } from "./log-end.ts";

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } = fs.constants;
const toAppend = O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_NONBLOCK;
const ownMode = 0o600;

export interface OpenedLog {
  readonly descriptor: number;
  /** Without symbolic links, if it is a regular file: a link stays in place, and the file that it points to is rotated. */
  readonly path: string;
  /** 0 if it is no regular file. */
  readonly bytes: number;
  readonly isRegular: boolean;
  /** True if the last line has no newline. */
  readonly lacksNewline: boolean;
  /** What was noticed and done. */
  readonly notes: readonly Sentence[];
}

/**
 * Opens a log, or creates it with mode 600; a sentence if that is not possible. A pipe that nobody reads is refused: to
 * wait for a reader would stop the process. A pipe stays non-blocking, so that no thread waits in a write when the
 * program ends.
 */
export function openLog(path: string, findEnd: FindLogEnd): OpenedLog | Sentence {
  try {
    const descriptor = fs.openSync(path, toAppend, ownMode);
    const opened = fs.fstatSync(descriptor).isFile()
      ? openRegular(path, descriptor, findEnd)
      : { descriptor, path, bytes: 0, isRegular: false, lacksNewline: false, notes: [] };
    if ("id" in opened) fs.closeSync(descriptor);
    return opened;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return sentence("log-unopened", { path: cleanText(path), code: String(error.code) });
  }
}

/** Opens the log that follows one that was rotated. Throws the error of the system. */
export function openNextLog(path: string): OpenedLog {
  const descriptor = fs.openSync(path, toAppend, ownMode);
  const stat = fs.fstatSync(descriptor);
  const isRegular = stat.isFile();
  return { descriptor, path, bytes: isRegular ? stat.size : 0, isRegular, lacksNewline: false, notes: [] };
}

function openRegular(path: string, descriptor: number, findEnd: FindLogEnd): OpenedLog | Sentence {
  const { size } = fs.fstatSync(descriptor);
  const opened = {
    descriptor,
    path: fs.realpathSync(path),
    bytes: size,
    isRegular: true,
    lacksNewline: false,
    notes: [],
  };
  const end = inspectLogEnd(path, descriptor, findEnd);
  const shown = cleanText(path);
  switch (end.kind) {
    case "whole":
      return opened;
    case "unterminated":
      return { ...opened, lacksNewline: true };
    case "unfinished": {
      fs.ftruncateSync(descriptor, end.wholeBytes);
      const note = sentence("log-mended", { path: shown, bytes: size - end.wholeBytes });
      return { ...opened, bytes: end.wholeBytes, notes: [note] };
    }
    case "damaged":
      return sentence("log-damaged", { path: shown, atByte: end.atByte });
  }
}
