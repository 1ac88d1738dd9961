/** Questions on the screen. question.ts has their wording. Pure. */

import type { KeyEvent } from "../../input/keys/key-event.ts";
import { readAnswer, type Question, wordQuestion } from "../overlays/question.ts";
import { clearHint, showHint } from "./screen-hint.ts";
import type { QuestionsWords } from "../../words/tables/words.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { ScreenResult, ScreenState, ScreenView } from "./screen-state.ts";

/** Asks a question, which gets the keys until it is answered. */
export function ask(state: ScreenState, question: Question): ScreenState {
  return { ...state, search: undefined, choice: undefined, question };
}

/** Handles a key while a question waits. `isAlone`: nothing else was read with it. */
export function answer(
  state: ScreenState,
  question: Question,
  event: KeyEvent,
  { model }: ScreenView,
  isAlone: boolean,
): ScreenResult {
  const answered = { ...clearHint(state), question: undefined };
  switch (readAnswer(event, isAlone)) {
    case "yes":
      return { state: answered, action: question };
    case "no":
      return { state: showHint(answered, makeRefusedHint(question, model.words.questions)) };
    case undefined:
      return { state };
  }
}

function makeRefusedHint(question: Question, words: QuestionsWords): Sentence {
  return sentence("as-written", { text: wordQuestion(question, words).refused });
}
