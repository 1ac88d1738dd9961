/** Paints the help, in place of the conversation. src/view/overlays/help-lines.ts makes its lines. */

import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { measureHelp, buildHelp } from "../../src/view/overlays/help-lines.ts";
import { cutEnd } from "../../src/protocol/text/wrap.ts";
import { joinPainted, paint, paintPlain, type Painted, type Theme } from "../paint/theme.ts";

/**
 * At most `height` rows. `fromLine`: the index of the first line to show; a value past the last page shows the last
 * page.
 */
export function paintHelp(
  model: ScreenModel,
  fromLine: number,
  { columns, height }: { readonly columns: number; readonly height: number },
  theme: Theme,
): readonly Painted[] {
  const lines = buildHelp(measureHelp(columns), model);
  const from = Math.max(0, Math.min(fromLine, lines.length - height));
  const shown = lines.slice(from, from + height);
  const below = lines.length - from - shown.length;
  const fit = (text: string): string => cutEnd(text, columns - 1);
  const drawn = shown.map(({ text, tone }) =>
    joinPainted([paintPlain(" "), tone === "plain" ? paintPlain(fit(text)) : paint(theme, tone, fit(text))]),
  );
  if (below > 0) drawn.splice(-1, 1, paint(theme, "quiet", ` ${fit(model.words.helpMore(below + 1))}`));
  return drawn;
}
