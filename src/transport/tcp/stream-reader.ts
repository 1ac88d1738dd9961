/**
 * Reads one stream socket and reports its bytes in chunks, so that the owner can pause reading between two chunks of
 * the same recv. Bytes and a FIN that arrive while reading is paused are buffered and reported in order.
 */

import { type BorrowedBytes, copyBytes } from "../../protocol/borrowed-bytes.ts";
import {
  receivedLongChunkMaxBytes,
  receivedLongChunkMaxLines,
  receivedChunkMaxBytes,
} from "../../protocol/limits.ts";

/** Receives the chunks. */
export interface ReaderOwner {
  onChunk(bytes: BorrowedBytes): void;
  /** The peer's FIN, after all bytes before it. */
  onFin(): void;
}

/** The part of a socket that pauses and resumes reading from the kernel. */
interface Readable {
  pause(): void;
  resume(): void;
}

const noBytes: Uint8Array = new Uint8Array(0);
const newline = 0x0a;

export class StreamReader {
  readonly #socket: Readable;
  readonly #owner: ReaderOwner;
  #isReading = true;
  #isFinished = false;
  /** Bytes read and not reported yet: at most those of one readiness event of the socket. */
  #buffered = noBytes;
  #isFinBuffered = false;
  #isResumeScheduled = false;

  constructor(socket: Readable, owner: ReaderOwner) {
    this.#socket = socket;
    this.#owner = owner;
  }

  /** True if bytes that arrive now would be buffered. */
  get isBuffering(): boolean {
    return !this.#isReading || this.#buffered.length > 0;
  }

  /** Takes the bytes of a recv. */
  receive(bytes: BorrowedBytes): void {
    if (this.isBuffering) {
      this.#buffered = concat(this.#buffered, bytes);
      return;
    }
    const reported = this.#report(bytes);
    if (reported < bytes.length) this.#buffered = copyBytes(bytes.subarray(reported));
  }

  receiveFin(): void {
    if (this.#buffered.length === 0) this.#owner.onFin();
    else this.#isFinBuffered = true;
  }

  /** Buffered bytes are reported after the caller has returned, and before any that the kernel still has. */
  setReading(reading: boolean): void {
    if (this.#isFinished) return;
    this.#isReading = reading;
    if (!reading) return this.#socket.pause();
    if (this.#buffered.length === 0) return this.#socket.resume();
    if (this.#isResumeScheduled) return;
    this.#isResumeScheduled = true;
    setImmediate(() => this.#resume());
  }

  /** The connection has ended: reports what is buffered. */
  deliverRest(): void {
    this.#isFinished = true;
    this.#isReading = true;
    this.#reportBuffered();
  }

  /** Discards buffered and future bytes; the FIN is still reported. */
  discard(): void {
    this.#buffered = noBytes;
    this.#isReading = true;
    this.#reportBufferedFin();
    this.#socket.resume();
  }

  #resume(): void {
    this.#isResumeScheduled = false;
    if (!this.#isReading) return;
    this.#reportBuffered();
    if (this.#isReading) this.#socket.resume();
  }

  #reportBuffered(): void {
    const bytes = this.#buffered;
    this.#buffered = noBytes;
    const reported = this.#report(bytes);
    if (reported < bytes.length) this.#buffered = bytes.subarray(reported);
    if (this.#buffered.length === 0) this.#reportBufferedFin();
  }

  #reportBufferedFin(): void {
    if (!this.#isFinBuffered) return;
    this.#isFinBuffered = false;
    this.#owner.onFin();
  }

  /** Reports chunks until reading is paused. Returns how many bytes were reported. */
  #report(bytes: BorrowedBytes): number {
    let start = 0;
    while (start < bytes.length && this.#isReading) {
      const end = findChunkEnd(bytes, start);
      this.#owner.onChunk(end - start === bytes.length ? bytes : bytes.subarray(start, end));
      start = end;
    }
    return start;
  }
}

/** The end of the longest chunk that may be reported at once. */
function findChunkEnd(bytes: BorrowedBytes, start: number): number {
  const left = bytes.length - start;
  if (left <= receivedChunkMaxBytes) return bytes.length;
  const long = bytes.subarray(start, start + receivedLongChunkMaxBytes);
  return start + (hasFewLines(long) ? long.length : receivedChunkMaxBytes);
}

function hasFewLines(bytes: BorrowedBytes): boolean {
  let at = -1;
  for (let lines = 0; lines <= receivedLongChunkMaxLines; lines += 1) {
    at = bytes.indexOf(newline, at + 1);
    if (at === -1) return true;
  }
  return false;
}

function concat(before: Uint8Array, after: BorrowedBytes): Uint8Array {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
