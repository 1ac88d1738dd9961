/**
 * A log with a bounded size. At the bound FILE is renamed to FILE.1, FILE.1 to FILE.2, and so on, the oldest file is
 * replaced, and FILE starts empty. Only regular files are mended and rotated.
 */

import fs from "node:fs";
import { logFileMaxBytes, logFilesKept } from "../../protocol/limits.ts";
import { isSentence, type Sentence } from "../../words/sentences/sentence.ts";
import { AsyncFile } from "./async-file.ts";
import type { FindLogEnd, LogEnd } from "./log-end.ts";
import { type OpenedLog, openLog, openNextLog } from "./log-file.ts";

export interface RotatedFileOptions {
  /** Called once, with a POSIX code. Nothing is written afterwards. */
  readonly onError: (code: string) => void;
  /** Bytes to write at the beginning of each file. */
  readonly header?: () => Uint8Array;
  /** Finds half a record that another run left at the end of the file. By default the end is left as it is. */
  readonly findEnd?: FindLogEnd;
  readonly maxBytes?: number;
  /** The number of older files to keep. */
  readonly olderFiles?: number;
}

/** How long a rotated file may write none of its queue. */
const rotatedFlushMs = 60_000;

export class RotatedFile {
  readonly #path: string;
  readonly #options: Required<RotatedFileOptions>;
  #file: AsyncFile;
  /** The size of the file, including queued bytes. */
  #bytes: number;
  #isRegular: boolean;
  #descriptor: number;
  #hasFailed = false;

  /** The findings and their mending when the log was opened. */
  readonly notes: readonly Sentence[];

  private constructor(opened: OpenedLog, options: RotatedFileOptions) {
    const defaults = {
      header: noBytes,
      findEnd: findNothing,
      maxBytes: logFileMaxBytes,
      olderFiles: logFilesKept,
    };
    this.#options = { ...defaults, ...options };
    this.#path = opened.path;
    this.#descriptor = opened.descriptor;
    this.#file = this.#writeTo(opened);
    this.#bytes = opened.bytes;
    this.#isRegular = opened.isRegular;
    this.notes = opened.notes;
    if (opened.lacksNewline) this.write("\n");
    this.#writeHeader();
  }

  /** Opens the file to append to it, or creates it with mode 600; a sentence if that is not possible. */
  static open(path: string, options: RotatedFileOptions): RotatedFile | Sentence {
    const opened = openLog(path, options.findEnd ?? findNothing);
    return isSentence(opened) ? opened : new RotatedFile(opened, options);
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

  #writeTo({ descriptor }: OpenedLog): AsyncFile {
    return new AsyncFile(descriptor, (code) => this.#fail(code));
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
      const opened = openNextLog(this.#path);
      this.#descriptor = opened.descriptor;
      this.#file = this.#writeTo(opened);
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

function findNothing(): LogEnd {
  return { kind: "whole" };
}

/** Replaces a file that has the name already. */
function renameIfPresent(from: string, to: string): void {
  if (fs.existsSync(from)) fs.renameSync(from, to);
}
