/** Questions that wait for y or n, in the composer's place: their words, and what a key answers. Pure. */

import type { BroadcastRequest } from "../../chat/model/effect.ts";
import type { KeyEvent } from "../../input/keys/key-event.ts";
import type { QuestionAsked, QuestionsWords } from "../../words/words.ts";
import { cleanText } from "../../protocol/text/text.ts";

export type Question =
  /** A file is there, where a transcript was to go. */
  | { readonly type: "overwrite"; readonly path: string }
  /** Our room, which so many are in, for another's. */
  | { readonly type: "leave-room"; readonly key: string; readonly members: number }
  /** A datagram to everybody of a subnet. */
  | { readonly type: "broadcast"; readonly wish: BroadcastRequest };

/** `subject` is cut at its start where there is little room; `refused` is said after a no. */
export function questionWords(question: Question, words: QuestionsWords): QuestionAsked {
  switch (question.type) {
    case "overwrite":
      return words.overwrite(cleanText(question.path));
    case "leave-room":
      return words.leaveRoom(question.members + 1);
    case "broadcast":
      return words.broadcast(`${question.wish.address}:${question.wish.port}`);
  }
}

/** Undefined: the key is no answer. */
export function answerOf(event: KeyEvent): "yes" | "no" | undefined {
  const letter = event.type === "text" ? event.text.slice(0, 1).toLowerCase() : "";
  if (letter === "y") return "yes";
  const isNo = event.type === "key" && (event.name === "escape" || (event.ctrl && "cg".includes(event.name)));
  return letter === "n" || isNo ? "no" : undefined;
}
