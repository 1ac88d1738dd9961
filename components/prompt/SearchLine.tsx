/** The search in the composer's place: what is typed, which match it is, and the keys that go on. It reads no key. */

import { Box, Text, useCursor } from "ink";
import { lineWindow } from "../../src/input/line/line-window.ts";
import { cutEnd, textColumns } from "../../src/protocol/text/wrap.ts";
import type { SearchWords } from "../../src/words/words.ts";
import { searchCount, type SearchState } from "../../src/view/search/search.ts";

export interface SearchLineProps {
  readonly search: SearchState;
  readonly words: SearchWords;
  readonly columns: number;
  /** The row of the line, from 0 at the top of what Ink draws. */
  readonly row: number;
}

export function SearchLine({ search, words, columns, row }: SearchLineProps) {
  const prompt = `${words.prompt} │`;
  const count = searchCount(search, words);
  const room = columns - textColumns(prompt) - textColumns(count) - 4;
  const fitting = words.keys.find((each) => textColumns(each) <= room - textFewestColumns) ?? "";
  const after = [fitting, count].filter((each) => each !== "").join("  ");
  const textRoom = Math.max(1, columns - textColumns(prompt) - 2 - textColumns(after));
  const { line } = search;
  const window = lineWindow(line.text, line.cursor, textRoom);
  useCursor().setCursorPosition({ x: textColumns(prompt) + 1 + window.cursorColumn, y: row });
  const pad = " ".repeat(Math.max(1, textRoom - textColumns(window.visible)));
  return (
    <Box height={1} overflow="hidden">
      <Text wrap="truncate">
        <Text dimColor>{prompt + (window.leftMore ? "‹" : " ")}</Text>
        {window.visible}
        <Text dimColor>{(window.rightMore ? "›" : " ") + pad.slice(1)}</Text>
        <Text dimColor>{cutEnd(after, columns)}</Text>
      </Text>
    </Box>
  );
}

/** The keys are told where at least so much is left to type in. */
const textFewestColumns = 16;
