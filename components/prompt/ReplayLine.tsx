/** The replay line, in place of the composer: the position, and the key hints. */

import { PromptRow } from "./PromptRow.tsx";
import { paintDim, paintPlain } from "../paint/theme.ts";
import type { Forms } from "../../src/words/tables/words.ts";
import { cutEnd } from "../../src/protocol/text/wrap.ts";
import { type ReplayProgress, formatProgress } from "../../src/view/bars/replay-progress.ts";

interface ReplayLineProps {
  readonly progress: ReplayProgress;
  /** The key hints, longest form first. */
  readonly keys: Forms;
  readonly columns: number;
  readonly row: number;
}

export function ReplayLine({ progress, keys, columns, row }: ReplayLineProps) {
  const text = cutEnd(formatProgress(progress, keys, columns - 1), columns - 1);
  return <PromptRow before={paintPlain("")} after={paintDim(text)} columns={columns} row={row} />;
}
