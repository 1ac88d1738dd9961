/**
 * Draws the composer: a question about a long paste above it, and its rows. It places the terminal's cursor at the
 * insertion point, so that an input method opens there.
 */

import { Box, useCursor } from "ink";
import type { ReactNode } from "react";
import { wordPasteQuestion } from "../../src/input/composer/composer-hint.ts";
import {
  type ComposerFrame,
  measureTextColumns,
  shapeComposer,
} from "../../src/input/composer/composer-shape.ts";
import type { ComposerSnapshot } from "../../src/input/composer/composer.ts";
import { cutEnd } from "../../src/protocol/text/wrap.ts";
import { columnStop, findCursorColumn, joinAtCursor, measurePainted } from "../paint/columns.ts";
import { InputText } from "../paint/InputText.tsx";
import { Rows } from "../paint/Rows.tsx";
import { joinPainted, paintBold, paintDim, paintPlain, type Painted } from "../paint/theme.ts";

interface ComposerProps {
  readonly snapshot: ComposerSnapshot;
  readonly frame: ComposerFrame;
}

/** The number of rows that the composer takes. */
export function countComposerRows(snapshot: ComposerSnapshot, frame: ComposerFrame): number {
  return shapeComposer(snapshot, frame).rows.length + countQuestionRows(snapshot);
}

/** Draws at the bottom of a screen of the frame's size. */
export function Composer({ snapshot, frame }: ComposerProps): ReactNode {
  const { columns, words } = frame;
  const { rows, cursor } = shapeComposer(snapshot, frame);
  const isEmpty = snapshot.text === "";
  const painted = rows.map(({ lead, text, end }, row) => {
    const index = row === cursor.y ? cursor.index : undefined;
    // ink-text-input 6 colours its placeholder grey even with NO_COLOR.
    const shown = isEmpty
      ? paintDim(cutEnd(words.placeholder, measureTextColumns(frame)))
      : paintPlain(text.slice(index ?? 0));
    return paintRow(
      { lead, before: text.slice(0, index ?? 0), hasCursor: index !== undefined },
      shown,
      end,
      columns,
    );
  });
  const x = findCursorColumn(painted[cursor.y] ?? paintPlain(""), cursor.x);
  useCursor().setCursorPosition({ x, y: frame.rows - rows.length + cursor.y });
  const pending = snapshot.pendingPaste;
  return (
    <Box flexDirection="column" flexShrink={0}>
      {pending !== undefined && (
        <Rows rows={[paintBold(wordPasteQuestion(pending, words, columns))]} columns={columns} height={1} />
      )}
      {isEmpty ? (
        <Rows rows={painted} columns={columns} height={rows.length} />
      ) : (
        rows.map(({ text }, row) => (
          <InputText key={row} value={text} painted={painted[row] ?? paintPlain("")} columns={columns} />
        ))
      )}
    </Box>
  );
}

interface RowStart {
  readonly lead: string;
  /** The text before the cursor, if that is in this row. */
  readonly before: string;
  readonly hasCursor: boolean;
}

/** A row of the composer, whose `end` is at the right edge of the screen. */
function paintRow(
  { lead, before, hasCursor }: RowStart,
  text: Painted,
  end: string,
  columns: number,
): Painted {
  const bar = Math.max(0, lead.lastIndexOf("│"));
  const start = joinPainted([
    paintDim(lead.slice(0, bar)),
    columnStop,
    paintDim(lead.slice(bar)),
    paintPlain(before),
  ]);
  const used = measurePainted(start) + measurePainted(text) + measurePainted(end);
  const blank = paintPlain(" ".repeat(Math.max(0, columns - used)));
  const rest = end === "" ? text : joinPainted([text, blank, columnStop, paintDim(end)]);
  return hasCursor ? joinAtCursor(start, rest) : joinPainted([start, rest]);
}

function countQuestionRows({ pendingPaste }: ComposerSnapshot): 0 | 1 {
  return pendingPaste === undefined ? 0 : 1;
}
