/** The wire panel as part of the screen's state: when it has the keys, and what they do to panel and conversation together. */

import type { KeyEvent } from "../../input/keys/key-event.ts";
import { scrollbackOf, withAnchor } from "./screen-anchor.ts";
import type { ScreenState, ScreenView } from "./screen-state.ts";
import {
  closeWire,
  cycleWire,
  filterWire,
  pressInWire,
  scrollWire,
  type WireResult,
  type WireView,
} from "../wire/wire-keys.ts";
import { coversConversation } from "../wire/wire-state.ts";

/** The panel has the keys: its own line is in the composer's place. */
export function wireTakesKeys({ wire, overlay }: Pick<ScreenState, "wire" | "overlay">): boolean {
  return wire.shown && wire.focus !== "composer" && overlay === "none";
}

/** The state after a key that the panel has a use for; undefined: the key is the screen's. */
export function pressOnWire(state: ScreenState, event: KeyEvent, view: ScreenView): ScreenState | undefined {
  const pressed = pressInWire(state.wire, event, wireView(state, view));
  return pressed.used ? withWire(state, view, pressed) : undefined;
}

/** F2. */
export function turnWire(state: ScreenState, view: ScreenView): ScreenState {
  return withWire(state, view, cycleWire(state.wire, wireView(state, view)));
}

/** `/wire`: the calls that pass these words, or with `off` none. */
export function showWire(state: ScreenState, view: ScreenView, words: string): ScreenState {
  return words === "off" ? hideWire(state, view) : { ...state, wire: filterWire(state.wire, words) };
}

/** The panel goes, if it is there. */
export function hideWire(state: ScreenState, view: ScreenView): ScreenState {
  return state.wire.shown ? withWire(state, view, closeWire(state.wire, wireView(state, view))) : state;
}

/** Scrolls the calls where they hide the conversation, or the mouse is over them; undefined: it is not theirs. */
export function scrollCalls(
  state: ScreenState,
  view: ScreenView,
  rows: number,
  column: number,
): ScreenState | undefined {
  const isOverCalls = state.wire.shown && view.panel.beside && column > view.shape.columns;
  if (!isOverCalls && !coversConversation(state.wire, view.panel)) return undefined;
  return withWire(state, view, scrollWire(state.wire, wireView(state, view), rows));
}

function wireView(state: ScreenState, view: ScreenView): WireView {
  const { model, shape, panel } = view;
  const transport = model.active;
  const wire = model.wire[transport];
  const { words } = model;
  const scrollback = scrollbackOf(view);
  const anchor = state.anchors[transport];
  return { transport, wire, words, scrollback, shape, anchor, panel };
}

function withWire(state: ScreenState, view: ScreenView, { wire, anchor }: WireResult): ScreenState {
  return { ...withAnchor(state, view, anchor), wire };
}
