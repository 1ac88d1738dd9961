/**
 * The name that a person chose last by /nick, for the next start. A file of mode 600 with one line. All duets of a
 * person share it: each replaces it whole, so that a reader sees one name or none. Errors are ignored, because a chat
 * without a remembered name still works.
 */

import fs from "node:fs";
import { dirname } from "node:path";
import { nameFileMaxBytes } from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import { readInputText } from "./input-file.ts";
import { resolveTrustedPath } from "./trusted-path.ts";

/** The name in the file; undefined if there is none, or not one that can be shown unchanged. */
export function readRememberedName(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const read = attempt(() =>
    fs.statSync(path).isFile() ? readInputText(path, nameFileMaxBytes) : undefined,
  );
  if (read === undefined || read.isTruncated) return undefined;
  const name = read.text.trim();
  return name !== "" && cleanName(name) === name ? name : undefined;
}

/** Replaces the file, by one of mode 600; not through a link of another user. */
export function rememberName(path: string | undefined, name: string): void {
  if (path === undefined) return;
  attempt(() => {
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const trusted = resolveTrustedPath(path);
    if (trusted.kind === "trusted" && !trusted.isOpaque) replaceFile(trusted.path, `${name}\n`);
  });
}

/** Nothing but a plain file is replaced. */
function replaceFile(path: string, text: string): void {
  if (fs.lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) return;
  const unfinished = `${path}.${process.pid}.new`;
  try {
    fs.writeFileSync(unfinished, text, { flag: "wx", mode: 0o600 });
    fs.renameSync(unfinished, path);
  } finally {
    fs.rmSync(unfinished, { force: true });
  }
}

/** Calls `act`; undefined after an error of the file system. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
