/**
 * The label in the name column: the author of a message, and the addressee of a private one. A peer's name is quoted if
 * it could be mistaken for one of duet's signs. No colours; names and endpoints must be clean.
 */

import type { MessageEntry } from "../../chat/log/entry.ts";
import { cutEnd, cutStart, ellipsis, measureColumns } from "../../protocol/text/wrap.ts";

interface AuthorLabel {
  readonly name: string;
  /** The endpoint, or only its port, where it fits beside the name. */
  readonly address?: string;
}

/** Name and address, with a space between them, are at most `columns` wide. `you`: the word for the person. */
export function buildAuthorLabel(entry: MessageEntry, you: string, columns: number): AuthorLabel {
  if (entry.action) return { name: "*" };
  if (entry.privateWith !== undefined) {
    if (entry.direction === "out") return { name: `→ ${cutName(entry.privateWith, columns - 2)}` };
    const toYou = columns < 12 && measureLabel(entry, you) > columns ? `→${you}` : ` → ${you}`;
    return { name: cutName(entry.name, columns - measureColumns(toYou)) + toYou };
  }
  const name = cutName(entry.name, columns);
  const address =
    entry.address === undefined ? undefined : fitAddress(entry.address, columns - measureColumns(name) - 1);
  return address === undefined ? { name } : { name, address };
}

/** The full name in the label; undefined: the label is a sign of duet's own, and the name is part of the text. */
export function getLabelName({ action, direction, name, privateWith }: MessageEntry): string | undefined {
  if (action) return undefined;
  return direction === "out" ? (privateWith ?? name) : name;
}

/** The part of a name, from unit `from` to `to`, that a label shows from its unit `at` on. */
interface NamePart {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** The part of the name that a label shows, which may be cut at either end; undefined: none can be recognised. */
export function findShownPart(label: string, name: string): NamePart | undefined {
  const whole = label.indexOf(name);
  if (whole >= 0) return { from: 0, to: name.length, at: whole };
  const cut = label.indexOf(ellipsis);
  if (cut < 0) return undefined;
  for (let at = 0; at < cut; at += 1)
    if (name.startsWith(label.slice(at, cut))) return { from: 0, to: cut - at, at };
  for (let end = label.length; end > cut + 1; end -= 1) {
    const tail = label.slice(cut + 1, end);
    if (name.endsWith(tail)) return { from: name.length - tail.length, to: name.length, at: cut + 1 };
  }
  return undefined;
}

/** The width of the whole label, with nothing cut or left out. */
export function measureLabel(entry: MessageEntry, you: string): number {
  if (entry.action) return 1;
  const name = measureColumns(entry.name);
  if (entry.privateWith === undefined) {
    return name + (entry.address === undefined ? 0 : 1 + measureColumns(entry.address));
  }
  return entry.direction === "out"
    ? 2 + measureColumns(entry.privateWith)
    : name + measureColumns(` → ${you}`);
}

/** Cuts a name to a width. An endpoint keeps its end, where the port is; a nickname its start. */
export function cutName(name: string, columns: number): string {
  const shown = isLikeSign(name) ? `"${name}"` : name;
  return /[:#]\d+$/.test(shown) ? cutStart(shown, columns) : cutEnd(shown, columns);
}

/** True for a name that could be mistaken for a sign of duet's own: `-->`, `!!`, `*`, `bob → you`. */
function isLikeSign(name: string): boolean {
  return name.includes("→") || !/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(name);
}

function fitAddress(address: string, columns: number): string | undefined {
  if (measureColumns(address) <= columns) return address;
  const port = /:\d+$/.exec(address)?.[0];
  return port !== undefined && port.length <= columns ? port : undefined;
}
