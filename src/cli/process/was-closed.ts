/** Tests whether a standard descriptor was closed when the program began, as by `>&-`. Linux only; false elsewhere. */

import { readFileSync } from "node:fs";

/** O_CLOEXEC in /proc/PID/fdinfo, which is octal. */
const closeOnExec = 0o2000000;

/**
 * Bun 1.4.5 opens /dev/null in place of a closed standard descriptor, so that writing to it succeeds and all is lost. It
 * opens it close-on-exec, which no descriptor is that a program has inherited.
 */
export function wasClosed(descriptor: 1): boolean {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8");
    const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1] ?? "0";
    return (Number.parseInt(flags, 8) & closeOnExec) !== 0;
  } catch {
    return false;
  }
}
