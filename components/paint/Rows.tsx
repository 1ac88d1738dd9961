/**
 * Rows that are painted and cut already, in a place of known size. Ink measures and cuts only a mark for each row and
 * gets the row itself at the end: to measure, to cut and to read painted text thrice a frame is what Ink 8.0.0 spends most of
 * its time with. It knows nothing of what the rows say.
 */

import { Box, Text, Transform } from "ink";
import { memo } from "react";

export interface RowsProps {
  /** Clean but for their SGR, no wider than `columns`, and without `\n` in them. */
  readonly rows: readonly string[];
  readonly columns: number;
  readonly height: number;
}

/** Draws the rows from the top. The same rows draw nothing anew. */
export const Rows = memo(DrawnRows, isSame);

function DrawnRows({ rows, columns, height }: RowsProps) {
  return (
    <Box width={columns} height={height} flexShrink={0} overflow="hidden">
      <Transform transform={(_mark, index) => rows[index] ?? ""}>
        <Text>{marks(height)}</Text>
      </Transform>
    </Box>
  );
}

function isSame(before: RowsProps, after: RowsProps): boolean {
  if (before.columns !== after.columns || before.height !== after.height) return false;
  if (before.rows.length !== after.rows.length) return false;
  return after.rows.every((row, index) => row === before.rows[index]);
}

const marksByHeight = new Map<number, string>();

/** One column in each row, for a row that is blank is not drawn. */
function marks(height: number): string {
  const known = marksByHeight.get(height);
  if (known !== undefined) return known;
  const made = Array.from({ length: height }, () => "·").join("\n");
  marksByHeight.set(height, made);
  return made;
}
