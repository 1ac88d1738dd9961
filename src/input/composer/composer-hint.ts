/** The row above the composer that asks about a paste that is too long for it. Words and widths only. */

import type { PendingPaste } from "../line/line-state.ts";
import type { ComposerWords } from "../../words/tables/words.ts";
import { cutEnd, measureColumns } from "../../protocol/text/wrap.ts";

/** The question about a pending paste, in the longest form that fits `columns`. */
export function wordPasteQuestion(paste: PendingPaste, words: ComposerWords, columns: number): string {
  const { lines, isTruncated: isCut, text } = paste;
  const facts = { lines, characters: text.length, isCut };
  const long = words.paste(facts);
  return measureColumns(long) <= columns ? long : cutEnd(words.pasteShort(facts), columns);
}
