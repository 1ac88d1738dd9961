/** The receipt of a sent message as a glyph and a word. No colours. */

import type { Receipt } from "../../chat/log/entry.ts";
import { measureColumns } from "../../protocol/text/wrap.ts";
import type { LineWords } from "../../words/tables/words.ts";

/** The longest form that fits: `✓ received 2/3`, `✓ 2/3` or nothing; without a share `✓ received`, `✓` or nothing. */
export function formatReceipt(receipt: Receipt, words: LineWords, columns: number): string {
  const { stage, by, of } = receipt;
  const glyph = receiptGlyphs[stage];
  const share = by === undefined || of === undefined ? "" : ` ${by}/${of}`;
  const forms = [`${glyph} ${words.receipts[stage]}${share}`, `${glyph}${share}`, share === "" ? glyph : ""];
  return forms.find((form) => measureColumns(form) <= columns) ?? "";
}

const receiptGlyphs: Readonly<Record<Receipt["stage"], string>> = {
  queued: "…",
  sent: "›",
  acked: "»",
  received: "✓",
  read: "✓✓",
};
