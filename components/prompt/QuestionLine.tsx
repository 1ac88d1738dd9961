/** A question, in place of the composer. */

import { PromptRow } from "./PromptRow.tsx";
import { paintBold, paintPlain } from "../paint/theme.ts";
import { cutEnd, cutStart, measureColumns } from "../../src/protocol/text/wrap.ts";
import { type Question, wordQuestion } from "../../src/view/overlays/question.ts";
import type { QuestionsWords } from "../../src/words/tables/words.ts";

interface QuestionLineProps {
  readonly question: Question;
  readonly words: QuestionsWords;
  readonly columns: number;
  readonly row: number;
}

export function QuestionLine({ question, words, columns, row }: QuestionLineProps) {
  const { subject, asked } = wordQuestion(question, words);
  const text = cutEnd(cutStart(subject, columns - measureColumns(asked) - 1) + asked, columns);
  return <PromptRow before={paintBold(text)} after={paintPlain("")} columns={columns} row={row} />;
}
