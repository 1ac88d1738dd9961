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
import { attempt, replaceFile } from "./replace-file.ts";
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
    if (trusted.kind !== "trusted" || trusted.isOpaque) return;
    // Nothing but a plain file is replaced.
    if (fs.lstatSync(trusted.path, { throwIfNoEntry: false })?.isFile() === false) return;
    replaceFile(trusted.path, `${name}\n`);
  });
}
