/** Commands that only a screen can carry out: each returns undefined when asked, else the problem. */

import { cleanText } from "../../protocol/text/text.ts";
import { pauseWire } from "../features/call-counters.ts";
import type { Chat } from "../model/chat.ts";
import type { ScreenRequest } from "../model/effect.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Effect } from "../model/effect.ts";

export function save(effects: Effect[], path: string, overwrite: boolean): Sentence | undefined {
  if (path === "") return sentence("needs-file", { command: "save" });
  return askScreen(effects, { type: "save", path, overwrite });
}

export function runWire(
  chat: Pick<Chat, "effects" | "sides" | "focus">,
  words: string,
): Sentence | undefined {
  if (words !== "pause") return askScreen(chat.effects, { type: "wire", words });
  pauseWire(chat);
  return askScreen(chat.effects, { type: "wire", words: "" });
}

export function switchMouse(effects: Effect[], word: string): Sentence | undefined {
  if (word !== "" && word !== "on" && word !== "off")
    return sentence("takes-on-or-off", { command: "mouse", word: cleanText(word.slice(0, 40)) });
  return askScreen(effects, { type: "mouse", on: word === "" ? undefined : word === "on" });
}

/** Asks the screen to carry a command out. */
export function askScreen(effects: Effect[], request: ScreenRequest): undefined {
  effects.push({ type: "ask-screen", request });
}
