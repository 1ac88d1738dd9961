/** Questions in place of the composer that wait for y or n: their wording, and the keys that answer. */

import type { BroadcastRequest } from "../../chat/model/effect.ts";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import type { QuestionAsked, QuestionsWords } from "../../words/tables/words.ts";
import { cleanText } from "../../protocol/text/text.ts";

export type Question =
  /** The file of the transcript exists already. */
  | { readonly type: "overwrite"; readonly path: string }
  /** Joining another room would close this one, which has `members` others in it. */
  | { readonly type: "leave-room"; readonly key: string; readonly members: number }
  /** A datagram to all machines of a subnet. */
  | { readonly type: "broadcast"; readonly wish: BroadcastRequest };

/** `subject` is cut at its start if there is little room; `refused` is shown after a no. */
export function wordQuestion(question: Question, words: QuestionsWords): QuestionAsked {
  switch (question.type) {
    case "overwrite":
      return words.overwrite(cleanText(question.path));
    case "leave-room":
      return words.leaveRoom(question.members + 1);
    case "broadcast":
      return words.broadcast(`${question.wish.address}:${question.wish.port}`);
  }
}

/** Undefined: the key is not an answer. `isAlone`: nothing else was read with it; a letter answers only then. */
export function readAnswer(event: KeyEvent, isAlone: boolean): "yes" | "no" | undefined {
  const letter = event.type === "text" && isAlone ? event.text.toLowerCase() : "";
  if (letter === "y") return "yes";
  const isNo = event.type === "key" && (event.name === "escape" || (event.ctrl && "cg".includes(event.name)));
  return letter === "n" || isNo ? "no" : undefined;
}
