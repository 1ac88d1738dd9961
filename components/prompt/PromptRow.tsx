/** Draws a row at the bottom of the screen, and places the terminal's cursor in it. */

import { useCursor } from "ink";
import { findCursorColumn, joinAtCursor, measurePainted } from "../paint/columns.ts";
import { Rows } from "../paint/Rows.tsx";
import type { Painted } from "../paint/theme.ts";

interface PromptRowProps {
  /** The row is what stands before the cursor, and what stands after it; at most `columns` wide. */
  readonly before: Painted;
  readonly after: Painted;
  readonly columns: number;
  /** Counted from 0 at the top of the screen. */
  readonly row: number;
}

export function PromptRow({ before, after, columns, row }: PromptRowProps) {
  const painted = joinAtCursor(before, after);
  const column = Math.min(columns - 1, measurePainted(before));
  useCursor().setCursorPosition({ x: findCursorColumn(painted, column), y: row });
  return <Rows rows={[painted]} columns={columns} height={1} />;
}
