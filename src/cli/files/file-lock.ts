/**
 * A file that says: somebody works on the file beside it. For work of a moment between the processes of one person;
 * what a dead process left behind is passed over.
 */

import fs from "node:fs";

/** No work takes this long: who made the file is gone. */
const staleAfterMs = 5000;
const retryMs = 2;

export class FileLock {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Does `work` while nobody else holds the lock. False: somebody does, and nothing was done. */
  tryWith(work: () => void): boolean {
    if (!this.#take()) return false;
    try {
      work();
    } finally {
      fs.rmSync(this.#path, { force: true });
    }
    return true;
  }

  /** As tryWith, but it tries for `computePauseMs`, and stops the whole process meanwhile: for the way out. */
  tryFor(patienceMs: number, work: () => void): boolean {
    for (let waitedMs = 0; !this.tryWith(work); waitedMs += retryMs) {
      // Not there, though it could not be made: it was given back just now, or never can be made here.
      if (waitedMs >= patienceMs || !fs.existsSync(this.#path)) return this.tryWith(work);
      Bun.sleepSync(retryMs);
    }
    return true;
  }

  #take(): boolean {
    if (this.#create()) return true;
    const madeMs = this.#madeMs();
    if (madeMs === undefined || Date.now() - madeMs < staleAfterMs) return false;
    fs.rmSync(this.#path, { force: true });
    return this.#create();
  }

  #create(): boolean {
    try {
      fs.closeSync(fs.openSync(this.#path, "wx", 0o600));
      return true;
    } catch {
      return false; // It is there, or cannot be made: either way it is not ours.
    }
  }

  #madeMs(): number | undefined {
    try {
      return fs.statSync(this.#path).mtimeMs;
    } catch {
      return undefined; // Gone meanwhile: the next try finds it free.
    }
  }
}
