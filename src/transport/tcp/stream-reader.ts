/**
 * Reads one stream socket and reports its bytes in chunks, so that the owner can pause reading between two chunks of
 * the same recv. Bytes and a FIN that arrive while reading is paused are buffered and reported in order.
 */

import {
  receivedLongChunkMaxBytes,
  receivedLongChunkMaxLines,
  receivedChunkMaxBytes,
} from "../../protocol/limits.ts";

/** Receives the chunks. */
export interface ReaderOwner {
  /** The bytes are borrowed. */
  onChunk(bytes: Uint8Array): void;
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

  /** Takes the bytes of a recv, which are borrowed. */
  receive(bytes: Uint8Array): void {
    if (this.isBuffering) this.#buffered = concat(this.#buffered, bytes);
    else this.#report(bytes, true);
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
    this.#report(bytes, false);
    if (this.#buffered.length === 0) this.#reportBufferedFin();
  }

  #reportBufferedFin(): void {
    if (!this.#isFinBuffered) return;
    this.#isFinBuffered = false;
    this.#owner.onFin();
  }

  /** `isBorrowed`: the rest is copied if it has to be buffered. */
  #report(bytes: Uint8Array, isBorrowed: boolean): void {
    for (let start = 0, end = 0; start < bytes.length; start = end) {
      if (!this.#isReading) {
        const rest = bytes.subarray(start);
        this.#buffered = isBorrowed ? concat(noBytes, rest) : rest;
        return;
      }
      end = findChunkEnd(bytes, start);
      this.#owner.onChunk(end - start === bytes.length ? bytes : bytes.subarray(start, end));
    }
  }
}

/** The end of the longest chunk that may be reported at once. */
function findChunkEnd(bytes: Uint8Array, start: number): number {
  const left = bytes.length - start;
  if (left <= receivedChunkMaxBytes) return bytes.length;
  const long = bytes.subarray(start, start + receivedLongChunkMaxBytes);
  return start + (hasFewLines(long) ? long.length : receivedChunkMaxBytes);
}

function hasFewLines(bytes: Uint8Array): boolean {
  let at = -1;
  for (let lines = 0; lines <= receivedLongChunkMaxLines; lines += 1) {
    at = bytes.indexOf(newline, at + 1);
    if (at === -1) return true;
  }
  return false;
}

function concat(before: Uint8Array, after: Uint8Array): Uint8Array {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
