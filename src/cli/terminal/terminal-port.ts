/** Writes bytes to the terminal without blocking. Has no queue: the caller keeps what the terminal did not take. */

import { closeSync } from "node:fs";
import { reopen, writeNow } from "../files/reopen.ts";

/** The writing end of a terminal. */
export interface TerminalPort {
  /** Returns how many bytes were written: 0 if the terminal has no room, -1 if it is closed. Never blocks. */
  write(bytes: Uint8Array): number;
  close(): void;
}

// The terminal on standard output. /dev/tty is for the case that it may not be opened again, as after su.
const terminalPaths = ["/proc/self/fd/1", "/dev/tty"];
const standardOutput = 1;

/** Opens the terminal on standard output once more. If that is not possible, writes may block. */
export function openTerminalPort(): TerminalPort {
  const descriptor = terminalPaths.map(reopen).find((opened) => opened !== undefined);
  return {
    write: (bytes) => writeNow(descriptor ?? standardOutput, [bytes]),
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}
