/**
 * A lock between processes of one person, as a file that exists while one of them works. Old lock files are ignored.
 */

import fs from "node:fs";

/** No process keeps the lock this long: a process that ended without removing the file left it behind. */
const staleAfterMs = 5000;
const retryMs = 2;

export class FileLock {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Calls `work` with the lock. Returns false, without calling it, if another process has the lock. */
  tryRun(work: () => void): boolean {
    if (!this.#acquire()) return false;
    try {
      work();
    } finally {
      fs.rmSync(this.#path, { force: true });
    }
    return true;
  }

  /** Retries `tryRun` until the timeout. Blocks the process, so it is for the end of the program. */
  tryRunFor(timeoutMs: number, work: () => void): boolean {
    for (let waitedMs = 0; !this.tryRun(work); waitedMs += retryMs) {
      // If there is no lock file, it has just been removed, or cannot be created at all.
      if (waitedMs >= timeoutMs || !fs.existsSync(this.#path)) return this.tryRun(work);
      Bun.sleepSync(retryMs);
    }
    return true;
  }

  #acquire(): boolean {
    if (this.#create()) return true;
    const createdMs = this.#readCreationTime();
    if (createdMs === undefined || Date.now() - createdMs < staleAfterMs) return false;
    fs.rmSync(this.#path, { force: true });
    return this.#create();
  }

  #create(): boolean {
    try {
      fs.closeSync(fs.openSync(this.#path, "wx", 0o600));
      return true;
    } catch {
      return false; // The file exists, or cannot be created.
    }
  }

  #readCreationTime(): number | undefined {
    try {
      return fs.statSync(this.#path).mtimeMs;
    } catch {
      return undefined; // Removed meanwhile: the next try can succeed.
    }
  }
}
