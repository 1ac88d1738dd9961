/** Paints the tour, in place of the conversation. src/view/overlays/tour-lines.ts makes its lines. */

import { layoutTour } from "../../src/view/overlays/tour-lines.ts";
import { columnStop } from "../paint/columns.ts";
import { joinPainted, paint, paintPlain, type Painted, type Theme } from "../paint/theme.ts";
import type { ShownTour } from "../../src/view/screen/screen-state.ts";

/** At most `height` rows. */
export function paintTour(
  shown: ShownTour,
  { columns, height }: { readonly columns: number; readonly height: number },
  theme: Theme,
): readonly Painted[] {
  const { lines } = layoutTour(shown.tour, shown.words, columns - 2, height);
  return lines.map((pieces) =>
    joinPainted([
      paintPlain(" "),
      ...pieces.flatMap(({ text, tone }) => [
        columnStop,
        tone === "plain" ? paintPlain(text) : paint(theme, tone, text),
      ]),
    ]),
  );
}
