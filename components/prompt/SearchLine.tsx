/** The search line, in place of the composer: the term, the number of the match, and the key hints. */

import { columnStop } from "../paint/columns.ts";
import { joinPainted, paintDim, paintPlain } from "../paint/theme.ts";
import { PromptRow } from "./PromptRow.tsx";
import { selectVisible, splitAtCursor } from "../../src/input/line/line-window.ts";
import { cutEnd, measureColumns } from "../../src/protocol/text/wrap.ts";
import type { SearchWords } from "../../src/words/tables/words.ts";
import { formatCount, type SearchState } from "../../src/view/search/search.ts";

interface SearchLineProps {
  readonly search: SearchState;
  readonly words: SearchWords;
  readonly columns: number;
  /** The row of the line, counted from 0 at the top of Ink's output. */
  readonly row: number;
}

export function SearchLine({ search, words, columns, row }: SearchLineProps) {
  const prompt = `${words.prompt} │`;
  const count = formatCount(search, words);
  const room = columns - measureColumns(prompt) - measureColumns(count) - 4;
  const fitting = words.keys.find((each) => measureColumns(each) <= room - textFewestColumns) ?? "";
  const hint = [fitting, count].filter((each) => each !== "").join("  ");
  const textRoom = Math.max(1, columns - measureColumns(prompt) - 2 - measureColumns(hint));
  const { line } = search;
  const window = selectVisible(line.text, line.cursor, textRoom);
  const { before, after } = splitAtCursor(window);
  const pad = " ".repeat(Math.max(0, textRoom - measureColumns(window.visible)));
  return (
    <PromptRow
      before={joinPainted([paintDim(prompt + (window.hasMoreLeft ? "‹" : " ")), paintPlain(before)])}
      after={joinPainted([
        paintPlain(after),
        columnStop,
        paintDim((window.hasMoreRight ? "›" : " ") + pad.slice(1) + cutEnd(hint, columns)),
      ])}
      columns={columns}
      row={row}
    />
  );
}

/** Key hints are shown only if this much room is left for the text. */
const textFewestColumns = 16;
