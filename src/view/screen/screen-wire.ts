/**
 * The wire panel as part of the screen's state: passes it the keys, and applies the result to panel and conversation.
 */

import type { KeyEvent } from "../../input/keys/key-event.ts";
import { getScrollback, setAnchor } from "./screen-anchor.ts";
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
import { isHidingConversation } from "../wire/wire-state.ts";

/** True while the keys go to the panel, whose line replaces the composer. */
export function isWireFocused({ wire, overlay }: Pick<ScreenState, "wire" | "overlay">): boolean {
  return wire.isShown && wire.focus !== "composer" && overlay === "none";
}

/** Passes a key to the panel. undefined: the key is for the screen. */
export function pressOnWire(state: ScreenState, event: KeyEvent, view: ScreenView): ScreenState | undefined {
  const pressed = pressInWire(state.wire, event, getWireView(state, view));
  return pressed.isUsed ? applyWire(state, view, pressed) : undefined;
}

/** F2 opens the panel, then focuses it, then closes it. */
export function cycleWirePanel(state: ScreenState, view: ScreenView): ScreenState {
  return applyWire(state, view, cycleWire(state.wire, getWireView(state, view)));
}

/** `/wire WORDS`: opens the panel with a filter; `off` closes it. */
export function showWire(state: ScreenState, view: ScreenView, words: string): ScreenState {
  return words === "off" ? hideWire(state, view) : { ...state, wire: filterWire(state.wire, words) };
}

/** Closes the panel, if it is open. */
export function hideWire(state: ScreenState, view: ScreenView): ScreenState {
  return state.wire.isShown ? applyWire(state, view, closeWire(state.wire, getWireView(state, view))) : state;
}

/** Scrolls the calls if they hide the conversation or the mouse is over them; undefined: neither. */
export function scrollCalls(
  state: ScreenState,
  view: ScreenView,
  rows: number,
  column: number,
): ScreenState | undefined {
  const isOverCalls = state.wire.isShown && view.panel.isBeside && column > view.shape.columns;
  if (!isOverCalls && !isHidingConversation(state.wire, view.panel)) return undefined;
  return applyWire(state, view, scrollWire(state.wire, getWireView(state, view), rows));
}

function getWireView(state: ScreenState, view: ScreenView): WireView {
  const { model, shape, panel } = view;
  const transport = model.active;
  const wire = model.wire[transport];
  const { words } = model;
  const scrollback = getScrollback(view);
  const anchor = state.anchors[transport];
  return { transport, wire, words, scrollback, shape, anchor, panel };
}

function applyWire(state: ScreenState, view: ScreenView, { wire, anchor }: WireResult): ScreenState {
  return { ...setAnchor(state, view, anchor), wire };
}
