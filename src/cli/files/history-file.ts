/**
 * The composer's history on disk, so that the up arrow reaches back to earlier runs. A file of mode 600, a line an
 * entry, shared by all duets of a person: each adds its own lines, and none takes another's away. What cannot be read
 * or written is passed over: a history is no reason to stop.
 */

import fs from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { historyFileMaxBytes, historyLineMaxUnits, inputHistoryMax } from "../../protocol/limits.ts";
import { FileLock } from "./file-lock.ts";

/** What is typed fast is written at most this often. */
const writeIntervalMs = 1000;
/** On the way out another's work on the file is waited for so long. */
const lastWaitMs = 50;

const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;

/** `$XDG_STATE_HOME/duet/history`, or below ~/.local/state; undefined: there is no such place (XDG Base Directory). */
export function historyPath(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const state = env["XDG_STATE_HOME"] ?? "";
  const home = env["HOME"] ?? homedir();
  const base = isAbsolute(state) ? state : isAbsolute(home) ? join(home, ".local", "state") : undefined;
  return base === undefined ? undefined : join(base, "duet", "history");
}

export class HistoryFile {
  readonly #path: string | undefined;
  readonly #lock: FileLock;
  #pending: string[] = [];
  #last: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** undefined: nothing is kept. */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#lock = new FileLock(`${path}.lock`);
  }

  /** What earlier runs kept, oldest first, at most inputHistoryMax; a file grown long is made short. */
  read(): readonly string[] {
    const path = this.#path;
    if (path === undefined) return [];
    const kept = attempt(() => readLines(path)) ?? [];
    if (kept.length > 2 * inputHistoryMax) this.#lock.tryWith(() => attempt(() => compact(path)));
    const lines = kept.slice(-inputHistoryMax).map(decodeLine);
    this.#last = lines.at(-1);
    return lines;
  }

  /** A line that was submitted. One that begins with a space is private, as in a shell; a very long one is not kept. */
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

  /** Writes what waits, at the end of the program: soon, whoever holds the lock. */
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
      attempt(() => append(path, text));
    };
    // One write that appends is whole; the lock only keeps it from a file that is being replaced.
    if (!this.#lock.tryFor(isLast ? lastWaitMs : 0, write) && isLast) write();
  }
}

/** One line for one entry, whatever it holds. */
function encodeLine(line: string): string {
  const written = line
    .toWellFormed()
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
  return `${written}\n`;
}

function decodeLine(written: string): string {
  return written.replace(/\\(.)/gu, (_, escaped: string) => {
    if (escaped === "n") return "\n";
    return escaped === "r" ? "\r" : escaped;
  });
}

/** The newest lines of the file, within historyFileMaxBytes. */
function readLines(path: string): readonly string[] {
  // A pipe in the file's place must not make this wait.
  const descriptor = fs.openSync(path, O_RDONLY | O_NONBLOCK);
  try {
    const { size } = fs.fstatSync(descriptor);
    if (!fs.fstatSync(descriptor).isFile()) return [];
    const start = Math.max(0, size - historyFileMaxBytes);
    const bytes = Buffer.alloc(size - start);
    const length = fs.readSync(descriptor, bytes, 0, bytes.length, start);
    const lines = bytes.toString("utf8", 0, length).split("\n");
    // The first may be cut, and the last is what follows the last newline.
    return lines.slice(start > 0 ? 1 : 0, -1).filter((line) => line !== "");
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A file not of mode 600 is made so: what was typed is nobody else's. */
function append(path: string, text: string): void {
  const descriptor = fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
  try {
    const status = fs.fstatSync(descriptor);
    if (!status.isFile()) return;
    if ((status.mode & 0o777) !== 0o600) fs.fchmodSync(descriptor, 0o600);
    fs.writeSync(descriptor, text);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** The newest lines alone, in a file that appears whole in the place of the old one. */
function compact(path: string): void {
  const target = fs.realpathSync(path);
  const unfinished = `${target}.${process.pid}.new`;
  const lines = readLines(target).slice(-inputHistoryMax);
  try {
    fs.writeFileSync(unfinished, `${lines.join("\n")}\n`, { flag: "wx", mode: 0o600 });
    fs.renameSync(unfinished, target);
  } finally {
    fs.rmSync(unfinished, { force: true });
  }
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    // The file system said no: no history then.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
