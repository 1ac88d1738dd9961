/** What stays on the terminal when the screen is gone. */

import { formatLocalTime } from "../../../components/paint/local-time.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { exitSummaryRowsMax } from "../../protocol/limits.ts";
import { formatClosingLines } from "../../view/conversation/transcript.ts";
import { type Output, wordOutput } from "../../chat/model/output.ts";
import type { Words } from "../../words/tables/words.ts";
import { exitHangup, exitOk } from "../process/exit-code.ts";
import { formatHappening } from "../output/plain-output.ts";

/** What was said last, for the terminal that shows no alternate screen any more: to be read, selected and copied. */
export function exitSummary(model: ScreenModel, columns: number): string {
  const lines = formatClosingLines(model, { columns, rows: exitSummaryRowsMax, formatTime: formatLocalTime });
  return lines.map((line) => `${line}\r\n`).join("");
}

/** What a full screen hid must be readable afterwards: the error that it ended by; empty when it ended well. */
export function whyItEnded(code: number, lastError: Output | undefined, { word }: Words): string {
  const failed = code !== exitOk && code < exitHangup;
  if (!failed || lastError?.type !== "error") return "";
  return formatHappening(wordOutput(lastError, word), false) ?? "";
}
