/**
 * Paints the socket calls, in place of the conversation or beside it behind a border. src/view/wire/wire-lines.ts makes its
 * lines.
 */

import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { type WireArea, measureWireText } from "../../src/view/wire/wire-areas.ts";
import { type WireLine, buildWireLines } from "../../src/view/wire/wire-lines.ts";
import type { WireState } from "../../src/view/wire/wire-state.ts";
import { columnStop } from "../paint/columns.ts";
import {
  joinPainted,
  paint,
  paintName,
  paintPlain,
  type Painted,
  type Style,
  type Theme,
} from "../paint/theme.ts";
import type { WirePiece } from "../../src/view/wire/wire-piece.ts";

/** As many rows as the area has. */
export function paintWirePanel(
  model: ScreenModel,
  state: WireState,
  area: WireArea,
  theme: Theme,
  formatClock: (atMs: number) => string,
): readonly Painted[] {
  const columns = measureWireText(area);
  const lines = buildWireLines(model, state, { columns, rows: area.rows, formatClock });
  const border = area.isBeside ? [paint(theme, "gutter", "│"), paintPlain(" ")] : [];
  return Array.from({ length: area.rows }, (_, row) =>
    joinPainted([...border, paintLine(lines[row], columns, theme)]),
  );
}

function paintLine(line: WireLine | undefined, columns: number, theme: Theme): Painted {
  if (line === undefined) return paintPlain("");
  const used = line.pieces.reduce((sum, { text }) => sum + measureColumns(text), 0);
  const blank = " ".repeat(Math.max(0, columns - used));
  const { highlight } = line;
  if (highlight === undefined)
    return joinPainted(line.pieces.flatMap((piece) => [paintPiece(piece, theme), columnStop]));
  const texts = [...line.pieces.map(({ text }) => text), blank];
  return joinPainted(texts.flatMap((text) => [paint(theme, highlightStyles[highlight], text), columnStop]));
}

function paintPiece({ text, tone, nameKey }: WirePiece, theme: Theme): Painted {
  if (text.trim() === "") return paintPlain(text);
  if (tone === "name") return paintName(theme, nameKey ?? text, text);
  const style = styles[tone];
  return style === undefined ? paintPlain(text) : paint(theme, style, text);
}

const highlightStyles: Readonly<Record<NonNullable<WireLine["highlight"]>, Style>> = {
  chosen: "highlightCurrent",
  message: "highlight",
  receipt: "highlightReceipt",
};

const styles: Readonly<Record<Exclude<WirePiece["tone"], "name">, Style | undefined>> = {
  in: "info",
  out: undefined,
  plain: undefined,
  strong: "strong",
  quiet: "quiet",
  good: "good",
  warning: "warning",
  bad: "bad",
};
