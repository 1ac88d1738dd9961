/** The line of words above the composer: what a paste asks. Words and widths only; it draws nothing and decides nothing. */

import type { PendingPaste } from "./line-state.ts";
import { cutEnd, textColumns } from "../protocol/wrap.ts";

/** What a paste that waits asks, in the words that fit `columns`. */
export function pasteQuestion(paste: PendingPaste, columns: number): string {
  const lines = paste.lines === 1 ? "1 line" : `${count(paste.lines)} lines`;
  const cut = paste.truncated ? ", cut" : "";
  const edit = paste.editable ? "e edits, " : "";
  const long = `Paste of ${lines} (${count(paste.text.length)} characters${cut}): Enter or y sends, ${edit}n drops.`;
  if (textColumns(long) <= columns) return long;
  return cutEnd(`${lines} pasted${cut}: y send, ${paste.editable ? "e edit, " : ""}n drop`, columns);
}

function count(number: number): string {
  return number.toLocaleString("en");
}
