/** The author of the chosen message and the keys for it, in place of the composer. */

import { PromptRow } from "./PromptRow.tsx";
import { paintDim, paintPlain } from "../paint/theme.ts";
import { cutEnd, measureColumns } from "../../src/protocol/text/wrap.ts";
import type { ChoiceWords } from "../../src/words/tables/words.ts";
import type { LineChoice } from "../../src/view/search/line-choice.ts";

interface ChoiceLineProps {
  readonly choice: LineChoice;
  readonly words: ChoiceWords;
  readonly columns: number;
  readonly row: number;
}

export function ChoiceLine({ choice, words, columns, row }: ChoiceLineProps) {
  const whose = words.whose(choice.name);
  const room = columns - measureColumns(whose) - 4;
  const offered = choice.canResend ? words.resendKeys : words.keys;
  const fitting = offered.find((each) => measureColumns(each) <= room) ?? "";
  const text = cutEnd(`${whose} │ `, columns - 1);
  return <PromptRow before={paintDim(text)} after={paintPlain(fitting)} columns={columns} row={row} />;
}
