/**
 * A file that only its owner may read, in a folder that only its owner may enter. A file or folder with another owner or
 * other modes, a link, or too many bytes, is refused and never changed.
 */

import fs from "node:fs";
import { dirname } from "node:path";
import type { PrivateFileProblem } from "../../protocol/errors/private-file-problem.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;
const othersBits = 0o077;
const folderMode = 0o700;
const fileMode = 0o600;

type ReadFile =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "problem"; readonly problem: PrivateFileProblem };

/** Reads the file, if it and its folder belong to us alone. */
export function readPrivateFile(path: string, maxBytes: number): ReadFile {
  const folderProblem = checkFolder(dirname(path));
  if (folderProblem !== undefined) return { kind: "problem", problem: folderProblem };
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const problem = checkFile(path, fs.fstatSync(descriptor));
    if (problem !== undefined) return { kind: "problem", problem };
    const bytes = Buffer.alloc(maxBytes + 1);
    const length = fs.readSync(descriptor, bytes, 0, bytes.length, 0);
    if (length > maxBytes) return { kind: "problem", problem: { is: "too-long", path, maxBytes } };
    return { kind: "text", text: bytes.toString("utf8", 0, length) };
  } catch (error) {
    const problem = toProblem(path, error);
    return problem.is === "system" && problem.code === "ENOENT"
      ? { kind: "absent" }
      : { kind: "problem", problem };
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/**
 * Creates the file, whole or not at all. `exists`: another process has created it first. Its folder is created where it is
 * missing.
 */
export function createPrivateFile(path: string, text: string): "created" | "exists" | PrivateFileProblem {
  return write(path, text, (unfinished) => linkOnce(unfinished, path));
}

/** A link is made only where nothing is, and the file has its modes before it has its name. */
function linkOnce(unfinished: string, path: string): "created" | "exists" {
  try {
    fs.linkSync(unfinished, path);
    return "created";
  } catch (error) {
    if (isCode(error, "EEXIST")) return "exists";
    throw error;
  } finally {
    fs.rmSync(unfinished, { force: true });
  }
}

/**
 * Creates a copy of a private text, whole or not at all, in any folder: the copy alone is private. A file that exists is a
 * problem of the system, EEXIST.
 */
export function createPrivateCopy(path: string, text: string): "created" | PrivateFileProblem {
  const created = writeWhole(path, text, (unfinished) => linkOnce(unfinished, path));
  return created === "exists" ? { is: "system", path, code: "EEXIST" } : created;
}

/** Replaces the file, whole or not at all. */
export function replacePrivateFile(path: string, text: string): "replaced" | PrivateFileProblem {
  return write(path, text, (unfinished) => {
    fs.renameSync(unfinished, path);
    return "replaced";
  });
}

/** Creates the folder of a file where it is missing. Returns why the folder cannot be used. */
export function makePrivateFolder(path: string): PrivateFileProblem | undefined {
  const folder = dirname(path);
  try {
    fs.mkdirSync(folder, { recursive: true, mode: folderMode });
    return checkFolder(folder);
  } catch (error) {
    return toProblem(folder, error);
  }
}

function write<Done>(
  path: string,
  text: string,
  finish: (unfinished: string) => Done,
): Done | PrivateFileProblem {
  return makePrivateFolder(path) ?? writeWhole(path, text, finish);
}

function writeWhole<Done>(
  path: string,
  text: string,
  finish: (unfinished: string) => Done,
): Done | PrivateFileProblem {
  const unfinished = `${path}.${process.pid}.${crypto.randomUUID()}`;
  try {
    const descriptor = fs.openSync(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, fileMode);
    try {
      writeAll(descriptor, Buffer.from(text));
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    return finish(unfinished);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    return toProblem(path, error);
  }
}

/** A disk that is full takes a part without an error: the next part has one. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += fs.writeSync(descriptor, bytes, written);
}

/** The folder's problem; undefined for one that is ours alone, and for one that does not exist. */
function checkFolder(folder: string): PrivateFileProblem | undefined {
  const stat = fs.statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isDirectory()) return { is: "system", path: folder, code: "ENOTDIR" };
  if (stat.uid !== process.getuid?.()) return { is: "other-owner", path: folder };
  const mode = stat.mode & 0o777;
  return (mode & othersBits) === 0 ? undefined : { is: "others-may-enter", path: folder, mode };
}

function checkFile(path: string, stat: fs.Stats): PrivateFileProblem | undefined {
  if (!stat.isFile()) return { is: "no-file", path };
  if (stat.uid !== process.getuid?.()) return { is: "other-owner", path };
  const mode = stat.mode & 0o777;
  return (mode & othersBits) === 0 ? undefined : { is: "others-may-read", path, mode };
}

function toProblem(path: string, error: unknown): PrivateFileProblem {
  // O_NOFOLLOW's answer to a symbolic link.
  if (isCode(error, "ELOOP")) return { is: "no-file", path };
  if (error instanceof Error && "code" in error) return { is: "system", path, code: String(error.code) };
  throw error;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
