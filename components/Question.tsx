/** A question in the composer's place. It reads no key. */

import { Box, Text, useCursor } from "ink";
import { cleanText } from "../src/protocol/text.ts";
import { cutStart, textColumns } from "../src/protocol/wrap.ts";

export interface QuestionProps {
  readonly path: string;
  readonly columns: number;
  readonly row: number;
}

const asked = " exists: y overwrites, n keeps ";

export function Question({ path, columns, row }: QuestionProps) {
  const text = cutStart(cleanText(path), columns - textColumns(asked) - 1) + asked;
  useCursor().setCursorPosition({ x: Math.min(textColumns(text), columns - 1), y: row });
  return (
    <Box height={1} overflow="hidden">
      <Text bold wrap="truncate">
        {text}
      </Text>
    </Box>
  );
}
