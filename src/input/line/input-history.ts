/** The submitted lines, oldest first, which the up arrow recalls. */

import { composerMaxUnits, inputHistoryMax } from "../../protocol/limits.ts";

export type InputHistory = readonly string[];

/**
 * Appends a line, unless it is empty or repeats the last one. The oldest lines beyond inputHistoryMax lines or
 * composerMaxUnits UTF-16 units are dropped; a line longer than that is not kept.
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
