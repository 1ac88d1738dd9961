/** The line above the composer: bytes, waiting, warnings, keys. What it says is decided in src/chat/status-line.ts. */

import type { ScreenModel } from "../src/chat/screen-model.ts";
import { statusLineSegments } from "../src/view/status-line.ts";
import { Segments } from "./Segments.tsx";
import type { Theme } from "./theme.ts";

export interface StatusLineProps {
  readonly model: ScreenModel;
  /** Entries below the view. */
  readonly belowCount: number;
  /** Of those, the ones that came since the view left the end. */
  readonly newCount?: number;
  /** duet's word on the last key. */
  readonly hint?: string | undefined;
  readonly columns: number;
  readonly theme: Theme;
}

export function StatusLine({ model, belowCount, newCount = 0, hint, columns, theme }: StatusLineProps) {
  return (
    <Segments
      segments={statusLineSegments(model, { belowCount, newCount }, columns, hint)}
      columns={columns}
      theme={theme}
    />
  );
}
