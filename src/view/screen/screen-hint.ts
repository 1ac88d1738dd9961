/** The hint about the last key or sent line on the status line, until the next key. */

import type { EntryId, NoticeTone } from "../../chat/log/entry.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { measureColumns } from "../../protocol/text/wrap.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { ScreenState } from "./screen-state.ts";

/** The most entries searched for an answer. Each frame searches, so the bound keeps a busy conversation cheap. */
const answerEntriesMax = 64;

/** The tones of answers to commands. State changes and presence are shown elsewhere: by the bar, and by the calls. */
const answerTones: ReadonlySet<NoticeTone> = new Set(["info", "warning", "error"]);

/** Clears what only lasts until the next key: the hint and an armed Ctrl-C. */
export function clearHint(state: ScreenState): ScreenState {
  if (!state.isQuitArmed && state.hint === undefined && state.sentAfter === undefined) return state;
  return { ...state, isQuitArmed: false, hint: undefined, sentAfter: undefined };
}

/** Shows a hint about the key just pressed, without an entry in the conversation. */
export function showHint(state: ScreenState, hint: Sentence): ScreenState {
  return { ...clearHint(state), hint };
}

/** Turns mouse reports on, or off, so that the terminal selects text. */
export function setMouse(state: ScreenState, isMouseOn: boolean): ScreenState {
  return {
    ...showHint(state, sentence(isMouseOn ? "mouse-on" : "mouse-off")),
    isMouseOn,
    selection: undefined,
  };
}

/**
 * The answers to a command since the entry `after`, for a screen on which the calls hide the conversation: the answer
 * itself if it is a single one that fits `columns`, else how to see it. undefined: there was no answer.
 */
export function findUnseenAnswer(
  model: ScreenModel,
  after: EntryId | 0,
  columns: number,
): Sentence | undefined {
  const scrollback = model.scrollback[model.active];
  const from = scrollback.indexOf(after + 1);
  const answers: string[] = [];
  for (let index = from; index < Math.min(scrollback.length, from + answerEntriesMax); index += 1) {
    const entry = scrollback.at(index);
    if (entry?.kind === "notice" && entry.id > after && answerTones.has(entry.tone)) answers.push(entry.text);
  }
  const [only, second] = answers;
  if (only === undefined) return undefined;
  const isShort = second === undefined && measureColumns(only) <= columns - 2;
  return isShort ? sentence("as-written", { text: only }) : sentence("esc-shows-answer");
}
