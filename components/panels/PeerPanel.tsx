/** The peers' panel at the right, behind a border. src/view/bars/peer-lines.ts makes its lines. */

import { type PeerLine, buildPeerLines } from "../../src/view/bars/peer-lines.ts";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { Rows } from "../paint/Rows.tsx";
import { joinPainted, paint, paintName, paintPlain, type Painted, type Theme } from "../paint/theme.ts";

interface PeerPanelProps {
  readonly model: ScreenModel;
  /** Including the border and a space on each side of the text. */
  readonly columns: number;
  readonly height: number;
  readonly theme: Theme;
}

export function PeerPanel({ model, columns, height, theme }: PeerPanelProps) {
  const lines = buildPeerLines(model, columns - 3, height);
  const border = paint(theme, "gutter", "│");
  const drawn = Array.from({ length: height }, (_, row) => {
    const pieces = lines[row]?.flatMap((piece) => [
      paintPlain(" ".repeat(piece.space)),
      paintPiece(piece, theme),
    ]);
    return pieces === undefined || pieces.length === 0
      ? border
      : joinPainted([border, paintPlain(" "), ...pieces]);
  });
  return <Rows rows={drawn} columns={columns} height={height} />;
}

function paintPiece({ text, tone, nameKey }: PeerLine, theme: Theme): Painted {
  if (tone === "name") return paintName(theme, nameKey ?? text, text);
  return tone === "plain" ? paintPlain(text) : paint(theme, tone, text);
}
