/**
 * Tests whether a descriptor is a terminal. `process.stdout` costs 11 ms in Bun 1.4.5, because reading it creates the
 * stream (tests/bench/start.ts). So the file type is tested first.
 */

import { fstatSync, statSync } from "node:fs";

/** `descriptor` is 0 for standard input, 1 for standard output. */
export function isTerminal(descriptor: 0 | 1): boolean {
  if (!isCharacterDevice(descriptor)) return false;
  return (descriptor === 0 ? process.stdin : process.stdout).isTTY === true;
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
