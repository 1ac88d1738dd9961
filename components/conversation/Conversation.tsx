/**
 * Paints the rows in view, the newest at the bottom, always `height` of them, so that nothing below moves.
 * src/view/conversation/conversation-rows.ts selects the rows.
 */

import type { RowColumns } from "../../src/view/conversation/entry-rows.ts";
import { dropRepeatedTimes } from "../../src/view/conversation/dividers.ts";
import { measureColumns } from "../../src/protocol/text/width.ts";
import { paintRow } from "./MessageRow.tsx";
import { joinPainted, paint, paintPlain, type Painted, type Theme } from "../paint/theme.ts";
import type { Row } from "../../src/view/conversation/row.ts";

interface ConversationShape {
  /** The column widths of the rows. */
  readonly shape: RowColumns;
  readonly columns: number;
  readonly height: number;
  /** Shown in the empty part above the rows, if it fits. */
  readonly welcome: readonly string[];
}

/** Each at most `columns` wide. */
export function paintConversation(
  rows: readonly Row[],
  { shape, columns, height, welcome }: ConversationShape,
  theme: Theme,
): readonly Painted[] {
  const drawn = dropRepeatedTimes(rows.slice(-height)).map((row) =>
    row.kind === "rule" ? paintRule(row, theme) : paintRow(row, shape, theme),
  );
  return [...buildBlank(height - drawn.length, columns, welcome, theme), ...drawn];
}

function paintRule({ tone, text }: Row, theme: Theme): Painted {
  return paint(theme, tone === undefined ? "quiet" : "info", text);
}

function buildBlank(
  height: number,
  columns: number,
  welcome: readonly string[],
  theme: Theme,
): readonly Painted[] {
  const blank = Array.from({ length: Math.max(0, height) }, () => paintPlain(""));
  const fitting = welcome.length === height + 1 ? welcome.slice(1) : welcome;
  const widest = Math.max(0, ...fitting.map(measureColumns));
  if (fitting.length > height || widest > columns) return blank;
  const margin = " ".repeat(Math.floor((columns - widest) / 2));
  const above = Math.floor((height - fitting.length) / 2);
  const shown = fitting.map((line) =>
    joinPainted([paintPlain(margin), line.startsWith(" ") ? paint(theme, "strong", line) : paintPlain(line)]),
  );
  return blank.toSpliced(above, shown.length, ...shown);
}
