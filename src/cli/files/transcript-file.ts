/**
 * A transcript written to a file of mode 600: never over one that is there unless that was asked for, and then the old
 * one goes only when the new one is whole. Every refusal is a sentence. It knows nothing of what the lines say.
 */

import fs from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { cleanText } from "../../protocol/text/text.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

type SaveResult =
  | { readonly type: "saved"; readonly lines: number }
  /** A file is there: nothing was written. */
  | { readonly type: "exists" }
  | { readonly type: "failed"; readonly problem: Sentence };

/** Of the text, about so much is written at a time. */
const pieceUnits = 64 * 1024;

/** `~` and `~/…` are the home folder. */
export function expandHome(path: string): string {
  const home = process.env["HOME"] ?? homedir();
  return path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
}

/** Writes each line with a newline. `path` is expanded already. Synchronous: a question it raises comes before the next key. */
export function saveTranscript(path: string, lines: Iterable<string>, overwrite: boolean): SaveResult {
  try {
    if (!overwrite) return { type: "saved", lines: writeNew(path, lines) };
    return { type: "saved", lines: replace(path, lines) };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "EEXIST" && !overwrite && isFile(path)) return { type: "exists" };
    return { type: "failed", problem: failure(path, String(error.code)) };
  }
}

function writeNew(path: string, lines: Iterable<string>): number {
  const descriptor = fs.openSync(path, "wx", 0o600);
  try {
    return writeLines(descriptor, lines);
  } catch (error) {
    // Half a transcript would pass for a whole one.
    fs.rmSync(path, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Through a link to the file it names; a folder or a device in its place is left alone. */
function replace(path: string, lines: Iterable<string>): number {
  const there = fs.statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile())
    throw Object.assign(new Error("no plain file"), { code: there.isDirectory() ? "EISDIR" : "EEXIST" });
  const target = there === undefined ? path : fs.realpathSync(path);
  const unfinished = join(dirname(target), `.${basename(target).slice(0, 100)}.${process.pid}.new`);
  const count = writeNew(unfinished, lines);
  try {
    fs.renameSync(unfinished, target);
  } finally {
    fs.rmSync(unfinished, { force: true });
  }
  return count;
}

function writeLines(descriptor: number, lines: Iterable<string>): number {
  let count = 0;
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    count += 1;
    if (piece.length < pieceUnits) continue;
    fs.writeFileSync(descriptor, piece);
    piece = "";
  }
  fs.writeFileSync(descriptor, piece);
  return count;
}

function isFile(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function failure(path: string, code: string): Sentence {
  const folder = cleanText(dirname(path));
  return sentence("transcript-failed", { path: cleanText(path), folder, code });
}
