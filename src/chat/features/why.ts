/** `/why`: an error opened up, the last one or any by its code. The pages are in protocol/error-pages.ts. */

import { errorPages, findErrorCode } from "../../protocol/errors/error-pages.ts";
import {
  type ErrorCode,
  type NetworkError,
  describeNetworkError,
} from "../../protocol/sockets/network-error.ts";
import { cleanText } from "../../protocol/text/text.ts";
import type { Chat } from "../model/chat.ts";
import type { Side } from "../model/side.ts";
import { notice } from "../report/report.ts";

/** Undefined when done; else what was wrong. */
export function explainError(chat: Chat, side: Side, word: string): string | undefined {
  const last = chat.lastError;
  if (word === "") {
    const others = "/why CODE explains a code, as ECONNREFUSED";
    if (last === undefined) return void notice(chat, side, "info", "nothing has gone wrong yet", others);
    return void tellPage(chat, side, last.code, last);
  }
  const code = findErrorCode(word);
  if (code === undefined) return `no page for ${cleanText(word.slice(0, 40))}: there is ${codes.join(", ")}`;
  return void tellPage(chat, side, code, last?.code === code ? last : undefined);
}

const codes: readonly string[] = Object.keys(errorPages);

/** Of an error that did happen, its own next step is the first to try; what that says already is not told twice. */
function tellPage(chat: Chat, side: Side, code: ErrorCode, error: NetworkError | undefined): void {
  const { meaning, wire, causes, tries } = errorPages[code];
  const happened = error === undefined ? "" : ` (${error.call} ${cleanText(error.target)})`;
  notice(chat, side, "info", `${code}${happened}: ${meaning}`);
  notice(chat, side, "info", `on the wire: ${wire}`);
  for (const [index, cause] of causes.entries()) notice(chat, side, "info", `cause ${index + 1}: ${cause}`);
  const own = error === undefined ? [] : [describeNetworkError(error).hint];
  const further = tries.filter((one) => !own.some((hint) => hint.includes(one)));
  for (const [index, hint] of [...own, ...further].entries())
    notice(chat, side, "info", `try ${index + 1}: ${hint}`);
}
