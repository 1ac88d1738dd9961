/**
 * Draws the composer: a question about a paste above it, the name, and the part of the line that fits. It places the
 * terminal's cursor at the insertion point, so that an input method opens there.
 */

import { Box, useCursor } from "ink";
import { Text } from "../paint/Text.tsx";
import { InputText } from "../paint/InputText.tsx";
import type { ReactNode } from "react";
import { wordPasteQuestion } from "../../src/input/composer/composer-hint.ts";
import { selectVisible } from "../../src/input/line/line-window.ts";
import type { ComposerSnapshot } from "../../src/input/composer/composer.ts";
import type { ComposerWords } from "../../src/words/tables/words.ts";
import { cutEnd, measureColumns } from "../../src/protocol/text/wrap.ts";

interface ComposerProps {
  readonly snapshot: ComposerSnapshot;
  /** The person's name, or the addressee's; clean. */
  readonly name: string;
  readonly words: ComposerWords;
  readonly columns: number;
  /** Lines in the input queue. */
  readonly queuedLines?: number;
  /** The row of the line itself, counted from 0 at the top of Ink's output. */
  readonly row: number;
}

/** The number of rows that the composer takes. */
export function countComposerRows(snapshot: ComposerSnapshot): 1 | 2 {
  return snapshot.pendingPaste === undefined ? 1 : 2;
}

export function Composer({ snapshot, name, words, columns, queuedLines = 0, row }: ComposerProps): ReactNode {
  const prompt = formatPrompt(name, columns);
  const promptColumns = measureColumns(prompt) + 1;
  const waiting = formatQueued(queuedLines, words, columns);
  const room = Math.max(1, columns - promptColumns - 1 - measureColumns(waiting));
  const window = selectVisible(snapshot.text, snapshot.cursor, room);
  useCursor().setCursorPosition({ x: promptColumns + window.cursorColumn, y: row });
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Hint snapshot={snapshot} words={words} columns={columns} />
      <Box height={1} overflow="hidden">
        <Box flexShrink={0}>
          <Text dimColor>{prompt + (window.hasMoreLeft ? "‹" : " ")}</Text>
        </Box>
        <Box flexGrow={1}>
          {snapshot.text === "" ? (
            // ink-text-input 6 colours its placeholder grey even with NO_COLOR.
            <Text dimColor>{cutEnd(words.placeholder, room)}</Text>
          ) : (
            <InputText value={window.visible} />
          )}
        </Box>
        <Box flexShrink={0}>
          <Text dimColor>{(window.hasMoreRight ? "›" : "") + waiting}</Text>
        </Box>
      </Box>
    </Box>
  );
}

function Hint({
  snapshot,
  words,
  columns,
}: Pick<ComposerProps, "snapshot" | "words" | "columns">): ReactNode {
  if (snapshot.pendingPaste === undefined) return undefined;
  return <Text bold>{wordPasteQuestion(snapshot.pendingPaste, words, columns)}</Text>;
}

/** The number of queued lines; only a glyph and the number on a narrow screen. */
function formatQueued(lines: number, words: ComposerWords, columns: number): string {
  if (lines === 0) return "";
  const note = ` ${words.waiting(lines)}`;
  return measureColumns(note) <= columns / 3 ? note : ` ⧗${lines}`;
}

/** The name takes at most a third of the width, and is left out on a narrow screen. */
function formatPrompt(name: string, columns: number): string {
  const share = Math.floor(columns / 3) - 2;
  return share < 4 ? ">" : `${cutEnd(name, share)} │`;
}
