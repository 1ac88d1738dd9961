/** What the wire's own line says of its keys, in the words that fit. Words and widths only. */

import { textColumns } from "../../protocol/text/wrap.ts";
import type { Forms, WireWords } from "../../words/words.ts";
import type { WireState } from "./wire-state.ts";

/** The keys that matter now, at most `columns` wide. */
export function wireHint({ focus, place }: WireState, words: WireWords, columns: number): string {
  const ofCalls = place.openFrom === undefined ? words.callKeys : words.openKeys;
  const hints = focus === "messages" ? words.messageKeys : ofCalls;
  return firstFitting(hints, columns);
}

/** Shown while no filter is typed. */
export function wirePlaceholder(words: WireWords, columns: number): string {
  return firstFitting(words.placeholders, columns);
}

function firstFitting(forms: Forms, columns: number): string {
  return forms.find((each) => textColumns(each) <= columns) ?? "";
}
