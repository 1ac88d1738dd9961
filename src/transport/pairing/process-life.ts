/**
 * Whether a process is still alive, by its id and start time, since ids are reused; and the network namespace of ours.
 */

import { readFileSync, readlinkSync } from "node:fs";
import { kill } from "node:process";

/** When a process started, in clock ticks since boot; undefined if it has ended, or without /proc. */
export function readStartTime(pid: number): string | undefined {
  return readStatus(pid)?.startTime;
}

/** The network namespace of this process, as `net:[4026531840]`; undefined where there are none. */
export function readNetworkNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/net");
  } catch {
    return undefined;
  }
}

/** If either start time is unknown, any live process with that id counts. */
export function isProcessAlive(pid: number, startTime: string | undefined): boolean {
  const status = readStatus(pid);
  if (status === undefined) return isAcceptingSignals(pid);
  if (status.hasEnded) return false;
  return startTime === undefined || status.startTime === startTime;
}

interface ProcessStatus {
  /** A zombie: it has closed its sockets and waits for its parent. */
  readonly hasEnded: boolean;
  readonly startTime: string | undefined;
}

/** Fields 3 and 22 of proc_pid_stat(5). */
function readStatus(pid: number): ProcessStatus | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 2 is the program's name in parentheses, and may contain spaces and parentheses itself.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { hasEnded: /^[ZX]/i.test(fields[0] ?? ""), startTime: fields[19] };
  } catch {
    return undefined;
  }
}

function isAcceptingSignals(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch (error) {
    // It is alive, and belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
