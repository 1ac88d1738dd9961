/**
 * UNIX socket paths: their length, their permissions, and the removal of leftover files. Only a socket
 * that no process has is ever unlinked, never a regular file.
 */

import { lstatSync, readFileSync, renameSync, statSync, unlinkSync } from "node:fs";
import { basename, dirname, isAbsolute, resolve } from "node:path";
import { probeSocketPath } from "../kernel/socket-options.ts";
import type { ErrorCode, NetworkError, PathFile } from "../../protocol/sockets/network-error.ts";
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
 * Unlinks the socket at `path` if it is proven that no process has it. True if it did, so that binding can be retried.
 * Never unlinks a file that replaced the one that was looked at.
 */
export function removeStaleSocket(path: string): boolean {
  const found = readSocketIdentity(path);
  // The kernel's answer is by the file; the list, by the path as it was bound, guards a misread errno.
  if (found === undefined || probeSocketPath(path) !== "unbound" || isListedAsBound(path)) return false;
  if (!isSame(found, readSocketIdentity(path))) return false;
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false; // No permission: the address stays in use.
  }
}

/** Adds the file at the path to an error of `bind` or `connect` that depends on it. */
export function addPathFile(error: NetworkError, path: string): NetworkError {
  const { code } = error;
  if (path.startsWith("@") || (code !== "EADDRINUSE" && code !== "ECONNREFUSED" && code !== "ENOENT"))
    return error;
  const file = readPathFile(path);
  return file === undefined ? error : { ...error, file };
}

function readPathFile(path: string): PathFile | undefined {
  const problem = readFolderProblem(path);
  if (problem !== undefined) return problem;
  if (!hasFile(path)) return undefined;
  return readSocketIdentity(path) === undefined ? "no-socket" : probeSocketPath(path);
}

/** Why the path leads nowhere, if it does: its folder is missing, or is none. An abstract name has none. */
export function readFolderProblem(path: string): "no-folder" | "file-as-folder" | undefined {
  if (path.startsWith("@")) return undefined;
  try {
    return statSync(dirname(path)).isDirectory() ? undefined : "file-as-folder";
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return code === "ENOENT" ? "no-folder" : code === "ENOTDIR" ? "file-as-folder" : undefined;
  }
}

/** True if the kernel lists a socket at `path`. A path that was bound relatively is compared by its last segment only. */
function isListedAsBound(path: string): boolean {
  const whole = resolve(path);
  return readBoundPaths().some((bound) =>
    isAbsolute(bound) ? bound === whole : basename(bound) === basename(whole),
  );
}

/** /proc/net/unix: Num, RefCount, Protocol, Flags, Type, St, Inode, Path. */
function readBoundPaths(): readonly string[] {
  try {
    const lines = readFileSync("/proc/net/unix", "utf8").split("\n");
    return lines.flatMap((line) => /^\S+: \S+ \S+ \S+ \S+ \S+ +\d+ (.+)$/.exec(line)?.[1] ?? []);
  } catch {
    return []; // No /proc: the kernel's answer alone decides.
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
