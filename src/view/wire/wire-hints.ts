/** The key hints in the line of the wire panel, in a form that fits. Words and widths only. */

import { measureColumns } from "../../protocol/text/wrap.ts";
import type { Forms, WireWords } from "../../words/tables/words.ts";
import type { WireState } from "./wire-state.ts";

/** The hints for the present focus, at most `columns` wide. */
export function chooseWireHint({ focus, place }: WireState, words: WireWords, columns: number): string {
  const ofCalls = place.openFrom === undefined ? words.callKeys : words.openKeys;
  const hints = focus === "messages" ? words.messageKeys : ofCalls;
  return chooseFitting(hints, columns);
}

/** Shown while the filter is empty. */
export function choosePlaceholder(words: WireWords, columns: number): string {
  return chooseFitting(words.placeholders, columns);
}

function chooseFitting(forms: Forms, columns: number): string {
  return forms.find((each) => measureColumns(each) <= columns) ?? "";
}
