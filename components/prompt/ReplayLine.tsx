/** The replay line, in place of the composer: the position, and the key hints. */

import { Box, useCursor } from "ink";
import { Text } from "../paint/Text.tsx";
import type { Forms } from "../../src/words/tables/words.ts";
import { cutEnd } from "../../src/protocol/text/wrap.ts";
import { type ReplayProgress, formatProgress } from "../../src/view/bars/replay-progress.ts";

interface ReplayLineProps {
  readonly progress: ReplayProgress;
  /** The key hints, longest form first. */
  readonly keys: Forms;
  readonly columns: number;
  readonly row: number;
}

export function ReplayLine({ progress, keys, columns, row }: ReplayLineProps) {
  const text = cutEnd(formatProgress(progress, keys, columns - 1), columns - 1);
  useCursor().setCursorPosition({ x: 0, y: row });
  return (
    <Box height={1} overflow="hidden">
      <Text dimColor wrap="truncate">
        {text}
      </Text>
    </Box>
  );
}
