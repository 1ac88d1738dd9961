/** The question for a room's password, which takes the keys and shows a bullet for each character. Pure. */

import type { KeyEvent } from "../../input/keys/key-event.ts";
import { editSecret } from "../../input/line/secret-line.ts";
import { segmentGraphemes } from "../../protocol/text/grapheme-segments.ts";
import { parseSecret } from "../../protocol/text/secret-text.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import { clearHint, showHint } from "./screen-hint.ts";
import type { AskedPassword, PasswordRequest, ScreenResult, ScreenState } from "./screen-state.ts";

/** Asks for a password. A question before it is over. */
export function askPassword(state: ScreenState, request: PasswordRequest): ScreenState {
  return { ...state, search: undefined, choice: undefined, password: { request, text: "" } };
}

/** One bullet for each character, of which the last `columns` are shown. */
export function drawBullets(text: string, columns: number): string {
  return "•".repeat(Math.max(0, Math.min(columns, [...segmentGraphemes(text)].length)));
}

/** Handles a key while the question waits; undefined: it is a key of the screen. */
export function pressInPassword(
  state: ScreenState,
  asked: AskedPassword,
  event: KeyEvent,
): ScreenResult | undefined {
  if (event.type === "key" && event.ctrl && (event.name === "l" || event.name === "z")) return undefined;
  const edit = editSecret(asked.text, event);
  const calm = clearHint(state);
  switch (edit.is) {
    case "typing":
      return { state: { ...calm, password: { ...asked, text: edit.text } } };
    case "cancelled":
      return { state: showHint({ ...calm, password: undefined }, sentence("password-hint")) };
    case "entered":
      return enter(calm, asked);
  }
}

/** A text that is no password is asked for again. */
function enter(calm: ScreenState, { request, text }: AskedPassword): ScreenResult {
  const parsed = parseSecret(text);
  if ("problem" in parsed) {
    const again = { ...calm, password: { request, text: "" } };
    return { state: showHint(again, sentence("secret-problem", { problem: { is: parsed.problem } })) };
  }
  const { transport, target } = request;
  const action = { type: "password-entered", transport, target, password: parsed.secret } as const;
  return { state: { ...calm, password: undefined }, action };
}
