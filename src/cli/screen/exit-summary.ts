/** The text that stays on the terminal after the screen was closed. */

import { formatLocalTimeAlone } from "../../../components/paint/local-time.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { exitSummaryRowsMax } from "../../protocol/limits.ts";
import { formatClosingLines } from "../../view/conversation/transcript.ts";
import { type Output, wordOutput } from "../../chat/model/output.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Words } from "../../words/tables/words.ts";
import { exitHangup, exitOk } from "../process/exit-code.ts";
import { formatEvent } from "../output/plain-output.ts";

/** The last lines of the conversation, at most exitSummaryRowsMax rows, each with its newline. */
export function formatExitSummary(model: ScreenModel, columns: number): string {
  const lines = formatClosingLines(model, {
    columns,
    rows: exitSummaryRowsMax,
    formatTime: formatLocalTimeAlone,
  });
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * The error that ended the chat, because the screen that showed it is gone. Empty for exit code 0, and for a signal.
 */
export function formatExitError(code: number, lastError: Output | undefined, { word }: Words): string {
  const hasFailed = code !== exitOk && code < exitHangup;
  if (!hasFailed || lastError?.type !== "error") return "";
  const hint = toShellHint(lastError.hint);
  return formatEvent(wordOutput({ ...lastError, hint }, word), false) ?? "";
}

/** The next step where the chat has ended, and its commands with it. */
function toShellHint(hint: Sentence): Sentence {
  if (hint.id === "network-hint") return sentence(hint.id, { ...hint.params, isInChat: false });
  return hint.id === "target-held-hint" ? sentence(hint.id, { ...hint.params, isInChat: false }) : hint;
}
