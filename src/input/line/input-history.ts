/**
 * The lines that were submitted, oldest first, for the up arrow to bring back. It knows no keys and no drafts.
 */

import { composerMaxUnits, inputHistoryMax } from "../../protocol/limits.ts";

export type InputHistory = readonly string[];

/**
 * The history with `line` at its end. Empty lines and repetitions of the last one are passed over. At most
 * inputHistoryMax lines and composerMaxUnits UTF-16 units are kept: the oldest go, and a longer line is not kept.
 */
export function rememberLine(history: InputHistory, line: string): InputHistory {
  if (line === "" || line.length > composerMaxUnits || line === history.at(-1)) return history;
  let units = line.length;
  let first = history.length;
  while (first > 0 && history.length - first < inputHistoryMax - 1) {
    units += history[first - 1]?.length ?? 0;
    if (units > composerMaxUnits) break;
    first -= 1;
  }
  return [...history.slice(first), line];
}
