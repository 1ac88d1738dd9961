/**
 * Reads one stream socket and reports its bytes in chunks, as far as the socket's share of this turn goes and the owner
 * reads. The rest waits here, with the socket paused, so that at most one recv waits; it is reported in order.
 */

import { type BorrowedBytes, copyBytes } from "../../protocol/borrowed-bytes.ts";
import {
  chunkFastMs,
  chunkLinesFirst,
  chunkLinesMax,
  chunkLinesMin,
  chunkSlowMs,
  longRecvBytes,
  receivedLongChunkMaxBytes,
  receivedLongChunkMaxLines,
  receivedChunkMaxBytes,
  receivedByteWork,
} from "../../protocol/limits.ts";
import { computeWork, type ReceiveTurns, ReceiveShare } from "../queue/receive-turns.ts";

/** Receives the chunks. */
export interface ReaderOwner {
  onChunk(bytes: BorrowedBytes): void;
  /** The peer's FIN, after all bytes before it. */
  onFin(): void;
  /** After `finish`: all bytes were reported. */
  onFinished(): void;
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
  readonly #turns: ReceiveTurns;
  readonly #findEnd: FindChunkEnd;
  readonly #share: ReceiveShare;
  #isReading = true;
  #isSocketPaused = false;
  #isFinished = false;
  #isDiscarding = false;
  /** The last recv that was buffered was long. */
  #isLong = false;
  /** Bytes read and not reported yet: those of one recv, since Bun reads no more once the socket is paused. */
  #buffered = noBytes;
  /** The chunk behind the one that is being reported. */
  #unreported: BorrowedBytes | undefined;
  #isFinBuffered = false;
  /** Lines of the next chunk: few while lines cost much. */
  #chunkLines = chunkLinesFirst;

  /** `findEnd`: the end of each chunk. */
  constructor(
    socket: Readable,
    owner: ReaderOwner,
    turns: ReceiveTurns,
    findEnd: FindChunkEnd = findLinesEnd,
  ) {
    this.#socket = socket;
    this.#owner = owner;
    this.#turns = turns;
    this.#findEnd = findEnd;
    this.#share = new ReceiveShare(
      turns,
      () => this.#reportWaiting(),
      () => this.#buffered.length > 0 || this.#pauseSocket(!this.#isReading),
    );
  }

  /** True if bytes that arrive now would be buffered. */
  get isBuffering(): boolean {
    return !this.#isReading || this.#buffered.length > 0 || !this.#share.mayReportNow;
  }

  /** Takes the bytes of a recv while `isBuffering` is false. */
  receive(bytes: BorrowedBytes): void {
    const reported = this.#reportNow(bytes);
    if (reported < bytes.length && !this.#isDiscarding) this.keep(copyBytes(bytes.subarray(reported)));
  }

  /** Buffers the bytes of a recv, which the reader owns from then on. */
  keep(bytes: Uint8Array): void {
    this.#isLong = bytes.length > longRecvBytes;
    this.#buffered = this.#buffered.length === 0 ? bytes : concat(this.#buffered, bytes);
    this.#wait();
  }

  receiveFin(): void {
    if (this.#buffered.length === 0) this.#owner.onFin();
    else this.#isFinBuffered = true;
  }

  /** Buffered bytes are reported in a later turn, and before any that the kernel still has. */
  setReading(reading: boolean): void {
    if (this.#isFinished) return;
    this.#isReading = reading;
    if (this.#buffered.length > 0) this.#wait();
    else this.#readOn();
  }

  /** The connection has ended: what is buffered is still reported, in later turns, and `onFinished` follows. */
  finish(): void {
    this.#isFinished = true;
    this.#isReading = true;
    if (this.#buffered.length > 0) this.#share.wait();
    else this.#owner.onFinished();
  }

  /** Discards buffered and future bytes; the FIN is still reported. */
  discard(): void {
    this.#isDiscarding = true;
    this.#buffered = noBytes;
    this.#isReading = true;
    this.#share.leave();
    this.#reportBufferedFin();
    if (!this.#isFinished) this.#pauseSocket(false);
  }

  /** Discards buffered bytes: the socket is closed. */
  end(): void {
    this.#isFinished = true;
    this.discard();
  }

  /** Takes out what was read and not reported: also, while a chunk is reported, what follows it. */
  takeUnreported(): Uint8Array {
    const bytes = copyBytes(this.#unreported ?? this.#buffered);
    const wasBuffering = this.#buffered.length > 0;
    this.#unreported = undefined;
    this.#buffered = noBytes;
    if (wasBuffering) this.#readOn();
    return bytes;
  }

  /** Lets the buffered bytes wait for their turn, or for the owner. */
  #wait(): void {
    this.#pauseSocket(true);
    if (this.#isReading) this.#share.wait();
  }

  #pauseSocket(isPaused: boolean): void {
    if (isPaused === this.#isSocketPaused || this.#isFinished) return;
    this.#isSocketPaused = isPaused;
    if (isPaused) this.#socket.pause();
    else this.#socket.resume();
  }

  /** Reports what this turn has room for. Returns how many bytes were reported. */
  #reportNow(bytes: BorrowedBytes): number {
    let start = 0;
    do start = this.#reportChunk(bytes, start);
    while (start < bytes.length && !this.#isDiscarding && this.#isReading && this.#share.mayReportNow);
    return start;
  }

  /** Reports one chunk of the buffered bytes. Returns true if more waits. */
  #reportWaiting(): boolean {
    if (!this.#isReading) return false;
    const bytes = this.#buffered;
    const end = this.#reportChunk(bytes, 0);
    if (this.#buffered !== bytes) {
      // Discarded or taken meanwhile.
      if (this.#buffered.length === 0) this.#reportBufferedFin();
      return this.#buffered.length > 0 && this.#isReading;
    }
    this.#buffered = bytes.subarray(end);
    if (this.#buffered.length > 0) return this.#isReading;
    this.#buffered = noBytes;
    this.#reportBufferedFin();
    if (this.#isFinished) this.#owner.onFinished();
    else this.#readOn();
    return false;
  }

  /** Reads the socket, if the owner wants it; one that sends much waits until few others are read. */
  #readOn(): void {
    if (this.#isReading && this.#isLong) this.#share.resumeInTurn();
    else this.#pauseSocket(!this.#isReading);
  }

  #reportBufferedFin(): void {
    if (!this.#isFinBuffered) return;
    this.#isFinBuffered = false;
    this.#owner.onFin();
  }

  /** Reports one chunk from `start` on. Returns its end, or that of the bytes if what follows was taken. */
  #reportChunk(bytes: BorrowedBytes, start: number): number {
    const { end, work } = this.#findEnd(bytes, start, this.#chunkLines);
    const beganMs = this.#turns.now();
    this.#share.spend(work);
    const rest = bytes.subarray(end);
    this.#unreported = rest;
    this.#owner.onChunk(end - start === bytes.length ? bytes : bytes.subarray(start, end));
    const isTaken = this.#unreported !== rest;
    this.#unreported = undefined;
    const tookMs = this.#turns.now() - beganMs;
    if (tookMs > chunkSlowMs) this.#chunkLines = chunkLinesMin;
    else if (tookMs < chunkFastMs) this.#chunkLines = Math.min(chunkLinesMax, 2 * this.#chunkLines);
    return isTaken ? bytes.length : end;
  }
}

/** Returns the end of the longest chunk that may be reported at once, and its work (see ReceiveShare). */
type FindChunkEnd = (
  bytes: BorrowedBytes,
  start: number,
  linesMax: number,
) => { readonly end: number; readonly work: number };

/** For a stream that nobody cuts into lines: one recv. */
export const findBytesEnd: FindChunkEnd = ({ length }, start) => ({
  end: length,
  work: (length - start) * receivedByteWork,
});

/** For a stream of lines. */
export const findLinesEnd: FindChunkEnd = (bytes, start, linesMax) => {
  const long = bytes.subarray(start, start + receivedLongChunkMaxBytes);
  let end = 0;
  for (let lines = 0; lines < linesMax; lines += 1) {
    const at = long.indexOf(newline, end);
    if (at === -1) {
      const lengthMax = lines > receivedLongChunkMaxLines ? receivedChunkMaxBytes : long.length;
      return makeChunk(start, Math.min(long.length, lengthMax), lines);
    }
    if (at >= receivedChunkMaxBytes && lines >= receivedLongChunkMaxLines)
      return makeChunk(start, receivedChunkMaxBytes, lines);
    end = at + 1;
  }
  return makeChunk(start, end, linesMax);
};

function makeChunk(start: number, bytes: number, lines: number): ReturnType<FindChunkEnd> {
  return { end: start + bytes, work: computeWork(bytes, lines) };
}

function concat(before: Uint8Array, after: Uint8Array): Uint8Array {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
