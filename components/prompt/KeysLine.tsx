/** What the keys do in a view that has them all, in the composer's place. It reads none. */

import { Box, Text, useCursor } from "ink";
import { textColumns } from "../../src/protocol/text/wrap.ts";
import type { Forms } from "../../src/words/words.ts";

export interface KeysLineProps {
  /** What is looked at. */
  readonly title: string;
  /** The longest words first. */
  readonly keys: Forms;
  readonly columns: number;
  /** The row of the line, from 0 at the top of what Ink draws. */
  readonly row: number;
}

export function KeysLine({ title, keys, columns, row }: KeysLineProps) {
  const prompt = `${title} │ `;
  const fitting = keys.find((each) => textColumns(prompt + each) <= columns) ?? "";
  useCursor().setCursorPosition({ x: Math.min(columns - 1, textColumns(prompt)), y: row });
  return (
    <Box height={1} overflow="hidden">
      <Text dimColor wrap="truncate">
        {prompt + fitting}
      </Text>
    </Box>
  );
}
