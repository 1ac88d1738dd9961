/** The line of the wire panel, in place of the composer: the filter, and the key hints. */

import { Box, useCursor } from "ink";
import { Text } from "../paint/Text.tsx";
import { selectVisible } from "../../src/input/line/line-window.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { chooseWireHint, choosePlaceholder } from "../../src/view/wire/wire-hints.ts";
import type { WireWords } from "../../src/words/tables/words.ts";
import type { WireState } from "../../src/view/wire/wire-state.ts";

interface WireLineProps {
  readonly state: WireState;
  readonly words: WireWords;
  readonly columns: number;
  /** The row of the line, counted from 0 at the top of Ink's output. */
  readonly row: number;
}

/** Key hints are shown only if this much room is left for the text. */
const textFewestColumns = 16;

export function WireLine({ state, words, columns, row }: WireLineProps) {
  const prompt = `${words.title} │`;
  const after = chooseWireHint(state, words, columns - measureColumns(prompt) - 4 - textFewestColumns);
  const textRoom = Math.max(1, columns - measureColumns(prompt) - 3 - measureColumns(after));
  const { text, cursor } = state.filter;
  const window = selectVisible(text, cursor, textRoom);
  useCursor().setCursorPosition({ x: measureColumns(prompt) + 1 + window.cursorColumn, y: row });
  const placeholder = text === "" ? choosePlaceholder(words, textRoom) : "";
  const shown = window.visible + placeholder;
  const pad = " ".repeat(Math.max(0, textRoom - measureColumns(shown)));
  return (
    <Box height={1} overflow="hidden">
      <Text wrap="truncate">
        <Text dimColor>{prompt + (window.hasMoreLeft ? "‹" : " ")}</Text>
        {window.visible}
        <Text dimColor>{`${placeholder}${window.hasMoreRight ? "›" : " "}${pad}${after}`}</Text>
      </Text>
    </Box>
  );
}
