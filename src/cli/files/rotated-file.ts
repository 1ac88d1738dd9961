/**
 * A log that never fills a disk by itself: at its bound it becomes FILE.1, what was FILE.1 becomes FILE.2, and so on up to
 * the oldest, which goes; then the log begins anew. Only a plain file is turned over. What is written is decided elsewhere.
 */

import fs from "node:fs";
import { logFileMaxBytes, logFilesKept } from "../../protocol/limits.ts";
import { AsyncFile } from "./async-file.ts";

export interface RotatedFileOptions {
  /** Called once, with a POSIX code; nothing is written afterwards. */
  readonly onError: (code: string) => void;
  /** What each file begins with. */
  readonly head?: () => Uint8Array;
  readonly maxBytes?: number;
  /** Older files beside the one that is written to. */
  readonly kept?: number;
}

/** What is under way to a file that was turned over gets this long to be written. */
const turnedFlushMs = 60_000;

export class RotatedFile {
  readonly #path: string;
  readonly #options: Required<RotatedFileOptions>;
  #file: AsyncFile;
  /** All that the file holds, and will hold once what waits is written. */
  #bytes: number;
  #isPlain: boolean;
  /** Of the file; ours to close once it was turned over. */
  #descriptor = -1;
  #failed = false;

  /** Opens it to add to it, or makes it with mode 600. Throws what the system says. */
  constructor(path: string, options: RotatedFileOptions) {
    const defaults = { head: nothing, maxBytes: logFileMaxBytes, kept: logFilesKept };
    this.#options = { ...defaults, ...options };
    const opened = this.#open(path);
    // A link stays one: what it names is turned over.
    this.#path = opened.isPlain ? fs.realpathSync(path) : path;
    this.#file = opened.file;
    this.#bytes = opened.bytes;
    this.#isPlain = opened.isPlain;
    this.#writeHead();
  }

  /** One piece is never parted between two files. */
  write(content: string | Uint8Array): void {
    if (this.#failed) return;
    const bytes = Buffer.from(content);
    const isFull = this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes;
    if (this.#isPlain && isFull && !this.#turn()) return;
    this.#bytes += bytes.length;
    this.#file.write(bytes);
  }

  flush(timeoutMs: number): Promise<void> {
    return this.#file.flush(timeoutMs);
  }

  #open(path: string): { readonly file: AsyncFile; readonly bytes: number; readonly isPlain: boolean } {
    const descriptor = fs.openSync(path, "a", 0o600);
    const stat = fs.fstatSync(descriptor);
    const file = new AsyncFile(descriptor, (code) => this.#fail(code));
    const isPlain = stat.isFile();
    this.#descriptor = descriptor;
    return { file, bytes: isPlain ? stat.size : 0, isPlain };
  }

  #writeHead(): void {
    const head = this.#options.head();
    this.#bytes += head.length;
    if (head.length > 0) this.#file.write(head);
  }

  /** False: it could not be done, and was told. */
  #turn(): boolean {
    const file = this.#file;
    const descriptor = this.#descriptor;
    try {
      for (let age = this.#options.kept; age > 0; age -= 1) rename(this.#named(age - 1), this.#named(age));
      const opened = this.#open(this.#path);
      this.#file = opened.file;
      this.#bytes = opened.bytes;
      this.#isPlain = opened.isPlain;
    } catch (error) {
      this.#fail(error instanceof Error && "code" in error ? String(error.code) : "EIO");
      return false;
    }
    // A descriptor with a write under way must not become another file's: it is left open then.
    void file.flush(turnedFlushMs).then(() => file.isSettled && fs.closeSync(descriptor));
    this.#writeHead();
    return true;
  }

  #named(age: number): string {
    return age === 0 ? this.#path : `${this.#path}.${age}`;
  }

  #fail(code: string): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onError(code);
  }
}

function nothing(): Uint8Array {
  return new Uint8Array(0);
}

/** Over what has the name already; one that is not there is no fault. */
function rename(from: string, to: string): void {
  if (fs.existsSync(from)) fs.renameSync(from, to);
}
