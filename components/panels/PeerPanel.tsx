/** Paints the peers' panel at the right, behind a border. src/view/bars/peer-lines.ts makes its lines. */

import { type PeerLine, buildPeerLines } from "../../src/view/bars/peer-lines.ts";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { columnStop } from "../paint/columns.ts";
import { joinPainted, paint, paintName, paintPlain, type Painted, type Theme } from "../paint/theme.ts";

/** `columns` include the border and a space on each side of the text. */
export function paintPeerPanel(
  model: ScreenModel,
  columns: number,
  height: number,
  theme: Theme,
): readonly Painted[] {
  const lines = buildPeerLines(model, columns - 3, height);
  const border = paint(theme, "gutter", "│");
  return Array.from({ length: height }, (_, row) => {
    const pieces = lines[row]?.flatMap((piece) => [
      columnStop,
      paintPlain(" ".repeat(piece.space)),
      paintPiece(piece, theme),
    ]);
    return pieces === undefined || pieces.length === 0
      ? border
      : joinPainted([border, paintPlain(" "), ...pieces]);
  });
}

function paintPiece({ text, tone, nameKey }: PeerLine, theme: Theme): Painted {
  if (tone === "name") return paintName(theme, nameKey ?? text, text);
  return tone === "plain" ? paintPlain(text) : paint(theme, tone, text);
}
