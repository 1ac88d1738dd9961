/**
 * Whether a descriptor is a terminal. Asking `process.stdout` costs 11 ms in Bun 1.4.5, since it makes the stream
 * (tests/bench/start.ts), so what cannot be one is told by its file type.
 */

import { fstatSync, statSync } from "node:fs";

/** 0 is standard input, 1 standard output. */
export function isTerminal(descriptor: 0 | 1): boolean {
  if (!mayBeTerminal(descriptor)) return false;
  return (descriptor === 0 ? process.stdin : process.stdout).isTTY === true;
}

/** A terminal is a character device, and so is /dev/null. */
function mayBeTerminal(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    return found.isCharacterDevice() && found.rdev !== statSync("/dev/null").rdev;
  } catch {
    // A closed descriptor, or no such device here: the stream itself is asked.
    return true;
  }
}
