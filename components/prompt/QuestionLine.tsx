/** A question, in place of the composer. */

import { Box, Text, useCursor } from "ink";
import { cutStart, measureColumns } from "../../src/protocol/text/wrap.ts";
import type { QuestionsWords } from "../../src/words/tables/words.ts";
import { type Question, wordQuestion } from "../../src/view/overlays/question.ts";

interface QuestionLineProps {
  readonly question: Question;
  readonly words: QuestionsWords;
  readonly columns: number;
  readonly row: number;
}

export function QuestionLine({ question, words, columns, row }: QuestionLineProps) {
  const { subject, asked } = wordQuestion(question, words);
  const text = cutStart(subject, columns - textColumns(asked) - 1) + asked;
  useCursor().setCursorPosition({ x: Math.min(textColumns(text), columns - 1), y: row });
  return (
    <Box height={1} overflow="hidden">
      <Text bold wrap="truncate">
        {text}
      </Text>
    </Box>
  );
}
