/** The walk through, in the conversation's place. Its lines are made in src/view/tour-lines.ts. */

import { Box, Text, useCursor } from "ink";
import { textColumns } from "../src/protocol/wrap.ts";
import { tourSteps } from "../src/tour/tour-steps.ts";
import type { ShownTour } from "../src/view/screen-tour.ts";
import { tourScreen } from "../src/view/tour-lines.ts";
import { Rows } from "./Rows.tsx";
import { paint, type Theme } from "./theme.ts";

export interface TourProps {
  readonly shown: ShownTour;
  readonly columns: number;
  readonly height: number;
  readonly theme: Theme;
}

export function Tour({ shown, columns, height, theme }: TourProps) {
  const { lines } = tourScreen(shown.tour, shown.words, columns - 2, height);
  const rows = lines.map((pieces) =>
    pieces.reduce((row, { text, tone }) => row + (tone === "plain" ? text : paint(theme, tone, text)), " "),
  );
  return <Rows rows={rows} columns={columns} height={height} />;
}

export interface TourKeysProps {
  readonly shown: ShownTour;
  readonly columns: number;
  readonly row: number;
}

/** How far the walk is and what the keys do, in the composer's place. It reads none. */
export function TourKeys({ shown: { tour, words }, columns, row }: TourKeysProps) {
  const prompt = `${words.place(tour.shown + 1, tourSteps.length)} │ `;
  const keys = tour.shown + 1 < tourSteps.length ? words.keys : words.lastKeys;
  const fitting = keys.find((each) => textColumns(prompt + each) <= columns) ?? "";
  useCursor().setCursorPosition({ x: Math.min(columns - 1, textColumns(prompt)), y: row });
  return (
    <Box height={1} overflow="hidden">
      <Text dimColor wrap="truncate">
        {prompt + fitting}
      </Text>
    </Box>
  );
}
