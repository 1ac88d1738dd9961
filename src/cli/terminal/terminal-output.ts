/**
 * The stream that Ink uses as stdout. It writes at once if the terminal has room and otherwise queues up to a bound, so
 * that a terminal that nobody reads never blocks the network. Frames beyond the bound are dropped, and redrawn later.
 */

import { terminalQueueMaxBytes } from "../../protocol/limits.ts";
import { EventEmitter } from "node:events";
import { moveToSavedColumn, restoreCursor } from "../../../components/paint/columns.ts";
import type { TerminalPort } from "./terminal-port.ts";

/** The delay before a full terminal is tried again. Doubled with each try. */
const retryMinMs = 2;
const retryMaxMs = 32;
/** CAN ends an incomplete escape sequence (ECMA-48 §8.3.6). */
const cancel = "\x18";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

interface TerminalOutputOptions extends TerminalSize {
  readonly port: TerminalPort;
  /** Called with true if the terminal takes no more, and with false once the queue is empty again. */
  readonly onBacklog?: (isBacklogged: boolean) => void;
  /** The queue is empty, but output was dropped before: the terminal shows something else than Ink assumes. */
  readonly onStale?: () => void;
}

type WriteCallback = (error?: Error | null) => void;

export class TerminalOutput extends EventEmitter {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** True after `close`, so that Ink draws no last frame over a restored screen. */
  destroyed = false;
  readonly #port: TerminalPort;
  readonly #options: TerminalOutputOptions;
  #gathered = "";
  #isGathering = false;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** The first bytes of `#queue[0]` are written already. */
  #isPartlyWritten = false;
  #isDiscarding = false;
  #isStale = false;
  #isBacklogged = false;
  #retryMs = retryMinMs;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #drainCallbacks: WriteCallback[] = [];

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

  /** True while the queue waits for the terminal. Nothing new should be drawn meanwhile. */
  get isBacklogged(): boolean {
    return this.#isBacklogged;
  }

  /** Writes like a stream. All text of one turn of the event loop is written in one call. */
  write(text: string, encoding?: string | WriteCallback, callback?: WriteCallback): boolean {
    const onWritten = typeof encoding === "function" ? encoding : callback;
    if (onWritten !== undefined) this.#drainCallbacks.push(onWritten);
    if (!this.#isDiscarding && !this.#isStale && !this.destroyed)
      this.#gathered += text.replaceAll(moveToSavedColumn, restoreCursor);
    if (!this.#isGathering) {
      this.#isGathering = true;
      queueMicrotask(() => this.#flushGathered());
    }
    return !this.#isBacklogged;
  }

  /** Drops the queue and everything that is written until `stopDiscarding`. */
  startDiscarding(): void {
    this.#isDiscarding = true;
    this.#dropQueue();
  }

  stopDiscarding(): void {
    this.#isDiscarding = false;
  }

  /** Sets the terminal's size, on which Ink redraws everything. */
  resizeTo(size: TerminalSize): void {
    this.columns = size.columns;
    this.rows = size.rows;
    this.emit("resize");
  }

  /**
   * Drops the queue and writes synchronously, for the way out of the program. Returns false if the terminal did not
   * take the whole text within the timeout.
   */
  writeNow(text: string, timeoutMs: number): boolean {
    if (this.destroyed) return false;
    const complete = this.#isPartlyWritten ? cancel + text : text;
    this.#isPartlyWritten = false;
    this.#dropQueue();
    return this.#writeAll(Buffer.from(complete), timeoutMs);
  }

  /** Drops the queue and everything that is written later. */
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
    // While the retry timer runs, the terminal is full: another try for each frame would only cost a call.
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
    this.#onDrained();
  }

  /** Writes the first chunk of the queue. Returns false if the terminal is full. */
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
      this.#isPartlyWritten = false;
      this.#retryMs = retryMinMs;
      return true;
    }
    this.#queue[0] = chunk.subarray(count);
    this.#isPartlyWritten ||= count > 0;
    if (count > 0) this.#retryMs = retryMinMs;
    this.#armRetry();
    return false;
  }

  #armRetry(): void {
    this.#setBacklogged(true);
    this.#retry = setTimeout(() => this.#drain(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, retryMaxMs);
  }

  #onDrained(): void {
    this.#retryMs = retryMinMs;
    const isStale = this.#isStale;
    this.#isStale = false;
    this.#setBacklogged(false);
    if (isStale && !this.destroyed) this.#options.onStale?.();
    for (const onWritten of this.#drainCallbacks.splice(0)) onWritten();
  }

  #setBacklogged(isBacklogged: boolean): void {
    if (this.#isBacklogged === isBacklogged) return;
    this.#isBacklogged = isBacklogged;
    this.#options.onBacklog?.(isBacklogged);
  }

  /** Keeps the rest of a partly written chunk, so that no escape sequence stays incomplete. */
  #dropQueue(): void {
    this.#gathered = "";
    this.#queue = this.#isPartlyWritten ? this.#queue.slice(0, 1) : [];
    this.#queuedBytes = this.#queue[0]?.length ?? 0;
  }

  #writeAll(bytes: Uint8Array, timeoutMs: number): boolean {
    const deadline = performance.now() + timeoutMs;
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
