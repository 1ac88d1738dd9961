/**
 * Writing to standard output, standard error or a log without ever waiting for it: one write is under way at a time,
 * the rest is queued within a bound. What is written is decided elsewhere.
 */

import { outputFileHighBytes, outputFileMaxBytes, outputFileWriteMaxBytes } from "../protocol/limits.ts";
import { writev } from "node:fs";

const retryMs = 5;
/** Under flood so much time lies between two writes, unless a whole one's worth waits: each costs a thread its sleep. */
const gatherMs = 2;
/** IOV_MAX on Linux. */
const piecesMax = 1024;
const pieceMinBytes = 4096;

export class AsyncFile {
  readonly #descriptor: number;
  readonly #onError: (code: string) => void;
  readonly #onRoom: () => void;
  #chunks: Uint8Array[] = [];
  #queuedBytes = 0;
  #writing = false;
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

  /** Queues text, or a copy of bytes; the bytes themselves when they are `lasting`, for nobody will change them. */
  write(content: string | Uint8Array, lasting = false): void {
    if (this.#failed) return;
    const chunk = lasting && typeof content !== "string" ? content : Buffer.from(content);
    if (this.#queuedBytes + chunk.length > outputFileMaxBytes) {
      this.dropped += 1;
      return;
    }
    this.#chunks.push(chunk);
    this.#queuedBytes += chunk.length;
    this.#wasHigh ||= this.isHigh;
    if (!this.#writing) this.#start();
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
    if (this.#chunks.length === 0) return this.#rest();
    const waitMs = this.#startedMs + gatherMs - performance.now();
    if (waitMs > 0 && this.#queuedBytes < outputFileWriteMaxBytes)
      setTimeout(() => this.#writeBatch(), waitMs);
    else this.#writeBatch();
  }

  #writeBatch(): void {
    const batch = this.#takeBatch();
    if (batch === undefined) return this.#rest();
    this.#startedMs = performance.now();
    this.#writeAll(batch);
  }

  #rest(): void {
    this.#writing = false;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  #takeBatch(): readonly Uint8Array[] | undefined {
    if (this.#chunks.length === 0) return undefined;
    let count = 0;
    let bytes = 0;
    while (count < this.#chunks.length && (count === 0 || bytes < outputFileWriteMaxBytes))
      bytes += this.#chunks[count++]!.length;
    const taken = count === this.#chunks.length ? this.#chunks : this.#chunks.slice(0, count);
    this.#chunks = count === this.#chunks.length ? [] : this.#chunks.slice(count);
    // Large pieces leave as they are; many small ones would cost more one by one than together.
    return bytes / count >= pieceMinBytes && count <= piecesMax ? taken : [Buffer.concat(taken, bytes)];
  }

  #writeAll(batch: readonly Uint8Array[]): void {
    writev(this.#descriptor, batch, (error, written) => {
      if (error !== null && error.code === "EAGAIN") {
        setTimeout(() => this.#writeAll(batch), retryMs);
        return;
      }
      if (error !== null) return this.#fail(error.code ?? "EIO");
      this.#queuedBytes -= written;
      this.written += written;
      this.#tellRoom();
      const rest = withoutFirst(batch, written);
      if (rest.length > 0) this.#writeAll(rest);
      else this.#writeNext();
    });
  }

  #tellRoom(): void {
    if (!this.#wasHigh || this.#queuedBytes > outputFileHighBytes / 4) return;
    this.#wasHigh = false;
    this.#onRoom();
  }

  #fail(code: string): void {
    this.#failed = true;
    this.#chunks = [];
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
