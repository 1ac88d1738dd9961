/** The line of words above the composer: what a paste asks. Words and widths only; it draws nothing and decides nothing. */

import type { PendingPaste } from "../line/line-state.ts";
import type { ComposerWords } from "../../words/words.ts";
import { cutEnd, textColumns } from "../../protocol/text/wrap.ts";

/** What a paste that waits asks, in the words that fit `columns`. */
export function pasteQuestion(paste: PendingPaste, words: ComposerWords, columns: number): string {
  const { lines, truncated: isCut, editable: edits, text } = paste;
  const facts = { lines, characters: text.length, isCut, edits };
  const long = words.paste(facts);
  return textColumns(long) <= columns ? long : cutEnd(words.pasteShort(facts), columns);
}
