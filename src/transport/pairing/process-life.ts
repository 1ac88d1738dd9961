/** Whether a process is still the one it was (a process id is used again, its start time with it never), and where ours is. */

import { readFileSync, readlinkSync } from "node:fs";
import { kill } from "node:process";

/** When a process started, in clock ticks since boot. undefined: it is gone, or there is no /proc. */
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

/** Without a start time on either side, a process of that id is taken to be the one. */
export function isProcessAlive(pid: number, startTime: string | undefined): boolean {
  const status = readStatus(pid);
  if (status === undefined) return takesSignals(pid);
  if (status.hasEnded) return false;
  return startTime === undefined || status.startTime === startTime;
}

interface ProcessStatus {
  /** A zombie: it holds nothing any more and waits for its parent. */
  readonly hasEnded: boolean;
  readonly startTime: string | undefined;
}

/** Fields 3 and 22 of proc_pid_stat(5). */
function readStatus(pid: number): ProcessStatus | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 2 is the program's name in parentheses, which may hold spaces and parentheses itself.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { hasEnded: /^[ZX]/i.test(fields[0] ?? ""), startTime: fields[19] };
  } catch {
    return undefined;
  }
}

function takesSignals(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch (error) {
    // It is there, and another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
