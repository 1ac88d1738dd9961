/** The status line above the composer. src/view/bars/status-line.ts decides its content. */

import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { buildStatusLine, type WireShown } from "../../src/view/bars/status-line.ts";
import { Segments } from "../paint/Segments.tsx";
import type { Theme } from "../paint/theme.ts";
import type { Sentence } from "../../src/words/sentences/sentence.ts";

interface StatusLineProps {
  readonly model: ScreenModel;
  /** Entries below the view. */
  readonly belowCount: number;
  /** Entries below the view that were added since it left the end. */
  readonly newCount?: number;
  /** A hint about the last key. */
  readonly hint?: Sentence | undefined;
  readonly wire?: WireShown;
  readonly columns: number;
  readonly theme: Theme;
}

export function StatusLine(props: StatusLineProps) {
  const { model, belowCount, newCount = 0, hint, wire = "hidden", columns, theme } = props;
  return (
    <Segments
      segments={buildStatusLine(model, { belowCount, newCount }, columns, hint, wire)}
      columns={columns}
      theme={theme}
    />
  );
}
