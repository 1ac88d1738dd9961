/**
 * Tests whether a descriptor is a terminal. node:tty costs 7 ms in Bun 1.4.5, since it loads all streams, and
 * `process.stdout` more, since it makes one. So the file type is tested first.
 */

import { fstatSync, statSync } from "node:fs";

/** `descriptor` is 0 for standard input, 1 for standard output. */
export function isTerminal(descriptor: 0 | 1): boolean {
  if (!isCharacterDevice(descriptor)) return false;
  return process.getBuiltinModule("node:tty").isatty(descriptor);
}

/** A terminal is a character device, and so is /dev/null. */
function isCharacterDevice(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isCharacterDevice() && stat.rdev !== statSync("/dev/null").rdev;
  } catch {
    // The descriptor is closed, or the system has no /dev/null: the stream decides.
    return true;
  }
}
