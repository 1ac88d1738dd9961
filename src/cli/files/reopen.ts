/**
 * Opens a pipe or a terminal once more, so that writing to it does not block.
 *
 * A write to standard output blocks the whole process while nobody reads it (Bun 1.4.5, also with Bun.stdout.writer and
 * tty.WriteStream; pinned by "an unread terminal stops nothing but the drawing"). O_NONBLOCK on the descriptor itself
 * would also affect the shell, which shares its file description.
 */

import { constants, fstatSync, openSync, writevSync } from "node:fs";

/** Opens a path for writing without blocking; undefined if it may not be opened, or is a socket. */
export function reopen(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

/**
 * Reopens the pipe or terminal of a descriptor. undefined also for a file on a disk, which O_NONBLOCK does not affect.
 */
export function reopenDescriptor(descriptor: number): number | undefined {
  try {
    const stat = fstatSync(descriptor);
    const canBlock = stat.isFIFO() || stat.isCharacterDevice();
    return canBlock ? reopen(`/proc/self/fd/${descriptor}`) : undefined;
  } catch {
    return undefined; // EBADF: the first write reports it.
  }
}

/** Returns how many bytes were written: 0 if there is no room, -1 if nothing can be written any more. */
export function writeNow(descriptor: number, chunks: readonly Uint8Array[]): number {
  try {
    return writevSync(descriptor, chunks);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN" || code === "EINTR") return 0;
    return -1; // EIO: hung up. EPIPE: no reader. EBADF, ENXIO: closed.
  }
}
