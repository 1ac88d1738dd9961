/**
 * Opens a log to append to it: checks who else could have made it or may read it, and mends the end that a killed run
 * or a full disk has left.
 */

import fs from "node:fs";
import { isSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { type FindLogEnd, inspectLogEnd } from "./log-end.ts";
import { findAccessOfOthers, isInSharedFolder, isTrustedOwner, resolveTrustedPath } from "./trusted-path.ts";

const { O_APPEND, O_CREAT, O_EXCL, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = fs.constants;
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
  /** The findings and their mending. */
  readonly notes: readonly Sentence[];
}

/**
 * Opens a log, or creates it with mode 600; a sentence if that is not possible. A pipe that nobody reads is refused: to
 * wait for a reader would stop the process. A pipe stays non-blocking, so that no thread waits in a write when the
 * program ends. Nothing is written through a link, or to a file, that another user could have put there.
 */
export function openLog(path: string, findEnd: FindLogEnd): OpenedLog | Sentence {
  try {
    const trusted = resolveTrustedPath(path);
    if (trusted.kind === "link") return sentence("log-untrusted", { path, reason: "link", at: trusted.link });
    const descriptor = fs.openSync(trusted.path, toAppend | (trusted.isOpaque ? 0 : O_NOFOLLOW), ownMode);
    const isRegular = fs.fstatSync(descriptor).isFile();
    // A file behind a link of /proc, as /dev/fd/3 is one, is rotated where it is.
    const real = isRegular && trusted.isOpaque ? fs.realpathSync(trusted.path) : trusted.path;
    const opened = inspectLog(real, descriptor, path, findEnd);
    if (isSentence(opened)) fs.closeSync(descriptor);
    return opened;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return sentence("log-unopened", { path, code: String(error.code) });
  }
}

/**
 * Creates the log that follows one that was rotated. Throws the error of the system, EEXIST if something has the name
 * again.
 */
export function openNextLog(path: string): OpenedLog {
  const descriptor = fs.openSync(path, toAppend | O_EXCL | O_NOFOLLOW, ownMode);
  return { descriptor, path, bytes: 0, isRegular: true, lacksNewline: false, notes: [] };
}

function inspectLog(
  path: string,
  descriptor: number,
  shown: string,
  findEnd: FindLogEnd,
): OpenedLog | Sentence {
  const stat = fs.fstatSync(descriptor);
  const isRegular = stat.isFile();
  const opened = { descriptor, path, bytes: 0, isRegular, lacksNewline: false, notes: [] };
  if (!isRegular && !stat.isFIFO()) return opened;
  const untrusted = findUntrusted(path, stat, shown);
  if (untrusted !== undefined || !isRegular) return untrusted ?? opened;
  const notes = describeExposure(path, stat, shown);
  const end = inspectLogEnd(path, descriptor, findEnd);
  switch (end.kind) {
    case "whole":
      return { ...opened, notes, bytes: stat.size };
    case "unterminated":
      return { ...opened, notes, bytes: stat.size, lacksNewline: true };
    case "unfinished": {
      fs.ftruncateSync(descriptor, end.wholeBytes);
      const mended = sentence("log-mended", { path: shown, bytes: stat.size - end.wholeBytes });
      return { ...opened, notes: [...notes, mended], bytes: end.wholeBytes };
    }
    case "damaged":
      return sentence("log-damaged", { path: shown, atByte: end.atByte });
  }
}

/** A file that another user can have put into a shared folder, to read our lines or to have them written elsewhere. */
function findUntrusted(path: string, stat: fs.Stats, shown: string): Sentence | undefined {
  if ((isTrustedOwner(stat.uid) && stat.nlink <= 1) || !isInSharedFolder(path)) return undefined;
  const reason = isTrustedOwner(stat.uid) ? "second-name" : "owner";
  return sentence("log-untrusted", { path: shown, reason, at: String(stat.uid) });
}

/** Notes who else may read or change the log. A log that duet has made is its owner's alone. */
function describeExposure(path: string, { uid, mode }: fs.Stats, shown: string): readonly Sentence[] {
  if (!isTrustedOwner(uid)) return [sentence("log-of-another", { path: shown, uid })];
  const { mayRead, mayChange } = findAccessOfOthers(path, mode);
  if (!mayRead && !mayChange) return [];
  const access = mayRead && mayChange ? "both" : mayRead ? "read" : "change";
  return [sentence("log-exposed", { path: shown, mode: (mode & 0o777).toString(8), access })];
}
