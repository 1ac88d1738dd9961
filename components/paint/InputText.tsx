/**
 * The row of an input line, as ink-text-input shows its text, behind the door of the screen. Ink lays out the text, and
 * the whole row, which is as wide as the screen, is substituted at the end, as in Rows.tsx.
 */

import { Box, Transform } from "ink";
import TextInput from "ink-text-input";
import { placeColumns } from "./columns.ts";
import { type Painted, paintPlain } from "./theme.ts";

interface InputTextProps {
  readonly value: string;
  /** The row with the value in it, at most `columns` wide. */
  readonly painted: Painted;
  readonly columns: number;
}

/** line-editor.ts edits the line; ink-text-input only shows it. */
export function InputText({ value, painted, columns }: InputTextProps) {
  const placed = placeColumns(painted);
  return (
    <Box width={columns} height={1} flexShrink={0} overflow="hidden">
      <Transform transform={(_value, index) => (index === 0 ? placed : "")}>
        <TextInput
          value={value === "" ? blank : paintPlain(value)}
          focus={false}
          showCursor={false}
          onChange={ignoreChange}
        />
      </Transform>
    </Box>
  );
}

/** Ink does not draw an empty text. */
const blank = " ";

function ignoreChange(): void {}
