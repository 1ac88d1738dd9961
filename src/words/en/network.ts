/** Network errors as notices, and the pages of /why, in English. */

import { cleanText } from "../../protocol/text/text.ts";
import { chatProgram } from "../parts/error-commands.ts";
import { describeError } from "../parts/error-table.ts";
import type { RefusalTable } from "../parts/refusal-table.ts";
import type { Sentence, SentenceTable } from "../sentences/sentence.ts";
import type { NetworkSentences } from "../sentences/network.ts";
import { networkErrorsEnglish } from "./network-errors.ts";
import { whyEnglish } from "./why.ts";

const { meanings, wires, causes, tries } = whyEnglish;

export const networkEnglish: SentenceTable<NetworkSentences<Sentence>> = {
  "network-error": ({ error, isNamed }, _word, program) =>
    describeError(networkErrorsEnglish, error, program, isNamed).message,
  "network-hint": ({ error, isInChat }, _word, program) =>
    describeError(networkErrorsEnglish, error, isInChat === true ? chatProgram : program).hint,
  "error-meaning": ({ code }) => meanings[code],
  "why-head": ({ code, error }) => {
    const happened = error === undefined ? "" : ` (${error.call} ${cleanText(error.target)})`;
    return `${code}${happened}: ${meanings[code]}`;
  },
  "why-wire": ({ code }) => `on the wire: ${wires[code]}`,
  "why-cause": ({ number, cause }) => `cause ${number}: ${causes[cause]}`,
  "why-try": ({ number, step }, word) => `try ${number}: ${word(step)}`,
  "error-try": ({ step }, _word, program) => {
    const wording = tries[step];
    return typeof wording === "string" ? wording : wording(program);
  },
  "refusal-meaning": ({ page }) => loadRefusals().meanings[page],
  "refusal-head": ({ page }) => `${page}: ${loadRefusals().meanings[page]}`,
  "refusal-wire": ({ page }) => `on the wire: ${loadRefusals().wires[page]}`,
  "refusal-cause": ({ number, cause }) => `cause ${number}: ${loadRefusals().causes[cause]}`,
  "refusal-try": ({ step }, _word, program) => {
    const wording = loadRefusals().tries[step];
    return typeof wording === "string" ? wording : wording(program);
  },
};

/** Loaded with the first such page. */
function loadRefusals(): RefusalTable {
  const { refusalsEnglish } = require("./refusals.ts") as typeof import("./refusals.ts");
  return refusalsEnglish;
}
