/** What the wire's own line says of its keys, in the words that fit. Words and widths only. */

import { textColumns } from "../protocol/wrap.ts";
import type { WireState } from "./wire-state.ts";

const callHints = [
  "↑ ↓ call · Enter its bytes · Tab messages · F3 pause · Esc back",
  "↑ ↓ call · Enter bytes · Tab messages · Esc back",
  "Enter bytes · Tab messages · Esc",
  "Esc back",
];
const openHints = [
  "↑ ↓ call · PgUp PgDn its bytes · Enter closes · Esc back",
  "Enter closes · Esc back",
  "Esc back",
];
const messageHints = [
  "↑ ↓ message · Enter its first call · Tab calls · Esc back",
  "↑ ↓ message · Tab calls · Esc back",
  "Tab calls · Esc",
  "Esc back",
];
const placeholders = ["filter: peer=ann call=send, or any text", "peer= call= or text", "filter"];

/** The keys that matter now, at most `columns` wide. */
export function wireHint({ focus, place }: WireState, columns: number): string {
  const hints = focus === "messages" ? messageHints : place.openFrom === undefined ? callHints : openHints;
  return firstFitting(hints, columns);
}

/** Shown while no filter is typed. */
export function wirePlaceholder(columns: number): string {
  return firstFitting(placeholders, columns);
}

function firstFitting(words: readonly string[], columns: number): string {
  return words.find((each) => textColumns(each) <= columns) ?? "";
}
