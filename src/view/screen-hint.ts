/** duet's word on the last key, and its end. Pure. */

import type { ScreenState } from "./screen-state.ts";

/** Another key came: what Ctrl-C and the hint were about is over. */
export function calmed(state: ScreenState): ScreenState {
  if (!state.quitArmed && state.hint === undefined) return state;
  return { ...state, quitArmed: false, hint: undefined };
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
