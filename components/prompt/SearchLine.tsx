/** The search line, in place of the composer: the term, the number of the match, and the key hints. */

import { Box, useCursor } from "ink";
import { Text } from "../paint/Text.tsx";
import { selectVisible } from "../../src/input/line/line-window.ts";
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
  const after = [fitting, count].filter((each) => each !== "").join("  ");
  const textRoom = Math.max(1, columns - measureColumns(prompt) - 2 - measureColumns(after));
  const { line } = search;
  const window = selectVisible(line.text, line.cursor, textRoom);
  useCursor().setCursorPosition({ x: measureColumns(prompt) + 1 + window.cursorColumn, y: row });
  const pad = " ".repeat(Math.max(1, textRoom - measureColumns(window.visible)));
  return (
    <Box height={1} overflow="hidden">
      <Text wrap="truncate">
        <Text dimColor>{prompt + (window.hasMoreLeft ? "‹" : " ")}</Text>
        {window.visible}
        <Text dimColor>{(window.hasMoreRight ? "›" : " ") + pad.slice(1)}</Text>
        <Text dimColor>{cutEnd(after, columns)}</Text>
      </Text>
    </Box>
  );
}

/** Key hints are shown only if this much room is left for the text. */
const textFewestColumns = 16;
