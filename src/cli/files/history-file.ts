/**
 * The composer's history on disk, so that the up arrow reaches lines of earlier runs. A file of mode 600 with one line
 * for each entry. All duets of a person share it: each appends its own lines. Errors are ignored, because a chat
 * without a history still works.
 */

import fs from "node:fs";
import { dirname } from "node:path";
import { historyFileMaxBytes, historyLineMaxUnits, inputHistoryMax } from "../../protocol/limits.ts";
import { resolveTrustedPath } from "./trusted-path.ts";
import { attempt, replaceFile } from "./replace-file.ts";
import { FileLock } from "./file-lock.ts";

/** The shortest time between two writes. */
const writeIntervalMs = 1000;
/** At the end of the program, how long to wait for another process that has the lock. */
const lastWriteWaitMs = 50;

const lineFeed = 0x0a;

const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;

export class HistoryFile {
  readonly #path: string | undefined;
  readonly #lock: FileLock;
  #pending: string[] = [];
  #last: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Without a path nothing is read or written. */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#lock = new FileLock(`${path}.lock`);
  }

  /**
   * The newest entries of earlier runs, at most inputHistoryMax, oldest first. Also shortens a file that is too long.
   */
  read(): readonly string[] {
    const path = this.#path;
    if (path === undefined) return [];
    const encoded = attempt(() => readLines(path)) ?? [];
    if (encoded.length > 2 * inputHistoryMax) this.#lock.tryRun(() => attempt(() => shortenFile(path)));
    const lines = encoded.slice(-inputHistoryMax).map(decodeLine);
    this.#last = lines.at(-1);
    return lines;
  }

  /** Adds a submitted line, except a very long one, or one that begins with a space, which is private as in a shell. */
  add(line: string): void {
    const isKept = line.trim() !== "" && !line.startsWith(" ") && line.length <= historyLineMaxUnits;
    if (this.#path === undefined || !isKept || line === this.#last) return;
    this.#last = line;
    this.#pending.push(encodeLine(line));
    if (this.#pending.length > inputHistoryMax) this.#pending.shift();
    if (this.#timer !== undefined) return;
    this.#write();
    this.#armTimer();
  }

  /** Writes pending lines at the end of the program, if necessary without the lock. */
  close(): void {
    clearTimeout(this.#timer);
    this.#write(true);
  }

  #armTimer(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#pending.length === 0) return;
      this.#write();
      this.#armTimer();
    }, writeIntervalMs);
    this.#timer.unref();
  }

  #write(isLast = false): void {
    const path = this.#path;
    const text = this.#pending.join("");
    if (path === undefined || text === "") return;
    attempt(() => fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 }));
    const write = (): void => {
      this.#pending = [];
      attempt(() => appendToFile(path, text));
    };
    // A single append is atomic. The lock only prevents an append to a file that is being replaced.
    if (!this.#lock.tryRunFor(isLast ? lastWriteWaitMs : 0, write) && isLast) write();
  }
}

/** Escapes an entry so that it is one line of the file. */
function encodeLine(line: string): string {
  const encoded = line
    .toWellFormed()
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
  return `${encoded}\n`;
}

function decodeLine(encoded: string): string {
  return encoded.replace(/\\(.)/gu, (_, escaped: string) => {
    if (escaped === "n") return "\n";
    return escaped === "r" ? "\r" : escaped;
  });
}

/** The newest lines of the file, within historyFileMaxBytes. */
function readLines(path: string): readonly string[] {
  // O_NONBLOCK, so that opening a pipe does not block.
  const descriptor = fs.openSync(path, O_RDONLY | O_NONBLOCK);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) return [];
    const start = Math.max(0, stat.size - historyFileMaxBytes);
    const bytes = Buffer.alloc(stat.size - start);
    const length = fs.readSync(descriptor, bytes, 0, bytes.length, start);
    const lines = bytes.toString("utf8", 0, length).split("\n");
    // The first line may be incomplete. The last item is the rest after the last newline.
    return lines.slice(start > 0 ? 1 : 0, -1).filter((line) => line !== "");
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Appends, after changing the file's mode to 600 if it has another one; not through a link of another user. */
function appendToFile(path: string, text: string): void {
  if (resolveTrustedPath(path).kind === "link") return;
  const descriptor = fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) return;
    if ((stat.mode & 0o777) !== 0o600) fs.fchmodSync(descriptor, 0o600);
    fs.writeSync(descriptor, endsWithinLine(path, stat.size) ? `\n${text}` : text);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** True if a full disk, or the end of a process, left half a line at the end of the file. */
function endsWithinLine(path: string, size: number): boolean {
  const descriptor = fs.openSync(path, O_RDONLY | O_NONBLOCK);
  try {
    const last = Buffer.alloc(1);
    return size > 0 && fs.readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== lineFeed;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Replaces the file by one with only its newest lines. */
function shortenFile(path: string): void {
  const target = fs.realpathSync(path);
  const lines = readLines(target).slice(-inputHistoryMax);
  replaceFile(target, `${lines.join("\n")}\n`);
}
