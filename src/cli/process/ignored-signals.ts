/** Finds the signals that were ignored when duet was started, as HUP by nohup and INT in the background of a script. */

import { readFileSync } from "node:fs";
import { constants } from "node:os";

/**
 * The ignored signals, by all their names. A handler would end this, so this is read before duet handles any. Linux only;
 * none elsewhere. At its own start Bun 1.4.5 ignores PIPE and XFSZ, and handles ABRT, with a terminal among the standard
 * descriptors also INT and TERM: whether these were ignored before is lost.
 */
export function readIgnoredSignals(): ReadonlySet<NodeJS.Signals> {
  const mask = readIgnoredMask();
  const names = Object.entries(constants.signals).filter(
    ([, number]) => (mask & (1n << BigInt(number - 1))) !== 0n,
  );
  return new Set(names.map(([name]) => name as NodeJS.Signals));
}

/** Bit n is the signal n + 1 (proc_pid_status(5)). */
function readIgnoredMask(): bigint {
  try {
    const digits = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return BigInt(`0x${digits ?? "0"}`);
  } catch {
    return 0n;
  }
}
