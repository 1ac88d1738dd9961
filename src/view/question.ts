/** Questions that wait for y or n, in the composer's place: their words, and what a key answers. Pure. */

import type { BroadcastRequest } from "../chat/effect.ts";
import type { KeyEvent } from "../input/key-event.ts";
import { cleanText } from "../protocol/text.ts";

export type Question =
  /** A file is there, where a transcript was to go. */
  | { readonly type: "overwrite"; readonly path: string }
  /** Our room, which so many are in, for another's. */
  | { readonly type: "leave-room"; readonly key: string; readonly members: number }
  /** A datagram to everybody of a subnet. */
  | { readonly type: "broadcast"; readonly wish: BroadcastRequest };

export interface QuestionWords {
  /** What it is about; cut at its start where there is little room. */
  readonly subject: string;
  readonly asked: string;
  /** What is said after a no. */
  readonly refused: string;
}

export function questionWords(question: Question): QuestionWords {
  switch (question.type) {
    case "overwrite":
      return {
        subject: cleanText(question.path),
        asked: " exists: y overwrites, n keeps ",
        refused: "kept as it was: nothing was saved",
      };
    case "leave-room":
      return {
        subject: `your room of ${question.members + 1}`,
        asked: " closes by it: y joins, n stays ",
        refused: "stayed here",
      };
    case "broadcast":
      return {
        subject: `everybody at ${question.wish.address}:${question.wish.port}`,
        asked: " hears it: y sends, n does not ",
        refused: "nothing was sent",
      };
  }
}

/** Undefined: the key is no answer. */
export function answerOf(event: KeyEvent): "yes" | "no" | undefined {
  const letter = event.type === "text" ? event.text.slice(0, 1).toLowerCase() : "";
  if (letter === "y") return "yes";
  const isNo = event.type === "key" && (event.name === "escape" || (event.ctrl && "cg".includes(event.name)));
  return letter === "n" || isNo ? "no" : undefined;
}
