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
import { InputText } from "../paint/InputText.tsx";
import { Text } from "../paint/Text.tsx";

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
  const { rows, cursor } = shapeComposer(snapshot, frame);
  useCursor().setCursorPosition({ x: cursor.x, y: frame.rows - rows.length + cursor.y });
  return (
    <Box flexDirection="column" flexShrink={0}>
      {snapshot.pendingPaste !== undefined && (
        <Text bold>{wordPasteQuestion(snapshot.pendingPaste, frame.words, frame.columns)}</Text>
      )}
      {rows.map(({ lead, text, end }, index) => (
        <Box key={index} height={1} overflow="hidden">
          <Box flexShrink={0}>
            <Text dimColor>{lead}</Text>
          </Box>
          <Box flexGrow={1}>
            {snapshot.text === "" ? (
              // ink-text-input 6 colours its placeholder grey even with NO_COLOR.
              <Text dimColor>{cutEnd(frame.words.placeholder, measureTextColumns(frame))}</Text>
            ) : (
              <InputText value={text} />
            )}
          </Box>
          <Box flexShrink={0}>
            <Text dimColor>{end}</Text>
          </Box>
        </Box>
      ))}
    </Box>
  );
}

function countQuestionRows({ pendingPaste }: ComposerSnapshot): 0 | 1 {
  return pendingPaste === undefined ? 0 : 1;
}
