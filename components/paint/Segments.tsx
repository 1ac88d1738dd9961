/** Draws a line of fitted segments on the bar's background, across the whole width. */

import { fitSegments, type Segment, type SegmentTone } from "../../src/view/bars/segments.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { columnStop } from "./columns.ts";
import { Rows } from "./Rows.tsx";
import { joinPainted, paint, type Painted, type Style, type Theme } from "./theme.ts";

const barStyles: Readonly<Record<SegmentTone, Style>> = {
  plain: "barPlain",
  strong: "barStrong",
  quiet: "barQuiet",
  good: "barGood",
  warning: "barWarning",
  bad: "barBad",
};

interface SegmentsProps {
  readonly segments: readonly Segment[];
  readonly columns: number;
  readonly theme: Theme;
}

export function Segments({ segments, columns, theme }: SegmentsProps) {
  return <Rows rows={[paintSegments(segments, columns, theme)]} columns={columns} height={1} />;
}

function paintSegments(segments: readonly Segment[], columns: number, theme: Theme): Painted {
  const fitted = fitSegments(segments, columns - 2);
  const used = fitted.reduce((sum, { space, text }) => sum + space + measureColumns(text), 0);
  const painted = fitted.flatMap(({ space, text, tone }) => [
    columnStop,
    paint(theme, "barPlain", " ".repeat(space)),
    paint(theme, barStyles[tone], text),
  ]);
  const rest = paint(theme, "barPlain", " ".repeat(Math.max(0, columns - 1 - used)));
  return joinPainted([paint(theme, "barPlain", " "), ...painted, columnStop, rest]);
}
