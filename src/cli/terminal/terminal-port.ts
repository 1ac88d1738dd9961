/**
 * The way to the terminal that never blocks. It knows bytes only: no frames, no escapes, no queue.
 */

import { closeSync } from "node:fs";
import { reopen, writeNow } from "../files/reopen.ts";

/** Where a terminal takes bytes. */
export interface TerminalPort {
  /** The bytes taken, from the first; 0 when it has no room now, -1 when it is gone for good. Never blocks. */
  write(bytes: Uint8Array): number;
  close(): void;
}

// The first is the very terminal on standard output; the second serves where that may not be opened (after su).
const terminalPaths = ["/proc/self/fd/1", "/dev/tty"];
const standardOutput = 1;

/** Opens the terminal on standard output. Where it cannot be opened anew, writes will block. */
export function openTerminalPort(): TerminalPort {
  const descriptor = terminalPaths.map(reopen).find((opened) => opened !== undefined);
  return {
    write: (bytes) => writeNow(descriptor ?? standardOutput, [bytes]),
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}
