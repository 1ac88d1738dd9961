/**
 * Where what is written may have to wait for a reader: opened once more, so that writing to it never does. It knows
 * bytes only.
 *
 * Writing to standard output blocks the whole process while nobody reads it (Bun 1.4.5, as are Bun.stdout.writer and
 * tty.WriteStream; pinned by "an unread terminal stops nothing but the drawing"). O_NONBLOCK on the descriptor itself would
 * leak to the shell, which shares its file description.
 */

import { constants, fstatSync, openSync, writevSync } from "node:fs";

/** undefined: it may not be opened here, or is a socket. */
export function reopen(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

/** What an open descriptor writes to. undefined as well: a file on a disk, to which O_NONBLOCK means nothing. */
export function reopenDescriptor(descriptor: number): number | undefined {
  try {
    const stat = fstatSync(descriptor);
    const mayWait = stat.isFIFO() || stat.isCharacterDevice();
    return mayWait ? reopen(`/proc/self/fd/${descriptor}`) : undefined;
  } catch {
    return undefined; // EBADF: whoever writes to it is told.
  }
}

/** The bytes taken, from the first; 0 when there is no room now, -1 when it is gone for good. */
export function writeNow(descriptor: number, pieces: readonly Uint8Array[]): number {
  try {
    return writevSync(descriptor, pieces);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN" || code === "EINTR") return 0;
    return -1; // EIO: hung up. EPIPE: no reader. EBADF, ENXIO: closed under us.
  }
}
