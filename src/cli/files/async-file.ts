/**
 * Writes to standard output, standard error or a log without blocking. Bytes that fit are written at once, the rest by
 * a thread, one write at a time. Bytes written meanwhile are queued up to a bound.
 */

import { type BorrowedBytes, lendBytes } from "../../protocol/borrowed-bytes.ts";
import { writev } from "node:fs";
import {
  outputFileHighBytes,
  outputFileMaxBytes,
  outputFileChunkBytes,
  outputFileWriteMaxBytes,
} from "../../protocol/limits.ts";
import { growPipe } from "./pipe-size.ts";
import { reopenDescriptor, writeNow } from "./reopen.ts";

const retryMs = 5;
/** The shortest time between two writes, unless a full write is queued, because each write wakes up the reader. */
const gatherMs = 2;
/** The same after a write of at least one chunk. The reader is then no person who waits for a single line. */
const gatherFloodMs = 8;
/** UTF-8 takes at most so many for a UTF-16 unit. */
const bytesPerUnit = 3;
const chunksMax = outputFileWriteMaxBytes / outputFileChunkBytes;

export class AsyncFile {
  readonly #descriptor: number;
  /** The same file, opened with O_NONBLOCK; undefined if only a thread can write without blocking the process. */
  readonly #nonblocking: number | undefined;
  readonly #onError: (code: string) => void;
  readonly #onDrain: () => void;
  /** The queue: full chunks, and the chunk that is being filled. */
  #fullChunks: Buffer[] = [];
  #chunk: Buffer | undefined;
  #chunkBytes = 0;
  /** Written chunks, to be filled again. */
  readonly #spareChunks: Buffer[] = [];
  /** Includes the bytes of the write under way. */
  #queuedBytes = 0;
  #lastWriteBytes = 0;
  #lastWriteMs = Number.NEGATIVE_INFINITY;
  /** A write is scheduled or under way. */
  #isWriting = false;
  #gatherTimer: ReturnType<typeof setTimeout> | undefined;
  #hasFailed = false;
  /** The pipe of a stream holds as much as it may. */
  #isGrown = false;
  #wasBacklogged = false;
  #idleWaiters: (() => void)[] = [];
  /** The number of calls of `write` that were dropped because the queue was at its bound. */
  dropped = 0;
  /** The number of bytes written to the descriptor. */
  written = 0;

  /**
   * `onError` is called once, with a POSIX code, and nothing is written afterwards. `onDrain` is called when the queue
   * has room again after a backlog.
   */
  constructor(descriptor: number, onError: (code: string) => void, onDrain: () => void = () => {}) {
    this.#descriptor = descriptor;
    this.#nonblocking = reopenDescriptor(descriptor);
    this.#onError = onError;
    this.#onDrain = onDrain;
  }

  /** True if nothing is queued and no write is under way. */
  get isIdle(): boolean {
    return this.#queuedBytes === 0;
  }

  /** True if the queue is above its high-water mark. */
  get isBacklogged(): boolean {
    return this.#queuedBytes > outputFileHighBytes;
  }

  /** Queues text, or a copy of bytes. Writes nothing and calls no callback before it returns. */
  write(content: string | BorrowedBytes): void {
    if (this.#hasFailed) return;
    const short = typeof content === "string" ? this.#appendShort(content) : 0;
    if (short === 0) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      if (this.#queuedBytes + bytes.length > outputFileMaxBytes) {
        this.dropped += 1;
        return;
      }
      this.#append(bytes);
      this.#queuedBytes += bytes.length;
    }
    this.#wasBacklogged ||= this.isBacklogged;
    if (!this.#isWriting) this.#start();
    else if (this.#gatherTimer !== undefined && this.#fullChunks.length >= chunksMax) this.#stopGathering();
  }

  /**
   * As `write`, of bytes of a stream: as many as fill a chunk are written at once, without a copy, as far as they fit and
   * nothing waits. Calls no callback; the thread that writes the rest reports errors.
   */
  writeStream(bytes: BorrowedBytes): void {
    if (bytes.length < outputFileChunkBytes || this.#hasFailed) return this.write(bytes);
    if (!this.#isGrown) growPipe(this.#descriptor);
    this.#isGrown = true;
    if (this.#isWriting || this.#nonblocking === undefined) return this.write(bytes);
    const written = Math.max(0, writeNow(this.#nonblocking, [lendBytes(bytes)]));
    this.written += written;
    if (written < bytes.length) this.write(bytes.subarray(written));
  }

  /** Encodes text into the chunk, if there is certainly room for it. Returns its bytes; 0: nothing was appended. */
  #appendShort(text: string): number {
    const chunk = this.#chunk;
    const mostBytes = text.length * bytesPerUnit;
    if (chunk === undefined || this.#chunkBytes + mostBytes >= chunk.length) return 0;
    if (this.#queuedBytes + mostBytes > outputFileMaxBytes) return 0;
    const bytes = chunk.write(text, this.#chunkBytes);
    this.#chunkBytes += bytes;
    this.#queuedBytes += bytes;
    return bytes;
  }

  #append(bytes: BorrowedBytes): void {
    for (let start = 0; start < bytes.length;) {
      const chunk = (this.#chunk ??= this.#spareChunks.pop() ?? Buffer.allocUnsafeSlow(outputFileChunkBytes));
      const end = Math.min(bytes.length, start + chunk.length - this.#chunkBytes);
      chunk.set(end - start === bytes.length ? bytes : bytes.subarray(start, end), this.#chunkBytes);
      this.#chunkBytes += end - start;
      start = end;
      if (this.#chunkBytes < chunk.length) continue;
      this.#fullChunks.push(chunk);
      this.#chunk = undefined;
      this.#chunkBytes = 0;
    }
  }

  /**
   * Resolves when the queue is empty, after an error, or once nothing has been written for `idleMs`; Infinity waits for
   * the reader. Resolves to the number of bytes that are left.
   */
  async flush(idleMs: number): Promise<number> {
    if (this.#queuedBytes === 0 || this.#hasFailed) return 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idleWaiters.push(resolve);
    let before = this.written;
    const resolveIfIdle = (): void => {
      if (this.written === before) resolve();
      before = this.written;
    };
    const timer = idleMs === Number.POSITIVE_INFINITY ? undefined : setInterval(resolveIfIdle, idleMs);
    await promise;
    clearInterval(timer);
    return this.#queuedBytes;
  }

  /** Schedules the first write at the end of this turn of the event loop, so that one write has all of the turn. */
  #start(): void {
    this.#isWriting = true;
    queueMicrotask(() => this.#writeNext());
  }

  #writeNext(): void {
    if (this.#fullChunks.length === 0 && this.#chunk === undefined) return this.#becomeIdle();
    const intervalMs = this.#lastWriteBytes < outputFileChunkBytes ? gatherMs : gatherFloodMs;
    const waitMs = this.#lastWriteMs + intervalMs - performance.now();
    if (waitMs > 0 && this.#fullChunks.length < chunksMax)
      this.#gatherTimer = setTimeout(() => this.#writeBatch(), waitMs);
    else this.#writeBatch();
  }

  #stopGathering(): void {
    clearTimeout(this.#gatherTimer);
    this.#gatherTimer = undefined;
    queueMicrotask(() => this.#writeBatch());
  }

  #writeBatch(): void {
    this.#gatherTimer = undefined;
    const chunks = this.#fullChunks.splice(0, chunksMax);
    const batch: Uint8Array[] = [...chunks];
    this.#spareChunks.splice(chunks.length + 1);
    if (chunks.length < chunksMax && this.#chunk !== undefined) {
      chunks.push(this.#chunk);
      batch.push(this.#chunk.subarray(0, this.#chunkBytes));
      this.#chunk = undefined;
      this.#chunkBytes = 0;
    }
    this.#lastWriteMs = performance.now();
    this.#lastWriteBytes = 0;
    for (const { length } of batch) this.#lastWriteBytes += length;
    const written = this.#nonblocking === undefined ? 0 : Math.max(0, writeNow(this.#nonblocking, batch));
    this.#onWritten(written);
    this.#writeRest(dropBytes(batch, written), chunks);
  }

  #becomeIdle(): void {
    this.#isWriting = false;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  /** Writes in a thread, which blocks until there is a reader, and reports errors. Then `chunks` are filled again. */
  #writeRest(batch: readonly Uint8Array[], chunks: readonly Buffer[]): void {
    if (batch.length === 0) {
      this.#spareChunks.push(...chunks.slice(0, chunksMax - this.#spareChunks.length));
      this.#writeNext();
      return;
    }
    writev(this.#descriptor, batch, (error, written) => {
      if (error !== null && error.code === "EAGAIN") {
        setTimeout(() => this.#writeRest(batch, chunks), retryMs);
        return;
      }
      if (error !== null) return this.#fail(error.code ?? "EIO");
      this.#onWritten(written);
      this.#writeRest(dropBytes(batch, written), chunks);
    });
  }

  #onWritten(bytes: number): void {
    this.#queuedBytes -= bytes;
    this.written += bytes;
    if (!this.#wasBacklogged || this.#queuedBytes > outputFileHighBytes / 4) return;
    this.#wasBacklogged = false;
    this.#onDrain();
  }

  #fail(code: string): void {
    this.#hasFailed = true;
    this.#fullChunks = [];
    this.#chunk = undefined;
    this.#chunkBytes = 0;
    this.#queuedBytes = 0;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
    this.#onError(code);
  }
}

/** The chunks without their first `count` bytes. */
function dropBytes(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  for (const [index, chunk] of chunks.entries()) {
    if (left < chunk.length) return [chunk.subarray(left), ...chunks.slice(index + 1)];
    left -= chunk.length;
  }
  return [];
}
