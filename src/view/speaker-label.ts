/**
 * Who speaks, within the width of the name column. A peer's name can never look like one of duet's own
 * signs there. No colours; names and endpoints come clean.
 */

import type { MessageEntry } from "../chat/entry.ts";
import { cutEnd, cutStart, textColumns } from "../protocol/wrap.ts";

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
