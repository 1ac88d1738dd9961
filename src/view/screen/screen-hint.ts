/** duet's word on the last key or line, and its end. Pure. */

import type { EntryId, NoticeTone } from "../../chat/log/entry.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { textColumns } from "../../protocol/text/wrap.ts";
import type { ScreenState } from "./screen-state.ts";

/** Entries looked at for an answer: what others say meanwhile is no reason to search a whole conversation in each frame. */
const answerEntriesMax = 64;

/** What a command answers with; states and who comes and goes are told by the bar, and by the calls. */
const answerTones: ReadonlySet<NoticeTone> = new Set(["info", "warning", "error"]);

/** Another key came: what Ctrl-C and the hint were about is over. */
export function calmed(state: ScreenState): ScreenState {
  if (!state.quitArmed && state.hint === undefined && state.sentAfter === undefined) return state;
  return { ...state, quitArmed: false, hint: undefined, sentAfter: undefined };
}

/** Says something of the key just pressed, without a line in the conversation. */
export function withHint(state: ScreenState, hint: string): ScreenState {
  return { ...calmed(state), hint };
}

/** The mouse is reported to us, or the terminal's again: who selects text. */
export function withMouse(state: ScreenState, mouse: boolean): ScreenState {
  const hint = mouse ? "mouse on: Shift selects text" : "mouse off: the terminal selects text";
  return { ...withHint(state, hint), mouse };
}

/**
 * What duet has answered since this entry, in `columns`, for who sees the calls where the conversation would be: the
 * answer itself where it is one and short, else where to read it. undefined: nothing was answered.
 */
export function unseenAnswer(model: ScreenModel, after: EntryId | 0, columns: number): string | undefined {
  const scrollback = model.scrollback[model.active];
  const from = scrollback.indexOf(after + 1);
  const answers: string[] = [];
  for (let index = from; index < Math.min(scrollback.length, from + answerEntriesMax); index += 1) {
    const entry = scrollback.at(index);
    if (entry?.kind === "notice" && entry.id > after && answerTones.has(entry.tone)) answers.push(entry.text);
  }
  const [only, second] = answers;
  if (only === undefined) return undefined;
  const isShort = second === undefined && textColumns(only) <= columns - 2;
  return isShort ? only : "Esc shows the answer";
}
