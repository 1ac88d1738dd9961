/** The help, in place of the conversation. src/view/overlays/help-lines.ts makes its lines. */

import { Box } from "ink";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { measureHelp, buildHelp } from "../../src/view/overlays/help-lines.ts";
import { PaintedText } from "../paint/Text.tsx";
import { joinPainted, paint, paintPlain, type Theme } from "../paint/theme.ts";

interface HelpProps {
  readonly columns: number;
  readonly height: number;
  /** The index of the first line to show. A value past the last page shows the last page. */
  readonly fromLine: number;
  readonly model: ScreenModel;
  readonly theme: Theme;
}

export function Help({ columns, height, fromLine, model, theme }: HelpProps) {
  const lines = buildHelp(measureHelp(columns), model);
  const from = Math.max(0, Math.min(fromLine, lines.length - height));
  const shown = lines.slice(from, from + height);
  const below = lines.length - from - shown.length;
  const drawn = shown.map(({ text, tone }) =>
    joinPainted([paintPlain(" "), tone === "plain" ? paintPlain(text) : paint(theme, tone, text)]),
  );
  if (below > 0) drawn.splice(-1, 1, paint(theme, "quiet", ` ${model.words.helpMore(below + 1)}`));
  return (
    <Box height={height} overflow="hidden">
      <PaintedText rows={drawn} />
    </Box>
  );
}
