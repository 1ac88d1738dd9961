/**
 * A folder that only its owner can write to, and small files in it. Everything is synchronous, since exit handlers
 * need it, and every failure is a value.
 */

import fs from "node:fs";
import { dirname, basename, join } from "node:path";
import { getuid } from "node:process";
import type { FileProblem, FolderProblem } from "../../protocol/errors/folder-problem.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;
const othersMayWrite = 0o022;

/** Checks that the path is a real directory of ours that nobody else may write to; undefined if it is. */
export function checkPrivateFolder(path: string): FileProblem | undefined {
  return attempt(() => {
    const status = fs.lstatSync(path);
    if (status.isSymbolicLink()) return "symbolic link";
    if (!status.isDirectory()) return "no directory";
    if (!isOurs(status)) return "not ours";
    return (status.mode & othersMayWrite) === 0 ? undefined : "open to others";
  });
}

/** Creates the folder with mode 700 if nothing of that name exists, and checks it in any case. */
function makePrivateFolder(path: string): FileProblem | undefined {
  const problem = attempt(() => void fs.mkdirSync(path, { mode: 0o700 }));
  return problem === undefined || problem === "EEXIST" ? checkPrivateFolder(path) : problem;
}

/**
 * Makes the folder, or if something else has its name, which another user can arrange in a shared directory, one named
 * `PATH.XXXXXX`, which listPrivateFolders() finds.
 */
export function makeSomePrivateFolder(path: string): { readonly folder: string } | FolderProblem {
  const problem = makePrivateFolder(path);
  if (problem === undefined) return { folder: path };
  const [known] = listPrivateFolders(path);
  if (known !== undefined) return { folder: known };
  let made = "";
  const failure = attempt(() => {
    made = fs.mkdtempSync(`${path}.`);
    return checkPrivateFolder(made);
  });
  return failure === undefined ? { folder: made } : { folder: path, problem };
}

/**
 * The folder if it is safe, else those of ours that makeSomePrivateFolder() made in its place. All names like theirs are
 * looked at: with a bound, another user's could hide ours.
 */
export function listPrivateFolders(path: string): readonly string[] {
  const problem = checkPrivateFolder(path);
  if (problem === undefined) return [path];
  if (problem === "ENOENT") return [];
  const start = `${basename(path)}.`;
  return listFolder(dirname(path))
    .filter((name) => name.startsWith(start))
    .map((name) => join(dirname(path), name))
    .filter((folder) => checkPrivateFolder(folder) === undefined);
}

/** Writes a file with mode 600 atomically: a reader sees all of it or none. */
export function writePrivateFile(path: string, text: string): FileProblem | undefined {
  const unfinished = `${path}.new`;
  return attempt(() => {
    fs.rmSync(unfinished, { force: true });
    const descriptor = fs.openSync(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      fs.writeFileSync(descriptor, text);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(unfinished, path);
    return undefined;
  });
}

/** Reads a regular file of ours, at most `maxBytes` long. Never blocks, even if the path is a pipe. */
export function readPrivateFile(
  path: string,
  maxBytes: number,
): { readonly text: string } | { readonly problem: FileProblem } {
  let text = "";
  const problem = attempt(() => {
    const descriptor = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const status = fs.fstatSync(descriptor);
      if (!status.isFile()) return "no file";
      if (!isOurs(status)) return "not ours";
      const bytes = Buffer.alloc(maxBytes + 1);
      const length = fs.readSync(descriptor, bytes);
      if (length > maxBytes) return "too large";
      text = bytes.toString("utf8", 0, length);
      return undefined;
    } finally {
      fs.closeSync(descriptor);
    }
  });
  return problem === undefined ? { text } : { problem };
}

/** The names in a folder, in no order; none if it cannot be read. */
export function listFolder(path: string): readonly string[] {
  let names: readonly string[] = [];
  attempt(() => {
    names = fs.readdirSync(path);
    return undefined;
  });
  return names;
}

/** Removes a file, if it exists. */
export function removeFile(path: string): FileProblem | undefined {
  return attempt(() => void fs.rmSync(path, { force: true }));
}

function isOurs(status: fs.Stats): boolean {
  return getuid === undefined || status.uid === getuid();
}

/** Returns the file system's error code as a value; rethrows any other error, which is a bug of duet. */
function attempt(act: () => FileProblem | undefined): FileProblem | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
    throw error;
  }
}
