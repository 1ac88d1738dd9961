/** The replay's own line, where else the composer is: how far it is, and its keys. It reads no key. */

import { Box, Text, useCursor } from "ink";
import type { Forms } from "../../src/words/words.ts";
import { cutEnd } from "../../src/protocol/text/wrap.ts";
import { type ReplayWords, replayWords } from "../../src/view/bars/replay-words.ts";

export interface ReplayLineProps {
  readonly progress: ReplayWords;
  /** What they do, the longest words first. */
  readonly keys: Forms;
  readonly columns: number;
  readonly row: number;
}

export function ReplayLine({ progress, keys, columns, row }: ReplayLineProps) {
  const text = cutEnd(replayWords(progress, keys, columns - 1), columns - 1);
  useCursor().setCursorPosition({ x: 0, y: row });
  return (
    <Box height={1} overflow="hidden">
      <Text dimColor wrap="truncate">
        {text}
      </Text>
    </Box>
  );
}
