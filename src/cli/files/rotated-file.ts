/**
 * A log with a bounded size. At the bound FILE is renamed to FILE.1, FILE.1 to FILE.2, and so on, the oldest file is
 * replaced, and FILE starts empty. Only regular files are rotated.
 */

import fs from "node:fs";
import { logFileMaxBytes, logFilesKept } from "../../protocol/limits.ts";
import { AsyncFile } from "./async-file.ts";

export interface RotatedFileOptions {
  /** Called once, with a POSIX code. Nothing is written afterwards. */
  readonly onError: (code: string) => void;
  /** Bytes to write at the beginning of each file. */
  readonly header?: () => Uint8Array;
  readonly maxBytes?: number;
  /** The number of older files to keep. */
  readonly olderFiles?: number;
}

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } = fs.constants;

/** How long a rotated file may write none of its queue. */
const rotatedFlushMs = 60_000;

export class RotatedFile {
  readonly #path: string;
  readonly #options: Required<RotatedFileOptions>;
  #file: AsyncFile;
  /** The size of the file, including queued bytes. */
  #bytes: number;
  #isRegular: boolean;
  #descriptor = -1;
  #hasFailed = false;

  /** Opens the file to append to it, or creates it with mode 600. Throws the error of the system. */
  constructor(path: string, options: RotatedFileOptions) {
    const defaults = { header: noBytes, maxBytes: logFileMaxBytes, olderFiles: logFilesKept };
    this.#options = { ...defaults, ...options };
    const opened = this.#open(path);
    // A symbolic link stays in place: the file that it points to is rotated.
    this.#path = opened.isRegular ? fs.realpathSync(path) : path;
    this.#file = opened.file;
    this.#bytes = opened.bytes;
    this.#isRegular = opened.isRegular;
    this.#writeHeader();
  }

  /** Appends to the file, rotating it first if it is full. One write is never split between two files. */
  write(content: string | Uint8Array): void {
    if (this.#hasFailed) return;
    const bytes = Buffer.from(content);
    const isFull = this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes;
    if (this.#isRegular && isFull && !this.#rotate()) return;
    this.#bytes += bytes.length;
    this.#file.write(bytes);
  }

  /** See AsyncFile. */
  flush(idleMs: number): Promise<number> {
    return this.#file.flush(idleMs);
  }

  #open(path: string): { readonly file: AsyncFile; readonly bytes: number; readonly isRegular: boolean } {
    const descriptor = openToAppend(path);
    const stat = fs.fstatSync(descriptor);
    const file = new AsyncFile(descriptor, (code) => this.#fail(code));
    const isRegular = stat.isFile();
    this.#descriptor = descriptor;
    return { file, bytes: isRegular ? stat.size : 0, isRegular };
  }

  #writeHeader(): void {
    const header = this.#options.header();
    this.#bytes += header.length;
    if (header.length > 0) this.#file.write(header);
  }

  /** Returns false after an error, which it reports. */
  #rotate(): boolean {
    const file = this.#file;
    const descriptor = this.#descriptor;
    try {
      for (let age = this.#options.olderFiles; age > 0; age -= 1)
        renameIfPresent(this.#getPath(age - 1), this.#getPath(age));
      const opened = this.#open(this.#path);
      this.#file = opened.file;
      this.#bytes = opened.bytes;
      this.#isRegular = opened.isRegular;
    } catch (error) {
      this.#fail(error instanceof Error && "code" in error ? String(error.code) : "EIO");
      return false;
    }
    // A descriptor with a write under way stays open, because its number could be reused for another file.
    void file.flush(rotatedFlushMs).then(() => file.isIdle && fs.closeSync(descriptor));
    this.#writeHeader();
    return true;
  }

  #getPath(age: number): string {
    return age === 0 ? this.#path : `${this.#path}.${age}`;
  }

  #fail(code: string): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.onError(code);
  }
}

function noBytes(): Uint8Array {
  return new Uint8Array(0);
}

/** Replaces a file that has the name already. */
function renameIfPresent(from: string, to: string): void {
  if (fs.existsSync(from)) fs.renameSync(from, to);
}

/**
 * Opens a file to append to it. A pipe that nobody reads is refused with ENXIO: to wait for a reader would stop the
 * process. A pipe stays non-blocking, so that no thread waits in a write when the program ends.
 */
function openToAppend(path: string): number {
  return fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, 0o600);
}
