/** A row that places some of its text at absolute columns, as the text that a terminal then shows. */

import { measureColumns } from "../../src/protocol/text/width.ts";

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
const sequence = new RegExp(
  String.raw`\x1b\[(\d+)G|(\x1b\[K)|\x1b7|\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\`,
  "g",
);

/** Without styles and links. */
export function flattenRow(row: string): string {
  const cells: string[] = [];
  let column = 0;
  let at = 0;
  const put = (text: string): void => {
    for (const { segment } of graphemes.segment(text)) {
      const columns = measureColumns(segment);
      while (cells.length < column) cells.push(" ");
      cells.splice(column, columns, segment, ...Array.from({ length: columns - 1 }, () => ""));
      column += columns;
    }
  };
  for (const match of row.matchAll(sequence)) {
    put(row.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[1] !== undefined) column = Number(match[1]) - 1;
    if (match[2] !== undefined) cells.length = Math.min(cells.length, column);
  }
  put(row.slice(at));
  return cells.join("");
}
