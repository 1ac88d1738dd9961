/** Makes a pipe hold more, so that writer and reader take turns less often. Linux only; elsewhere pipes stay as they are. */

import { dlopen } from "bun:ffi";
import { fstatSync } from "node:fs";

/** fcntl(2). */
const F_SETPIPE_SZ = 1031;
/** The most that a user may ask for, by the default of /proc/sys/fs/pipe-max-size. */
const pipeBytes = 1024 * 1024;

/** Does nothing if the descriptor is no pipe, or the system refuses. */
export function growPipe(descriptor: number): void {
  if (process.platform !== "linux" || !isPipe(descriptor)) return;
  try {
    const { symbols, close } = dlopen("libc.so.6", {
      fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
    });
    symbols.fcntl(descriptor, F_SETPIPE_SZ, pipeBytes);
    close();
  } catch {
    // Another libc, such as musl.
  }
}

function isPipe(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFIFO();
  } catch {
    return false; // EBADF: the first write reports it.
  }
}
