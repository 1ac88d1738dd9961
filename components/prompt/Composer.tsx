/**
 * Draws the composer: a hint above when there is one, then the name and the part of the line that fits. It puts
 * the terminal's own cursor where the next character goes, so that an input method opens there. It reads no key.
 */

import { Box, Text, useCursor } from "ink";
import TextInput from "ink-text-input";
import type { ReactNode } from "react";
import { pasteQuestion } from "../../src/input/composer/composer-hint.ts";
import { lineWindow } from "../../src/input/line/line-window.ts";
import type { ComposerSnapshot } from "../../src/input/composer/composer.ts";
import type { ComposerWords } from "../../src/words/words.ts";
import { cutEnd, textColumns } from "../../src/protocol/text/wrap.ts";

export interface ComposerProps {
  readonly snapshot: ComposerSnapshot;
  /** Who is speaking; clean. */
  readonly name: string;
  readonly words: ComposerWords;
  readonly columns: number;
  /** Lines sent that wait for a peer to be ready. */
  readonly heldLines?: number;
  /** The row of the line itself, not of the hint, from 0 at the top of what Ink draws. */
  readonly row: number;
}

/** How many rows the composer takes: the layout above it gets the others. */
export function composerRows(snapshot: ComposerSnapshot): 1 | 2 {
  return snapshot.pendingPaste === undefined ? 1 : 2;
}

export function Composer({ snapshot, name, words, columns, heldLines = 0, row }: ComposerProps): ReactNode {
  const prompt = promptFor(name, columns);
  const promptColumns = textColumns(prompt) + 1;
  const waiting = waitingNote(heldLines, words, columns);
  const room = Math.max(1, columns - promptColumns - 1 - textColumns(waiting));
  const window = lineWindow(snapshot.text, snapshot.cursor, room);
  useCursor().setCursorPosition({ x: promptColumns + window.cursorColumn, y: row });
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Hint snapshot={snapshot} words={words} columns={columns} />
      <Box height={1} overflow="hidden">
        <Box flexShrink={0}>
          <Text dimColor>{prompt + (window.leftMore ? "‹" : " ")}</Text>
        </Box>
        <Box flexGrow={1}>
          {snapshot.text === "" ? (
            // ink-text-input 6 paints its placeholder grey, whatever NO_COLOR says.
            <Text dimColor>{cutEnd(words.placeholder, room)}</Text>
          ) : (
            <TextInput value={window.visible} focus={false} showCursor={false} onChange={ignoreChange} />
          )}
        </Box>
        <Box flexShrink={0}>
          <Text dimColor>{(window.rightMore ? "›" : "") + waiting}</Text>
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
  return <Text bold>{pasteQuestion(snapshot.pendingPaste, words, columns)}</Text>;
}

/** What waits is told where more of it would be typed, in a few columns where there are few. */
function waitingNote(lines: number, words: ComposerWords, columns: number): string {
  if (lines === 0) return "";
  const note = ` ${words.waiting(lines)}`;
  return textColumns(note) <= columns / 3 ? note : ` ⧗${lines}`;
}

/** The name takes a third at most, and none where there is hardly room to type. */
function promptFor(name: string, columns: number): string {
  const share = Math.floor(columns / 3) - 2;
  return share < 4 ? ">" : `${cutEnd(name, share)} │`;
}

/** The line is edited elsewhere: ink-text-input only shows it. */
function ignoreChange(): void {}
