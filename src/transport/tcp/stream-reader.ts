/**
 * What comes by one stream socket, handed on piece by piece, so that whoever is told of one can stop the next: what one
 * read brought and is not wanted yet is kept, in order, with the FIN behind it. It knows no writing and no end.
 */

import {
  receivedLongChunkMaxBytes,
  receivedLongChunkMaxLines,
  receivedChunkMaxBytes,
} from "../../protocol/limits.ts";

/** Who is told. */
export interface ReaderOwner {
  /** The bytes are valid only during the call. */
  onChunk(bytes: Uint8Array): void;
  /** FIN, after all that came before it. */
  onFin(): void;
}

/** Of a socket: stop and go on reading from the kernel. */
interface Readable {
  pause(): void;
  resume(): void;
}

const nothing: Uint8Array = new Uint8Array(0);
const newline = 0x0a;

export class StreamReader {
  readonly #socket: Readable;
  readonly #owner: ReaderOwner;
  #isReading = true;
  #isOver = false;
  /** Read from the kernel and not handed on: at most what one readiness of the socket brought. */
  #held = nothing;
  #isFinHeld = false;
  /** What is held is to be handed on soon. */
  #isDue = false;

  constructor(socket: Readable, owner: ReaderOwner) {
    this.#socket = socket;
    this.#owner = owner;
  }

  /** What comes now is kept for later. */
  get isBuffering(): boolean {
    return !this.#isReading || this.#held.length > 0;
  }

  /** Bytes as they came from the kernel, which uses them again. */
  receive(bytes: Uint8Array): void {
    if (this.isBuffering) this.#held = joined(this.#held, bytes);
    else this.#handOn(bytes, true);
  }

  /** FIN as it came. */
  receiveFin(): void {
    if (this.#held.length === 0) this.#owner.onFin();
    else this.#isFinHeld = true;
  }

  /** What is held follows after the caller is done, and only then what the kernel has. */
  setReading(reading: boolean): void {
    if (this.#isOver) return;
    this.#isReading = reading;
    if (!reading) return this.#socket.pause();
    if (this.#held.length === 0) return this.#socket.resume();
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.#goOn());
  }

  /** The connection is over: what is held is handed on now. */
  deliverRest(): void {
    this.#isOver = true;
    this.#isReading = true;
    this.#handOnHeld();
  }

  /** Nobody wants to know any more what came, or comes, but for the FIN. */
  discard(): void {
    this.#held = nothing;
    this.#isReading = true;
    this.#endHeld();
    this.#socket.resume();
  }

  #goOn(): void {
    this.#isDue = false;
    if (!this.#isReading) return;
    this.#handOnHeld();
    if (this.#isReading) this.#socket.resume();
  }

  #handOnHeld(): void {
    const held = this.#held;
    this.#held = nothing;
    this.#handOn(held, false);
    if (this.#held.length === 0) this.#endHeld();
  }

  #endHeld(): void {
    if (!this.#isFinHeld) return;
    this.#isFinHeld = false;
    this.#owner.onFin();
  }

  /** `isLent`: what is kept of the bytes must be copied. */
  #handOn(bytes: Uint8Array, isLent: boolean): void {
    for (let start = 0, end = 0; start < bytes.length; start = end) {
      if (!this.#isReading) {
        const rest = bytes.subarray(start);
        this.#held = isLent ? joined(nothing, rest) : rest;
        return;
      }
      end = endOfPiece(bytes, start);
      this.#owner.onChunk(end - start === bytes.length ? bytes : bytes.subarray(start, end));
    }
  }
}

/** As long a piece as may be handed on at once. */
function endOfPiece(bytes: Uint8Array, start: number): number {
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

/** A copy of both. */
function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
