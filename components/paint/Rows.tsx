/**
 * Draws rows that are already painted and cut to a known size. Ink lays out a one-column mark for each row and
 * substitutes the row at the end: measuring, cutting and parsing painted text three times a frame is where Ink 8.0.0
 * spends most of its time. Rows are as wide as the screen, so that nothing else is in their cells, which Ink counts
 * otherwise than the terminal.
 */

import { Box, Text, Transform } from "ink";
import { memo, useMemo } from "react";
import { placeColumns } from "./columns.ts";
import type { Painted } from "./theme.ts";

interface RowsProps {
  /** Each at most `columns` wide. */
  readonly rows: readonly Painted[];
  /** The width of the screen. */
  readonly columns: number;
  readonly height: number;
}

/** Draws the rows from the top. Equal rows are not drawn again. */
export const Rows = memo(DrawnRows, isSame);

function DrawnRows({ rows, columns, height }: RowsProps) {
  const placed = useMemo(() => rows.map(placeColumns), [rows]);
  return (
    <Box width={columns} height={height} flexShrink={0} overflow="hidden">
      <Transform transform={(_mark, index) => placed[index] ?? ""}>
        <Text>{makeMarks(height)}</Text>
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

/** One column in each row, because Ink does not draw a blank row. */
function makeMarks(height: number): string {
  const known = marksByHeight.get(height);
  if (known !== undefined) return known;
  const made = Array.from({ length: height }, () => "·").join("\n");
  marksByHeight.set(height, made);
  return made;
}
