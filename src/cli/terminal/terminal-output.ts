/**
 * The screen's output: what Ink takes for its stdout. Writes leave at once when the terminal takes them and
 * wait in a bounded queue when it does not, so that an unread terminal never stops the network.
 * It knows no escapes but CAN, and nothing of frames but that they may be dropped and drawn anew.
 */

import { terminalQueueMaxBytes } from "../../protocol/limits.ts";
import { EventEmitter } from "node:events";
import type { TerminalPort } from "./terminal-port.ts";

/** How often a full terminal is asked again: soon at first, then ever less often. */
const retryMinMs = 2;
const retryMaxMs = 32;
/** Ends whatever escape sequence was cut off (ECMA-48 §8.3.6, CAN). */
const cancel = "\x18";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

interface TerminalOutputOptions extends TerminalSize {
  readonly port: TerminalPort;
  /** The terminal has stopped reading, or reads again and has all we wrote. */
  readonly onBacklog?: (backlogged: boolean) => void;
  /** Output was dropped and the terminal reads again: what it shows is not what Ink believes. */
  readonly onStale?: () => void;
}

type Written = (error?: Error | null) => void;

export class TerminalOutput extends EventEmitter {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Closed: Ink then draws no last frame over a restored screen. */
  destroyed = false;
  readonly #port: TerminalPort;
  readonly #options: TerminalOutputOptions;
  #gathered = "";
  #isGathering = false;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Part of the first chunk in the queue is out already. */
  #isCut = false;
  #isDiscarding = false;
  #isStale = false;
  #backlogged = false;
  #retryMs = retryMinMs;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #afterDrain: Written[] = [];

  constructor(options: TerminalOutputOptions) {
    super();
    this.columns = options.columns;
    this.rows = options.rows;
    this.#port = options.port;
    this.#options = options;
  }

  get writable(): boolean {
    return !this.destroyed;
  }

  /** Something waits because the terminal does not take it: draw nothing new meanwhile. */
  get backlogged(): boolean {
    return this.#backlogged;
  }

  /** Takes text as a stream does. What is written in one turn leaves in one piece. */
  write(text: string, encoding?: string | Written, written?: Written): boolean {
    const done = typeof encoding === "function" ? encoding : written;
    if (done !== undefined) this.#afterDrain.push(done);
    if (!this.#isDiscarding && !this.#isStale && !this.destroyed) this.#gathered += text;
    if (!this.#isGathering) {
      this.#isGathering = true;
      queueMicrotask(() => this.#flushGathered());
    }
    return !this.#backlogged;
  }

  /** Drops what has not left and all that is written from now on, until `accept`. */
  discard(): void {
    this.#isDiscarding = true;
    this.#dropQueue();
  }

  accept(): void {
    this.#isDiscarding = false;
  }

  /** The terminal has a new size: tells Ink, which draws everything anew. */
  resizeTo(size: TerminalSize): void {
    this.columns = size.columns;
    this.rows = size.rows;
    this.emit("resize");
  }

  /**
   * Writes now and before all that waits, which is dropped: for the way out, where no callback comes.
   * False when the terminal has not taken it all within `withinMs`.
   */
  writeNow(text: string, withinMs: number): boolean {
    if (this.destroyed) return false;
    const whole = this.#isCut ? cancel + text : text;
    this.#isCut = false;
    this.#dropQueue();
    return this.#writeAll(Buffer.from(whole), withinMs);
  }

  /** Nothing is written from now on. */
  close(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#dropQueue();
    clearTimeout(this.#retry);
    this.#port.close();
  }

  #flushGathered(): void {
    this.#isGathering = false;
    if (this.#gathered !== "") {
      const chunk = Buffer.from(this.#gathered);
      this.#gathered = "";
      this.#queue.push(chunk);
      this.#queuedBytes += chunk.length;
      if (this.#queuedBytes > terminalQueueMaxBytes) this.#overflow();
    }
    // While a retry is armed the terminal is full: asking it for each frame would cost a call each.
    if (this.#retry === undefined) this.#drain();
  }

  #overflow(): void {
    this.#dropQueue();
    this.#isStale = true;
  }

  #drain(): void {
    this.#retry = undefined;
    while (this.#queue.length > 0 && !this.destroyed) {
      if (!this.#writeFirst()) return;
    }
    this.#drained();
  }

  /** False when the terminal takes no more for now. */
  #writeFirst(): boolean {
    const chunk = this.#queue[0]!;
    const count = this.#port.write(chunk);
    if (count < 0) {
      this.close();
      return true;
    }
    this.#queuedBytes -= count;
    if (count === chunk.length) {
      this.#queue.shift();
      this.#isCut = false;
      this.#retryMs = retryMinMs;
      return true;
    }
    this.#queue[0] = chunk.subarray(count);
    this.#isCut ||= count > 0;
    this.#retryLater(count > 0);
    return false;
  }

  #retryLater(progressed: boolean): void {
    this.#setBacklogged(true);
    if (progressed) this.#retryMs = retryMinMs;
    this.#retry = setTimeout(() => this.#drain(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, retryMaxMs);
  }

  #drained(): void {
    this.#retryMs = retryMinMs;
    const isStale = this.#isStale;
    this.#isStale = false;
    this.#setBacklogged(false);
    if (isStale && !this.destroyed) this.#options.onStale?.();
    const callbacks = this.#afterDrain;
    this.#afterDrain = [];
    for (const written of callbacks) written();
  }

  #setBacklogged(backlogged: boolean): void {
    if (this.#backlogged === backlogged) return;
    this.#backlogged = backlogged;
    this.#options.onBacklog?.(backlogged);
  }

  /** Keeps only the rest of a chunk that is partly out, lest an escape sequence stay open. */
  #dropQueue(): void {
    this.#gathered = "";
    this.#queue = this.#isCut ? this.#queue.slice(0, 1) : [];
    this.#queuedBytes = this.#queue[0]?.length ?? 0;
  }

  #writeAll(bytes: Uint8Array, withinMs: number): boolean {
    const deadline = performance.now() + withinMs;
    let rest = bytes;
    for (;;) {
      const count = this.#port.write(rest);
      if (count < 0) return false;
      rest = rest.subarray(count);
      if (rest.length === 0) return true;
      if (performance.now() >= deadline) return false;
      Bun.sleepSync(retryMinMs);
    }
  }
}
