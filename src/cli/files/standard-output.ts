/**
 * The door of the terminal for printed text: all that duet writes to standard output and standard error is cleaned
 * here, whatever its source. Two things pass as they are: control sequences of duet's own, which have a type, and
 * bytes, if they are not for a terminal. (components/paint is the door of the drawn screen.)
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { cleanLines } from "../../protocol/text/text.ts";
import { AsyncFile } from "./async-file.ts";
import { createStreamCleaner } from "./stream-cleaner.ts";

declare const controlMark: unique symbol;

/** A sequence that terminals obey. terminal-modes.ts makes all of them. */
export type ControlSequence = string & { readonly [controlMark]: true };

interface StandardOutputOptions {
  /** True if a terminal is known to show it: bytes are then cleaned too. */
  readonly isTerminal?: boolean;
  /** As for AsyncFile. */
  readonly onError?: (code: string) => void;
  readonly onDrain?: () => void;
}

export class StandardOutput {
  readonly #file: AsyncFile;
  readonly #clean: ReturnType<typeof createStreamCleaner> | undefined;

  /** `descriptor`: 1 for standard output, 2 for standard error. */
  constructor(
    descriptor: 1 | 2,
    { isTerminal = false, onError = ignore, onDrain }: StandardOutputOptions = {},
  ) {
    this.#file = new AsyncFile(descriptor, onError, onDrain);
    this.#clean = isTerminal ? createStreamCleaner() : undefined;
  }

  /** Prints lines with their newlines. Does not block. */
  print(text: string): void {
    this.#file.write(cleanLines(text));
  }

  /** Prints bytes of a peer's stream: unchanged for a program that reads them, cleaned for a terminal. */
  printBytes(bytes: BorrowedBytes, peer = ""): void {
    if (this.#clean === undefined) this.#file.writeStream(bytes);
    else this.#file.write(this.#clean(peer, bytes));
  }

  printSequence(sequence: ControlSequence): void {
    this.#file.write(sequence);
  }

  /** True if so much waits that reading should pause. */
  get isBacklogged(): boolean {
    return this.#file.isBacklogged;
  }

  /** The number of prints that were dropped because too much waited. */
  get dropped(): number {
    return this.#file.dropped;
  }

  /** The number of bytes written. */
  get written(): number {
    return this.#file.written;
  }

  /** See AsyncFile. */
  flush(idleMs: number): Promise<number> {
    return this.#file.flush(idleMs);
  }
}

function ignore(): void {}

/**
 * Prints the last lines before the exit on standard error, synchronously. Through the stream, not descriptor 2, because
 * restoring the terminal has muted the stream if the terminal takes no output.
 */
export function printLast(text: string): void {
  if (text !== "") process.stderr.write(cleanLines(text));
}
