/** Replaces a small file as a whole, and tolerates a file system that refuses. */

import fs from "node:fs";

/** Writes the text beside the file and renames it, so that a reader finds the old text or the new one. Throws as fs does. */
export function replaceFile(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.new`;
  try {
    fs.writeFileSync(unfinished, text, { flag: "wx", mode: 0o600 });
    fs.renameSync(unfinished, path);
  } finally {
    fs.rmSync(unfinished, { force: true });
  }
}

/** Calls `act`; undefined after an error of the file system. */
export function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
