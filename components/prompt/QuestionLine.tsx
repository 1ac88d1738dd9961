/** A question, in place of the composer. */

import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { Box, useCursor } from "ink";
import { Text } from "../paint/Text.tsx";
import { cutStart } from "../../src/protocol/text/wrap.ts";
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
  const text = cutStart(subject, columns - measureColumns(asked) - 1) + asked;
  useCursor().setCursorPosition({ x: Math.min(measureColumns(text), columns - 1), y: row });
  return (
    <Box height={1} overflow="hidden">
      <Text bold wrap="truncate">
        {text}
      </Text>
    </Box>
  );
}
