/**
 * `/why`: explains the last error or refusal, or any of them by its code or word. The causes of each are in
 * protocol/errors, their wording is in src/words.
 */

import {
  errorAdvice,
  findErrorCode,
  findRefusalPage,
  chooseHintedTry,
  type RefusalPage,
} from "../../protocol/errors/error-advice.ts";
import type { ErrorCode, NetworkError } from "../../protocol/sockets/network-error.ts";
import { cleanText } from "../../protocol/text/text.ts";
import type { Chat, ReportContext } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { addNotice, makeErrorHint } from "../report/report.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

/** Returns undefined when done, else the problem. */
export function explainError(
  chat: ReportContext & Pick<Chat, "lastError">,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  word: string,
): Sentence | undefined {
  const last = chat.lastError;
  if (word === "") {
    const { page } = chat.lastRefusal;
    if (page === "PRIVATE") return void explainPrivateLines(chat, side);
    if (page !== undefined) return void showRefusalPage(chat, side, page);
    if (last === undefined)
      return void addNotice(chat, side, "info", sentence("nothing-went-wrong"), sentence("why-code-hint"));
    return void showErrorPage(chat, side, last.code, last);
  }
  if (word.toLowerCase() === "private") return void explainPrivateLines(chat, side);
  const page = findRefusalPage(word);
  if (page !== undefined) return void showRefusalPage(chat, side, page);
  const code = findErrorCode(word);
  if (code === undefined) return sentence("no-page-for", { word: cleanText(word.slice(0, 40)) });
  return void showErrorPage(chat, side, code, last?.code === code ? last : undefined);
}

/** The limits of a sealed private line. */
function explainPrivateLines(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
): void {
  for (const part of ["what", "host", "key", "later", "plain"] as const)
    addNotice(chat, side, "info", sentence("why-private", { part }));
}

/** A page about encryption, keys or identity. */
function showRefusalPage(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  page: RefusalPage,
): void {
  const { refusalAdvice } = require("../../protocol/errors/refusal-advice.ts") as RefusalAdviceModule;
  const { causes, tries } = refusalAdvice[page];
  addNotice(chat, side, "info", sentence("refusal-head", { page }));
  addNotice(chat, side, "info", sentence("refusal-wire", { page }));
  for (const [index, cause] of causes.entries())
    addNotice(chat, side, "info", sentence("refusal-cause", { number: index + 1, cause }));
  for (const [index, step] of tries.entries())
    addNotice(
      chat,
      side,
      "info",
      sentence("why-try", { number: index + 1, step: sentence("refusal-try", { step }) }),
    );
}

type RefusalAdviceModule = typeof import("../../protocol/errors/refusal-advice.ts");

/** The next step of an error that did happen comes first; the page leaves out what that step says already. */
function showErrorPage(
  chat: ReportContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  code: ErrorCode,
  error: NetworkError | undefined,
): void {
  const { causes, tries } = errorAdvice[code];
  addNotice(chat, side, "info", sentence("why-head", { code, error }));
  addNotice(chat, side, "info", sentence("why-wire", { code }));
  for (const [index, cause] of causes.entries())
    addNotice(chat, side, "info", sentence("why-cause", { number: index + 1, cause }));
  const own = error === undefined ? [] : [makeErrorHint(chat, error)];
  const text = error === undefined ? undefined : chooseHintedTry(error);
  const { word } = chat.config.words;
  const said = own.map(word).join();
  const further = tries
    .filter((one) => one !== text)
    .map((step) => sentence("error-try", { step }))
    .filter((step) => !said.includes(word(step)));
  for (const [index, step] of [...own, ...further].entries())
    addNotice(chat, side, "info", sentence("why-try", { number: index + 1, step }));
}
