/**
 * Reads the keyboard through a decoder. The decoder recognises keys; the pump has the timer that ends an incomplete
 * sequence, such as a lone Escape or a paste without an end.
 */

import type { KeyEvent } from "../../input/keys/key-event.ts";

/** The part of KeyDecoder that the pump uses. */
export interface InputDecoder {
  push(bytes: Uint8Array): readonly KeyEvent[];
  /** Decodes an incomplete sequence as it is. */
  flush(): readonly KeyEvent[];
  /** How long to wait for more bytes before `flush`; undefined if no sequence is incomplete. */
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
  /** Called once, when the terminal hung up or its input was closed. */
  readonly onEnd: () => void;
}

/** Reads keys until the input ends or the returned function is called. */
export function pumpKeys({ keyboard, decoder, onKey, onEnd }: KeyPumpOptions): () => void {
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let pendingFlush: ReturnType<typeof setImmediate> | undefined;
  let pendingResume: ReturnType<typeof setImmediate> | undefined;
  const cancelFlush = (): void => {
    clearTimeout(flushTimer);
    clearImmediate(pendingFlush);
  };
  // Bytes that have arrived are read first: if the process was busy, the delay may be over before they are read.
  const flushAfterRead = (): void => {
    pendingFlush = setImmediate(() => deliver(decoder.flush()));
  };
  const deliver = (events: readonly KeyEvent[]): void => {
    cancelFlush();
    const delayMs = decoder.pendingDelayMs;
    if (delayMs !== undefined) flushTimer = setTimeout(flushAfterRead, delayMs);
    for (const event of events) onKey(event);
  };
  const onBytes = (bytes: Uint8Array): void => {
    // Bun 1.4.5 reads all available input in one turn of the event loop. Timers and sockets would wait until then, and
    // React throws after 50 renders in one turn.
    keyboard.pause();
    pendingResume = setImmediate(() => keyboard.resume());
    deliver(decoder.push(bytes));
  };
  const stop = (): void => {
    cancelFlush();
    clearImmediate(pendingResume);
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
