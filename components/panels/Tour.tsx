/** The tour, in place of the conversation. src/view/overlays/tour-lines.ts makes its lines. */

import { layoutTour } from "../../src/view/overlays/tour-lines.ts";
import { Rows } from "../paint/Rows.tsx";
import { joinPainted, paint, paintPlain, type Theme } from "../paint/theme.ts";
import type { ShownTour } from "../../src/view/screen/screen-state.ts";

interface TourProps {
  readonly shown: ShownTour;
  readonly columns: number;
  readonly height: number;
  readonly theme: Theme;
}

export function Tour({ shown, columns, height, theme }: TourProps) {
  const { lines } = layoutTour(shown.tour, shown.words, columns - 2, height);
  const rows = lines.map((pieces) =>
    joinPainted([
      paintPlain(" "),
      ...pieces.map(({ text, tone }) => (tone === "plain" ? paintPlain(text) : paint(theme, tone, text))),
    ]),
  );
  return <Rows rows={rows} columns={columns} height={height} />;
}
