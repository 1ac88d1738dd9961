/**
 * UNIX socket paths: their length, their permissions, and the removal of leftover files. Only a socket without a
 * listener is ever unlinked, never a regular file.
 */

import { lstatSync, readFileSync, renameSync, unlinkSync } from "node:fs";
import { basename, isAbsolute, resolve } from "node:path";
import type { ErrorCode } from "../../protocol/sockets/network-error.ts";
import { socketPathMaxBytes } from "../../protocol/limits.ts";

/** Makes the mode of the socket file 600: with a umask of 000 every user could connect. */
const socketUmask = 0o177;

/** The path that Bun expects for a path as a person wrote it, where `@name` is abstract; or why it is invalid. */
export function encodeSocketPath(path: string): { readonly ok: true; readonly path: string } | PathError {
  const name = path.startsWith("@") ? path.slice(1) : path;
  if (name === "" || name.includes("\0")) return { ok: false, code: "EINVAL" };
  // An abstract name begins with a NUL in place of the `@`, so both have the same length.
  if (Buffer.byteLength(path) > socketPathMaxBytes) return { ok: false, code: "ENAMETOOLONG" };
  return { ok: true, path: path.startsWith("@") ? `\0${name}` : path };
}

type PathError = { readonly ok: false; readonly code: ErrorCode };

/** Runs `listen` so that only the owner can access the file that it creates. */
export function runWithPrivateUmask<Result>(listen: () => Result): Result {
  const before = process.umask(socketUmask);
  try {
    return listen();
  } finally {
    process.umask(before);
  }
}

/** Identifies a file, to distinguish ours from one that replaced it. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

/** The identity of the socket at `path`; undefined if there is no file, or it is no socket. */
export function readSocketIdentity(path: string): FileIdentity | undefined {
  try {
    const stat = lstatSync(path);
    return stat.isSocket() ? { device: stat.dev, inode: stat.ino } : undefined;
  } catch {
    return undefined; // No file, or no permission.
  }
}

function isSame(one: FileIdentity | undefined, other: FileIdentity | undefined): boolean {
  return one !== undefined && one.device === other?.device && one.inode === other.inode;
}

/**
 * Unlinks the socket at `path` if it refuses connections. True if it did, so that binding can be retried. Never
 * unlinks a file that replaced the one that refused.
 */
export async function removeStaleSocket(path: string): Promise<boolean> {
  const found = readSocketIdentity(path);
  if (found === undefined || !(await isRefused(path)) || hasListener(path)) return false;
  if (!isSame(found, readSocketIdentity(path))) return false;
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false; // No permission: the address stays in use.
  }
}

async function isRefused(path: string): Promise<boolean> {
  try {
    const socket = await Bun.connect({ unix: path, socket: { data: () => {}, error: () => {} } });
    socket.terminate();
    return false;
  } catch (thrown) {
    return (thrown as { readonly code?: unknown }).code === "ECONNREFUSED";
  }
}

/**
 * True if the kernel lists a listener at `path`. Bun 1.4.5 reports ECONNREFUSED also for a live listener whose backlog
 * is full (unix-path.test.ts). A path that was bound relatively is compared by its last segment only.
 */
function hasListener(path: string): boolean {
  const whole = resolve(path);
  return readListeningPaths().some((bound) =>
    isAbsolute(bound) ? bound === whole : basename(bound) === basename(whole),
  );
}

/** /proc/net/unix: Num, RefCount, Protocol, Flags, Type, St, Inode, Path; 00010000 is a listener (__SO_ACCEPTCON). */
function readListeningPaths(): readonly string[] {
  try {
    const lines = readFileSync("/proc/net/unix", "utf8").split("\n");
    return lines.flatMap((line) => /^\S+: \S+ \S+ 00010000 \S+ \S+ +\d+ (.+)$/.exec(line)?.[1] ?? []);
  } catch {
    return []; // No /proc: the refusal alone decides.
  }
}

/**
 * Stops a listener. Its `stop` unlinks `path` even if the file there is not ours any more (Bun 1.4.5,
 * bun-traps.test.ts), so a file that is not `own` is renamed meanwhile.
 */
export function stopKeepingForeignFile(path: string, own: FileIdentity | undefined, stop: () => void): void {
  if (!hasFile(path) || isSame(own, readSocketIdentity(path))) return stop();
  const aside = `${path}.${process.pid}`;
  const moved = rename(path, aside);
  stop();
  if (moved) rename(aside, path);
}

/** False if there is no permission; then the file cannot be unlinked either. */
function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function hasFile(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
