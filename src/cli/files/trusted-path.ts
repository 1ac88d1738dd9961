/**
 * Symbolic links in the path of a file that duet writes. In a shared folder such as /tmp another user can make a link
 * that has our lines written into a file of our own.
 */

import fs from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

/** Linux follows at most as many (path_resolution(7)). */
const linksMax = 40;
const othersMayWrite = 0o002;
const sticky = 0o1000;

type TrustedPath =
  /** `path` has no symbolic link, except one of /proc, which only the kernel makes; such a path is `isOpaque`. */
  | { readonly kind: "trusted"; readonly path: string; readonly isOpaque: boolean }
  /** A link that another user has made, or could have replaced. */
  | { readonly kind: "link"; readonly link: string };

/** Follows the links of a path whose file need not exist. Throws the error of the system. */
export function resolveTrustedPath(path: string): TrustedPath {
  let folder = "/";
  let links = 0;
  let names = (isAbsolute(path) ? path : join(process.cwd(), "/") + path).split("/");
  const ending = path.endsWith("/") ? "/" : "";
  while (names.length > 0) {
    const [name = "", ...rest] = names;
    names = rest;
    if (name === "" || name === ".") continue;
    const next = name === ".." ? dirname(folder) : join(folder, name);
    const stat = fs.lstatSync(next, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink() !== true) {
      folder = next;
      continue;
    }
    if (!isTrustedLink(stat, fs.lstatSync(folder))) return { kind: "link", link: next };
    links += 1;
    // The system's own error reports a circle of links.
    if (isInProc(next) || links > linksMax)
      return { kind: "trusted", path: join(next, ...rest) + ending, isOpaque: true };
    const target = fs.readlinkSync(next);
    if (isAbsolute(target)) folder = "/";
    names = [...target.split("/"), ...rest];
  }
  return { kind: "trusted", path: folder + ending, isOpaque: false };
}

/** The links there can lead to pipes and files without a name. */
function isInProc(path: string): boolean {
  return path.startsWith("/proc/");
}

/** A link of ours or root's that nobody else can replace: its folder is ours or root's too. */
function isTrustedLink(link: fs.Stats, folder: fs.Stats): boolean {
  const isReplaceable = (folder.mode & othersMayWrite) !== 0 && (folder.mode & sticky) === 0;
  return isTrustedOwner(link.uid) && isTrustedOwner(folder.uid) && !isReplaceable;
}

/** True for root and for us, and where there are no users. */
export function isTrustedOwner(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || uid === own || uid === 0;
}

/** True if other users can make files in the folder of this path: one with mode 1777 as /tmp, or one of theirs. */
export function isInSharedFolder(path: string): boolean {
  return (fs.lstatSync(dirname(path)).mode & othersMayWrite) !== 0;
}

const othersBits = 0o006;
const groupBits = 0o060;
const othersMayEnter = 0o001;
const groupMayEnter = 0o010;

/** The access of other users to a file of this mode: none if a folder of its path keeps them out. */
export function findAccessOfOthers(
  path: string,
  mode: number,
): { readonly mayRead: boolean; readonly mayChange: boolean } {
  let bits = mode & (othersBits | groupBits);
  for (let folder = dirname(path); bits !== 0; folder = dirname(folder)) {
    const entered = fs.lstatSync(folder).mode;
    if ((entered & othersMayEnter) === 0) bits &= ~othersBits;
    if ((entered & groupMayEnter) === 0) bits &= ~groupBits;
    if (folder === dirname(folder)) break;
  }
  return { mayRead: (bits & 0o044) !== 0, mayChange: (bits & 0o022) !== 0 };
}
