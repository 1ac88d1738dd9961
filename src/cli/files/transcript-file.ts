/**
 * Writes a transcript to a file of mode 600. An existing file is replaced only on request, and only once the new one is
 * complete.
 */

import fs from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { resolveTrustedPath } from "./trusted-path.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

type SaveResult =
  | { readonly type: "saved"; readonly lines: number }
  /** The file exists already, so nothing was written. */
  | { readonly type: "exists" }
  | { readonly type: "failed"; readonly problem: Sentence };

/** The length of the text in one write, in UTF-16 code units. */
const chunkUnits = 64 * 1024;

/** Replaces `~` at the beginning of a path by the home folder. */
export function expandHome(path: string): string {
  const home = process.env["HOME"] ?? homedir();
  return path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
}

/**
 * Writes each line with a newline. `path` is expanded already. Synchronous, so that a question about an existing file
 * is asked before the next key is handled.
 */
export function saveTranscript(path: string, lines: Iterable<string>, overwrite: boolean): SaveResult {
  try {
    if (resolveTrustedPath(path).kind === "link")
      return { type: "failed", problem: describeFailure(path, "ELOOP") };
    if (!overwrite) return { type: "saved", lines: writeNewFile(path, lines) };
    return { type: "saved", lines: replaceFile(path, lines) };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "EEXIST" && !overwrite && isFile(path)) return { type: "exists" };
    return { type: "failed", problem: describeFailure(path, String(error.code)) };
  }
}

function writeNewFile(path: string, lines: Iterable<string>): number {
  const descriptor = fs.openSync(path, "wx", 0o600);
  try {
    return writeLines(descriptor, lines);
  } catch (error) {
    // An incomplete transcript could be mistaken for a complete one.
    fs.rmSync(path, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Follows a link to its file. Does not replace a folder or a device. */
function replaceFile(path: string, lines: Iterable<string>): number {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile())
    throw Object.assign(new Error("no regular file"), { code: stat.isDirectory() ? "EISDIR" : "EEXIST" });
  const target = stat === undefined ? path : fs.realpathSync(path);
  const unfinished = join(dirname(target), `.${basename(target).slice(0, 100)}.${process.pid}.new`);
  const count = writeNewFile(unfinished, lines);
  try {
    fs.renameSync(unfinished, target);
  } finally {
    fs.rmSync(unfinished, { force: true });
  }
  return count;
}

function writeLines(descriptor: number, lines: Iterable<string>): number {
  let count = 0;
  let chunk = "";
  for (const line of lines) {
    chunk += `${line}\n`;
    count += 1;
    if (chunk.length < chunkUnits) continue;
    fs.writeFileSync(descriptor, chunk);
    chunk = "";
  }
  fs.writeFileSync(descriptor, chunk);
  return count;
}

function isFile(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function describeFailure(path: string, code: string): Sentence {
  return sentence("transcript-failed", { path, folder: dirname(path), code });
}
