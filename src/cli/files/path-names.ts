/** Completes paths with the names of files and folders, of which it reads a bounded number. */

import fs from "node:fs";
import { join } from "node:path";
import { pathNamesMax } from "../../protocol/limits.ts";
import { expandHome } from "./transcript-file.ts";

/** Characters that cannot be typed, or that a terminal would interpret. */
const untypable = /[\p{C}\u2028\u2029\ufffd]/u;

/**
 * The paths that begin with `typed`, sorted. A leading `~` stays, and a folder ends in a slash. Hidden files are listed
 * only if `typed` has their dot. Empty if the folder cannot be read.
 */
export function completePath(typed: string): readonly string[] {
  if (typed === "~") return ["~/"];
  const slash = typed.lastIndexOf("/") + 1;
  const prefix = typed.slice(0, slash);
  const start = typed.slice(slash);
  const folder = expandHome(prefix) || ".";
  return readNames(folder)
    .filter((name) => name.startsWith(start) && (start !== "" || !name.startsWith(".")))
    .filter((name) => !untypable.test(name))
    .toSorted()
    .map((name) => prefix + name + (isFolder(join(folder, name)) ? "/" : ""));
}

function readNames(folder: string): readonly string[] {
  const names: string[] = [];
  try {
    const opened = fs.opendirSync(folder);
    try {
      for (
        let entry = opened.readSync();
        entry !== null && names.length < pathNamesMax;
        entry = opened.readSync()
      )
        names.push(entry.name);
    } finally {
      opened.closeSync();
    }
  } catch {
    // There is no such folder, or it may not be read.
  }
  return names;
}

/** Follows links. */
function isFolder(path: string): boolean {
  try {
    return fs.statSync(path).isDirectory();
  } catch {
    return false; // A broken link.
  }
}
