/**
 * Carries what the keyboard sends into key events. It knows no key and no escape sequence: the decoder does;
 * what it adds is time, for a lone Escape and a paste that never ends.
 */

import type { KeyEvent } from "../../input/keys/key-event.ts";

/** What KeyDecoder is to the pump. */
export interface InputDecoder {
  push(bytes: Uint8Array): readonly KeyEvent[];
  /** Gives up waiting for the rest of what was pushed. */
  flush(): readonly KeyEvent[];
  /** How long to wait for more before `flush`; undefined: nothing is unfinished. */
  readonly pendingDelayMs: number | undefined;
}

/** The part of process.stdin that the pump reads. */
interface KeyboardStream {
  on(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  on(event: "end" | "close" | "error", listener: () => void): unknown;
  off(event: "data", listener: (bytes: Uint8Array) => void): unknown;
  off(event: "end" | "close" | "error", listener: () => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

interface KeyPumpOptions {
  readonly keyboard: KeyboardStream;
  readonly decoder: InputDecoder;
  readonly onKey: (event: KeyEvent) => void;
  /** Called once: the terminal has hung up, or its input was closed. */
  readonly onEnd: () => void;
}

/** Reads until the keyboard ends or the returned function is called. */
export function pumpKeys({ keyboard, decoder, onKey, onEnd }: KeyPumpOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn: ReturnType<typeof setImmediate> | undefined;
  let next: ReturnType<typeof setImmediate> | undefined;
  const cancelFlush = (): void => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
  // Bytes that are already there are read first: after a stall of ours the delay is over before they are looked at.
  const flushLater = (): void => {
    turn = setImmediate(() => deliver(decoder.flush()));
  };
  const deliver = (events: readonly KeyEvent[]): void => {
    cancelFlush();
    const delayMs = decoder.pendingDelayMs;
    if (delayMs !== undefined) timer = setTimeout(flushLater, delayMs);
    for (const event of events) onKey(event);
  };
  const onBytes = (bytes: Uint8Array): void => {
    // Bun 1.4.5 reads a full keyboard read after read in one turn of the event loop: timers, sockets and React's own
    // updates would wait until it is empty, and React takes 50 renders without a turn for an endless loop.
    keyboard.pause();
    next = setImmediate(() => keyboard.resume());
    deliver(decoder.push(bytes));
  };
  const stop = (): void => {
    cancelFlush();
    clearImmediate(next);
    keyboard.off("data", onBytes);
    for (const event of ["end", "close", "error"] as const) keyboard.off(event, onClosed);
  };
  const onClosed = (): void => {
    stop();
    onEnd();
  };
  keyboard.on("data", onBytes);
  for (const event of ["end", "close", "error"] as const) keyboard.on(event, onClosed);
  return stop;
}
