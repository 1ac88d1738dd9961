/**
 * The socket calls, in place of the conversation or beside it behind a border. src/view/wire/wire-lines.ts makes its
 * lines.
 */

import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { type WireArea, measureWireText } from "../../src/view/wire/wire-areas.ts";
import { type WireLine, buildWireLines } from "../../src/view/wire/wire-lines.ts";
import type { WireState } from "../../src/view/wire/wire-state.ts";
import { Rows } from "../paint/Rows.tsx";
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

interface WirePanelProps {
  readonly model: ScreenModel;
  readonly state: WireState;
  readonly area: WireArea;
  readonly theme: Theme;
  readonly formatClock: (atMs: number) => string;
}

export function WirePanel({ model, state, area, theme, formatClock }: WirePanelProps) {
  const columns = measureWireText(area);
  const lines = buildWireLines(model, state, { columns, rows: area.rows, formatClock });
  const border = area.isBeside ? [paint(theme, "gutter", "│"), paintPlain(" ")] : [];
  const drawn = Array.from({ length: area.rows }, (_, row) =>
    joinPainted([...border, paintLine(lines[row], columns, theme)]),
  );
  return <Rows rows={drawn} columns={area.columns} height={area.rows} />;
}

function paintLine(line: WireLine | undefined, columns: number, theme: Theme): Painted {
  if (line === undefined) return paintPlain("");
  const text = line.pieces.map((piece) => piece.text).join("");
  const blank = " ".repeat(Math.max(0, columns - measureColumns(text)));
  if (line.highlight !== undefined) return paint(theme, highlightStyles[line.highlight], text + blank);
  return joinPainted(line.pieces.map((piece) => paintPiece(piece, theme)));
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
