/** The key hints of an overlay that gets all keys, in place of the composer. */

import { Box, useCursor } from "ink";
import { Text } from "../paint/Text.tsx";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import type { Forms } from "../../src/words/tables/words.ts";

interface KeysLineProps {
  /** The name of the overlay. */
  readonly title: string;
  /** The longest form first. */
  readonly keys: Forms;
  readonly columns: number;
  /** The row of the line, counted from 0 at the top of Ink's output. */
  readonly row: number;
}

export function KeysLine({ title, keys, columns, row }: KeysLineProps) {
  const prompt = `${title} │ `;
  const fitting = keys.find((each) => measureColumns(prompt + each) <= columns) ?? "";
  useCursor().setCursorPosition({ x: Math.min(columns - 1, measureColumns(prompt)), y: row });
  return (
    <Box height={1} overflow="hidden">
      <Text dimColor wrap="truncate">
        {prompt + fitting}
      </Text>
    </Box>
  );
}
