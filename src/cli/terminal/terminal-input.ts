/** Reads the terminal's input without waiting, past Bun's stream, and drops what would otherwise reach the shell. */

import { closeSync, constants, openSync, readSync } from "node:fs";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import type { InputDecoder } from "./key-pump.ts";
import type { TerminalQueries } from "./terminal-queries.ts";

// The terminal on standard input. /dev/tty is for the case that it may not be opened again, as after su.
const terminalPaths = ["/proc/self/fd/0", "/dev/tty"];
const pollMs = 2;
/** How long input that never ends may be dropped, beyond the wait for replies. */
const endlessInputMs = 250;
const readMaxBytes = 64 * 1024;

/**
 * Reads and drops input until no reply to a query is under way, for at most a second, and then all that is there.
 * Synchronous, because an exception and a signal to stop do not leave time for more. The terminal must be in raw mode.
 */
export function drainInput(queries: TerminalQueries, decoder: InputDecoder): void {
  const descriptor = openInput();
  if (descriptor === undefined) return;
  const onKey = (event: KeyEvent): void => {
    if (event.type === "reply") queries.onReply(event);
  };
  const deadlineMs = performance.now() + queries.waitMs + endlessInputMs;
  while (performance.now() < deadlineMs) {
    const bytes = readInput(descriptor);
    if (bytes === undefined) break;
    decoder.push(bytes).forEach(onKey);
    if (bytes.length > 0) continue;
    if (queries.waitMs === 0) break;
    Bun.sleepSync(pollMs);
  }
  closeSync(descriptor);
  // A part of a sequence is not to join keys that are typed after a suspend.
  decoder.flush();
}

/** Not O_NONBLOCK on the descriptor itself: the shell shares its file description. */
function openInput(): number | undefined {
  for (const path of terminalPaths) {
    try {
      return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Returns the bytes that are there, perhaps none; undefined if the terminal has hung up. */
function readInput(descriptor: number): Uint8Array | undefined {
  const bytes = new Uint8Array(readMaxBytes);
  try {
    const count = readSync(descriptor, bytes);
    return count === 0 ? undefined : bytes.subarray(0, count);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EAGAIN" || code === "EINTR" ? new Uint8Array() : undefined;
  }
}
