/**
 * Who speaks, within the width of the name column. A peer's name can never look like one of duet's own
 * signs there. No colours; names and endpoints come clean.
 */

import type { MessageEntry } from "../../chat/log/entry.ts";
import { cutEnd, cutStart, ellipsis, textColumns } from "../../protocol/text/wrap.ts";

export interface SpeakerLabel {
  readonly name: string;
  /** The endpoint beside the name, or its port alone, where there is room. */
  readonly address?: string;
}

/** Name and address together are at most `columns` wide, one column between them. `you`: the word for who reads. */
export function speakerLabel(entry: MessageEntry, you: string, columns: number): SpeakerLabel {
  if (entry.action) return { name: "*" };
  if (entry.privateWith !== undefined) {
    if (entry.direction === "out") return { name: `→ ${cutName(entry.privateWith, columns - 2)}` };
    const toYou = columns < 12 && labelColumns(entry, you) > columns ? `→${you}` : ` → ${you}`;
    return { name: cutName(entry.name, columns - textColumns(toYou)) + toYou };
  }
  const name = cutName(entry.name, columns);
  const address =
    entry.address === undefined ? undefined : addressBeside(entry.address, columns - textColumns(name) - 1);
  return address === undefined ? { name } : { name, address };
}

/** The name that the label is made of, whole; undefined: it is a sign of duet's own, and the name is in the text. */
export function labelledName({ action, direction, name, privateWith }: MessageEntry): string | undefined {
  if (action) return undefined;
  return direction === "out" ? (privateWith ?? name) : name;
}

/** The units of a name from `from` to `to`, as a label shows them from its unit `at` on. */
export interface NamePart {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** What a label shows of its name, which may be cut there, at either end; undefined: nothing that could be told from its other signs. */
export function shownOfName(label: string, name: string): NamePart | undefined {
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

/** How wide the column would have to be for nothing of the label to be cut or left out. */
export function labelColumns(entry: MessageEntry, you: string): number {
  if (entry.action) return 1;
  const name = textColumns(entry.name);
  if (entry.privateWith === undefined) {
    return name + (entry.address === undefined ? 0 : 1 + textColumns(entry.address));
  }
  return entry.direction === "out" ? 2 + textColumns(entry.privateWith) : name + textColumns(` → ${you}`);
}

/** An endpoint keeps its end, where the port is; a nickname its beginning. */
export function cutName(name: string, columns: number): string {
  const shown = looksLikeOurs(name) ? `"${name}"` : name;
  return /[:#]\d+$/.test(shown) ? cutStart(shown, columns) : cutEnd(shown, columns);
}

/** `-->`, `!!`, `*`, `bob → you`: duet's own signs, and what could be taken for them. */
function looksLikeOurs(name: string): boolean {
  return name.includes("→") || !/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(name);
}

function addressBeside(address: string, columns: number): string | undefined {
  if (textColumns(address) <= columns) return address;
  const port = /:\d+$/.exec(address)?.[0];
  return port !== undefined && port.length <= columns ? port : undefined;
}
