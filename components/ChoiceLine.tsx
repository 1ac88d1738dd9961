/** A chosen line in the composer's place: whose it is, and the keys that do something with it. It reads no key. */

import { Box, Text, useCursor } from "ink";
import { cutEnd, textColumns } from "../src/protocol/wrap.ts";
import type { LineChoice } from "../src/view/line-choice.ts";

export interface ChoiceLineProps {
  readonly choice: LineChoice;
  readonly columns: number;
  readonly row: number;
}

const keys = ["↑ ↓ another line · Esc back", "Esc back"];
const resendKeys = ["r sends it again · ↑ ↓ another line · Esc back", "r sends again · Esc back", "r again"];

export function ChoiceLine({ choice, columns, row }: ChoiceLineProps) {
  const whose = `${choice.name}'s line`;
  const room = columns - textColumns(whose) - 4;
  const offered = choice.canResend ? resendKeys : keys;
  const fitting = offered.find((each) => textColumns(each) <= room) ?? "";
  const text = cutEnd(`${whose} │ `, columns - 1);
  useCursor().setCursorPosition({ x: Math.min(textColumns(text), columns - 1), y: row });
  return (
    <Box height={1} overflow="hidden">
      <Text wrap="truncate">
        <Text dimColor>{text}</Text>
        {fitting}
      </Text>
    </Box>
  );
}
