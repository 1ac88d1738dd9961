/**
 * UNIX socket paths: how long they may be, who may open them, and when a leftover file may be removed.
 * Only a socket that nobody answers at is ever unlinked: never a plain file, never a live socket.
 */

import { lstatSync, readFileSync, renameSync, unlinkSync } from "node:fs";
import { basename, isAbsolute, resolve } from "node:path";
import type { ErrorCode } from "../../protocol/sockets/network-error.ts";

/** sun_path is 108 bytes and ends in a NUL (unix(7)); Bun 1.4.5 wants that NUL after an abstract name as well. */
const pathMaxBytes = 107;

/** The mode of the socket file is 600: without it a umask of 022 would let everybody connect. */
const socketUmask = 0o177;

/** What to give to Bun for a path as a person wrote it: `@name` is abstract. An error code if it cannot be one. */
export function encodeSocketPath(path: string): { readonly ok: true; readonly path: string } | ErrorText {
  const bare = path.startsWith("@") ? path.slice(1) : path;
  if (bare === "" || bare.includes("\0")) return { ok: false, code: "EINVAL" };
  // An abstract name begins with a NUL where a person writes `@`: both are as long.
  if (Buffer.byteLength(path) > pathMaxBytes) return { ok: false, code: "ENAMETOOLONG" };
  return { ok: true, path: path.startsWith("@") ? `\0${bare}` : path };
}

type ErrorText = { readonly ok: false; readonly code: ErrorCode };

/** Runs `listen` so that the file it makes is for its owner alone. */
export function withPrivateUmask<Result>(listen: () => Result): Result {
  const before = process.umask(socketUmask);
  try {
    return listen();
  } finally {
    process.umask(before);
  }
}

/** Which file a path names, to tell ours from one that took its place. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

/** The identity of the socket at `path`; undefined if there is none, or it is something else. */
export function readSocketIdentity(path: string): FileIdentity | undefined {
  try {
    const stat = lstatSync(path);
    return stat.isSocket() ? { device: stat.dev, inode: stat.ino } : undefined;
  } catch {
    return undefined; // Nothing there, or not ours to look at.
  }
}

function isSame(one: FileIdentity | undefined, other: FileIdentity | undefined): boolean {
  return one !== undefined && one.device === other?.device && one.inode === other.inode;
}

/**
 * Makes room at `path` if what lies there is a socket that refuses: true if `path` is worth another try.
 * The file that is removed is the one that was tried.
 */
export async function removeStaleSocket(path: string): Promise<boolean> {
  const found = readSocketIdentity(path);
  if (found === undefined || !(await isRefused(path)) || isListenedAt(path)) return false;
  if (!isSame(found, readSocketIdentity(path))) return false;
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false; // Not ours to remove: the address stays in use.
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
 * True when the kernel lists a listener at `path`. Bun 1.4.5 says ECONNREFUSED also of a live one whose
 * backlog is full (unix-path.test.ts). A path bound in another folder is known by its last name only.
 */
function isListenedAt(path: string): boolean {
  const whole = resolve(path);
  return listenedPaths().some((bound) =>
    isAbsolute(bound) ? bound === whole : basename(bound) === basename(whole),
  );
}

/** /proc/net/unix: Num, RefCount, Protocol, Flags, Type, St, Inode, Path; 00010000 is a listener (__SO_ACCEPTCON). */
function listenedPaths(): readonly string[] {
  try {
    const lines = readFileSync("/proc/net/unix", "utf8").split("\n");
    return lines.flatMap((line) => /^\S+: \S+ \S+ 00010000 \S+ \S+ +\d+ (.+)$/.exec(line)?.[1] ?? []);
  } catch {
    return []; // No /proc: a refusal is all there is to go by.
  }
}

/**
 * Stops a listener whose `stop` unlinks `path` whoever holds it now (Bun 1.4.5, bun-traps.test.ts): a
 * file that is not `own` is put aside for that moment.
 */
export function stopKeepingForeignFile(path: string, own: FileIdentity | undefined, stop: () => void): void {
  if (!fileExists(path) || isSame(own, readSocketIdentity(path))) return stop();
  const aside = `${path}.${process.pid}`;
  const moved = rename(path, aside);
  stop();
  if (moved) rename(aside, path);
}

/** False if it cannot be moved; then it cannot be unlinked either. */
function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function fileExists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
