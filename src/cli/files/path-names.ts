/**
 * The files and folders that a path may go on to. It reads names alone, within a bound, and a folder that cannot be read
 * has none.
 */

import fs from "node:fs";
import { join } from "node:path";
import { pathNamesMax } from "../../protocol/limits.ts";
import { expandHome } from "./transcript-file.ts";

/** Nobody can type these, and some would be obeyed by a terminal. */
const untypable = /[\p{C}\u2028\u2029\ufffd]/u;

/**
 * The paths that begin as `typed`, written as it is (`~` stays), in their order; a folder ends in a slash. Hidden ones
 * only when the dot was typed.
 */
export function pathsLike(typed: string): readonly string[] {
  if (typed === "~") return ["~/"];
  const slash = typed.lastIndexOf("/") + 1;
  const lead = typed.slice(0, slash);
  const start = typed.slice(slash);
  const folder = expandHome(lead) || ".";
  return namesIn(folder)
    .filter((name) => name.startsWith(start) && (start !== "" || !name.startsWith(".")))
    .filter((name) => !untypable.test(name))
    .toSorted()
    .map((name) => lead + name + (isFolder(join(folder, name)) ? "/" : ""));
}

function namesIn(folder: string): readonly string[] {
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
    // No such folder, or not for us: nothing to offer.
  }
  return names;
}

/** Through links. */
function isFolder(path: string): boolean {
  try {
    return fs.statSync(path).isDirectory();
  } catch {
    return false; // A link to nothing.
  }
}
