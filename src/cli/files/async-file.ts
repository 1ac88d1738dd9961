/**
 * Writing to standard output, standard error or a log without ever waiting for it: what has room is written at once, the
 * rest by a thread, one write at a time, and what comes meanwhile is queued within a bound. What is written is decided
 * elsewhere.
 */

import { writev } from "node:fs";
import {
  outputFileHighBytes,
  outputFileMaxBytes,
  outputFileChunkBytes,
  outputFileWriteMaxBytes,
} from "../../protocol/limits.ts";
import { reopenDescriptor, writeNow } from "./reopen.ts";

const retryMs = 5;
/** So much time lies between two writes, unless a whole one's worth waits: each costs its reader its sleep. */
const gatherMs = 2;
/** After a write of a piece or more: nobody answers so much line by line. */
const gatherFloodMs = 8;
const piecesMax = outputFileWriteMaxBytes / outputFileChunkBytes;

export class AsyncFile {
  readonly #descriptor: number;
  /** The same, opened so that it never waits; undefined where only a thread can write without our waiting. */
  readonly #direct: number | undefined;
  readonly #onError: (code: string) => void;
  readonly #onRoom: () => void;
  /** What waits, copied together: pieces that are full, and the one that is being filled. */
  #full: Buffer[] = [];
  #open: Buffer | undefined;
  #filled = 0;
  /** Pieces that have been written, to be filled again. */
  readonly #spare: Buffer[] = [];
  /** With what is under way. */
  #queuedBytes = 0;
  #lastBytes = 0;
  #writing = false;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #startedMs = Number.NEGATIVE_INFINITY;
  #failed = false;
  #wasHigh = false;
  #idleWaiters: (() => void)[] = [];
  /** Pieces that found the queue at its bound. */
  dropped = 0;
  /** Bytes that the descriptor has taken. */
  written = 0;

  /** `onError` is called once, with a POSIX code; nothing is written afterwards. `onRoom`: below the high mark again. */
  constructor(descriptor: number, onError: (code: string) => void, onRoom: () => void = () => {}) {
    this.#descriptor = descriptor;
    this.#direct = reopenDescriptor(descriptor);
    this.#onError = onError;
    this.#onRoom = onRoom;
  }

  /** Nothing waits, and no write is under way. */
  get isSettled(): boolean {
    return this.#queuedBytes === 0;
  }

  get isHigh(): boolean {
    return this.#queuedBytes > outputFileHighBytes;
  }

  /** Queues text, or a copy of bytes. Nothing is written, or told, before the caller is done. */
  write(content: string | Uint8Array): void {
    if (this.#failed) return;
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    if (this.#queuedBytes + bytes.length > outputFileMaxBytes) {
      this.dropped += 1;
      return;
    }
    this.#append(bytes);
    this.#queuedBytes += bytes.length;
    this.#wasHigh ||= this.isHigh;
    if (!this.#writing) this.#start();
    else if (this.#gathering !== undefined && this.#full.length >= piecesMax) this.#writeSoon();
  }

  #append(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length;) {
      const open = (this.#open ??= this.#spare.pop() ?? Buffer.allocUnsafeSlow(outputFileChunkBytes));
      const end = Math.min(bytes.length, start + open.length - this.#filled);
      open.set(end - start === bytes.length ? bytes : bytes.subarray(start, end), this.#filled);
      this.#filled += end - start;
      start = end;
      if (this.#filled < open.length) continue;
      this.#full.push(open);
      this.#open = undefined;
      this.#filled = 0;
    }
  }

  /** Resolves when all is written, or nothing more can be, or the time is over. */
  async flush(timeoutMs: number): Promise<void> {
    if (this.#queuedBytes === 0 || this.#failed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idleWaiters.push(resolve);
    const timer = setTimeout(resolve, timeoutMs);
    await promise;
    clearTimeout(timer);
  }

  /** Everything of this turn of the loop leaves in one write, and at once after a pause. */
  #start(): void {
    this.#writing = true;
    queueMicrotask(() => this.#writeNext());
  }

  #writeNext(): void {
    if (!this.#isAnyWaiting) return this.#rest();
    const gather = this.#lastBytes < outputFileChunkBytes ? gatherMs : gatherFloodMs;
    const waitMs = this.#startedMs + gather - performance.now();
    if (waitMs > 0 && this.#full.length < piecesMax)
      this.#gathering = setTimeout(() => this.#writeBatch(), waitMs);
    else this.#writeBatch();
  }

  get #isAnyWaiting(): boolean {
    return this.#full.length > 0 || this.#open !== undefined;
  }

  #writeSoon(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    queueMicrotask(() => this.#writeBatch());
  }

  #writeBatch(): void {
    this.#gathering = undefined;
    const pieces = this.#full.splice(0, piecesMax);
    const batch: Uint8Array[] = [...pieces];
    this.#spare.splice(pieces.length + 1);
    if (pieces.length < piecesMax && this.#open !== undefined) {
      pieces.push(this.#open);
      batch.push(this.#open.subarray(0, this.#filled));
      this.#open = undefined;
      this.#filled = 0;
    }
    this.#startedMs = performance.now();
    this.#lastBytes = 0;
    for (const { length } of batch) this.#lastBytes += length;
    this.#writeAll(batch, pieces);
  }

  #rest(): void {
    this.#writing = false;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  /** `pieces` are filled again once all is written. */
  #writeAll(batch: readonly Uint8Array[], pieces: readonly Buffer[]): void {
    const taken = this.#direct === undefined ? 0 : Math.max(0, writeNow(this.#direct, batch));
    this.#took(taken);
    this.#writeRest(withoutFirst(batch, taken), pieces);
  }

  /** What had no room, if anything: by a thread, which waits for whoever reads it and learns what is wrong with it. */
  #writeRest(batch: readonly Uint8Array[], pieces: readonly Buffer[]): void {
    if (batch.length === 0) {
      this.#spare.push(...pieces.slice(0, piecesMax - this.#spare.length));
      this.#writeNext();
      return;
    }
    writev(this.#descriptor, batch, (error, written) => {
      if (error !== null && error.code === "EAGAIN") {
        setTimeout(() => this.#writeRest(batch, pieces), retryMs);
        return;
      }
      if (error !== null) return this.#fail(error.code ?? "EIO");
      this.#took(written);
      this.#writeRest(withoutFirst(batch, written), pieces);
    });
  }

  #took(bytes: number): void {
    this.#queuedBytes -= bytes;
    this.written += bytes;
    this.#tellRoom();
  }

  #tellRoom(): void {
    if (!this.#wasHigh || this.#queuedBytes > outputFileHighBytes / 4) return;
    this.#wasHigh = false;
    this.#onRoom();
  }

  #fail(code: string): void {
    this.#failed = true;
    this.#full = [];
    this.#open = undefined;
    this.#filled = 0;
    this.#queuedBytes = 0;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
    this.#onError(code);
  }
}

/** The pieces behind so many bytes. */
function withoutFirst(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  for (const [index, piece] of pieces.entries()) {
    if (left < piece.length) return [piece.subarray(left), ...pieces.slice(index + 1)];
    left -= piece.length;
  }
  return [];
}
