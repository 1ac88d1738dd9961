/** Commands that only a screen can carry out: each returns undefined when asked, else the problem. */

import { cleanText } from "../../protocol/text/text.ts";
import { pauseWire } from "../features/traffic.ts";
import type { Chat } from "../model/chat.ts";
import type { ScreenRequest } from "../model/effect.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";

export function save(chat: Chat, path: string, overwrite: boolean): Sentence | undefined {
  if (path === "") return sentence("needs-file", { command: "save" });
  return askScreen(chat, { type: "save", path, overwrite });
}

export function runWire(chat: Chat, words: string): Sentence | undefined {
  if (words !== "pause") return askScreen(chat, { type: "wire", words });
  pauseWire(chat);
  return askScreen(chat, { type: "wire", words: "" });
}

export function switchMouse(chat: Chat, word: string): Sentence | undefined {
  if (word !== "" && word !== "on" && word !== "off")
    return sentence("takes-on-or-off", { command: "mouse", word: cleanText(word.slice(0, 40)) });
  return askScreen(chat, { type: "mouse", on: word === "" ? undefined : word === "on" });
}

/** Asks the screen to carry a command out. */
export function askScreen(chat: Chat, request: ScreenRequest): undefined {
  chat.effects.push({ type: "ask-screen", request });
}
