/**
 * The way to the terminal that never blocks. It knows bytes only: no frames, no escapes, no queue.
 *
 * Writing to standard output blocks the whole process while nobody reads the terminal (Bun 1.4.5, as are
 * Bun.stdout.writer and tty.WriteStream; pinned by "an unread terminal stops nothing but the drawing").
 * O_NONBLOCK on descriptor 1 would leak to the shell, which shares its file description: so open it anew.
 */

import { closeSync, constants, openSync, writeSync } from "node:fs";

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
  const descriptor = terminalPaths.map(tryOpen).find((opened) => opened !== undefined);
  return {
    write: (bytes) => writeSome(descriptor ?? standardOutput, bytes),
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined; // The next path, or standard output itself, does as well.
  }
}

function writeSome(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN" || code === "EINTR") return 0;
    return -1; // EIO: hung up. EBADF, ENXIO: closed under us.
  }
}
