/**
 * The composer as rows of a screen: the prompt, the part of the text that is in view, and the cursor. Words and widths
 * only; it draws nothing.
 */

import { cutEnd, measureColumns } from "../../protocol/text/wrap.ts";
import type { ComposerWords } from "../../words/tables/words.ts";
import { selectRows } from "../line/line-rows.ts";
import { selectVisible } from "../line/line-window.ts";
import type { ComposerSnapshot } from "./composer.ts";

/** The room for the composer, and what stands beside its text. */
export interface ComposerFrame {
  /** The person's name, or the addressee's; clean. */
  readonly name: string;
  readonly words: ComposerWords;
  /** The size of the screen. */
  readonly columns: number;
  readonly rows: number;
  /** Lines in the input queue. */
  readonly queuedLines: number;
}

interface ComposerShape {
  readonly rows: readonly ComposerRow[];
  /** The place of the cursor, from 0 at the left edge of the screen and the first of these rows; its index in the text. */
  readonly cursor: { readonly x: number; readonly y: number; readonly index: number };
  /** The columns for text. */
  readonly textColumns: number;
}

interface ComposerRow {
  /** The prompt, and the mark of text that is out of view before this row. */
  readonly lead: string;
  readonly text: string;
  /** The mark of text that is out of view after this row, and the number of queued lines. */
  readonly end: string;
}

/** The share of the screen that the composer may take. */
const shareOfScreen = 1 / 3;

/** The rows of the composer, at least one and at most a third of the screen. */
export function shapeComposer(
  { text, cursor }: Pick<ComposerSnapshot, "text" | "cursor">,
  frame: ComposerFrame,
): ComposerShape {
  const rowsMax = Math.floor(frame.rows * shareOfScreen);
  return rowsMax < 2 ? shapeRow(text, cursor, frame) : shapeRows(text, cursor, frame, rowsMax);
}

/** The columns for text: one beside them is for the cursor or a mark. */
export function measureTextColumns({ name, words, columns, queuedLines }: ComposerFrame): number {
  const promptColumns = measureColumns(formatPrompt(name, columns)) + 1;
  return Math.max(1, columns - promptColumns - 1 - measureColumns(formatQueued(queuedLines, words, columns)));
}

/** On a low screen: the part of the line around the cursor. */
function shapeRow(text: string, cursor: number, frame: ComposerFrame): ComposerShape {
  const prompt = formatPrompt(frame.name, frame.columns);
  const textColumns = measureTextColumns(frame);
  const window = selectVisible(text, cursor, textColumns);
  const { visible, cursorColumn, cursorIndex, hasMoreLeft, hasMoreRight } = window;
  const waiting = formatQueued(frame.queuedLines, frame.words, frame.columns);
  const row = {
    lead: prompt + (hasMoreLeft ? "‹" : " "),
    text: visible,
    end: (hasMoreRight ? "›" : "") + waiting,
  };
  const x = measureColumns(prompt) + 1 + cursorColumn;
  return { rows: [row], cursor: { x, y: 0, index: cursorIndex }, textColumns };
}

function shapeRows(text: string, cursor: number, frame: ComposerFrame, rowsMax: number): ComposerShape {
  const prompt = formatPrompt(frame.name, frame.columns);
  const promptColumns = measureColumns(prompt) + 1;
  const textColumns = measureTextColumns(frame);
  const selected = selectRows(text, cursor, textColumns, rowsMax);
  const last = selected.rows.length - 1;
  const rows = selected.rows.map((row, index) => {
    const isCutAbove = index === 0 && selected.hasMoreAbove;
    const isCutBelow = index === last && selected.hasMoreBelow;
    return {
      lead: (index === 0 ? prompt : continuePrompt(prompt)) + (isCutAbove ? "↑" : isCutBelow ? "↓" : " "),
      text: row,
      end: index === last ? formatQueued(frame.queuedLines, frame.words, frame.columns) : "",
    };
  });
  const { row, column, index } = selected.cursor;
  return { rows, cursor: { x: promptColumns + column, y: row, index }, textColumns };
}

/** The name takes at most a third of the width, and is left out on a narrow screen. */
function formatPrompt(name: string, columns: number): string {
  const share = Math.floor(columns / 3) - 2;
  return share < 4 ? ">" : `${cutEnd(name, share)} │`;
}

/** The prompt of the rows after the first one: as wide, without the name. */
function continuePrompt(prompt: string): string {
  return prompt === ">" ? " " : `${" ".repeat(measureColumns(prompt) - 1)}│`;
}

/** The number of queued lines; only a glyph and the number on a narrow screen. */
function formatQueued(lines: number, words: ComposerWords, columns: number): string {
  if (lines === 0) return "";
  const note = ` ${words.waiting(lines)}`;
  return measureColumns(note) <= columns / 3 ? note : ` ⧗${lines}`;
}
