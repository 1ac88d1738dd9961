/**
 * The mouse, while it is on: the wheel scrolls, a press on a tab of the top bar switches to it, and a drag in the
 * conversation selects its text alone, whatever stands beside it. Pure.
 */

import type { MouseEvent } from "../../input/keys/key-event.ts";
import { findTab } from "../bars/tab-positions.ts";
import { findRowAt } from "../conversation/conversation-rows.ts";
import { findPlace, isEmptySelection, readSelection } from "../conversation/selection.ts";
import { isHidingConversation } from "../wire/wire-state.ts";
import { getScrollback } from "./screen-anchor.ts";
import { clearHint } from "./screen-hint.ts";
import { closeOverlay } from "./screen-overlays.ts";
import { scroll } from "./screen-scroll.ts";
import type { ScreenResult, ScreenState, ScreenView } from "./screen-state.ts";

/** Rows that the view scrolls for one notch of the wheel. */
const wheelRows = 3;

export function pressMouse(state: ScreenState, event: MouseEvent, view: ScreenView): ScreenResult {
  switch (event.action) {
    case "wheel-up":
      return { state: scroll(state, view, -wheelRows, event.column) };
    case "wheel-down":
      return { state: scroll(state, view, wheelRows, event.column) };
    case "press":
      return event.button === 0 ? pressButton(state, event, view) : { state };
    case "move":
      return { state: select(state, event, view) };
    case "release":
      return release(select(state, event, view), view);
  }
}

function pressButton(state: ScreenState, event: MouseEvent, view: ScreenView): ScreenResult {
  if (isInConversation(state, event, view)) return { state: beginSelection(clearHint(state), event, view) };
  if (event.row !== 0) return { state };
  const to = findTab(view.model, view.columns, event.column);
  if (to === undefined || to === view.model.active) return { state };
  return { state: closeOverlay(clearHint(state)), action: { type: "switch", to } };
}

function isInConversation(state: ScreenState, { row, column }: MouseEvent, view: ScreenView): boolean {
  if (state.overlay !== "none" || isHidingConversation(state.wire, view.panel)) return false;
  return row >= view.topRow && row < view.topRow + view.shape.rows && column < view.shape.columns;
}

function beginSelection(state: ScreenState, event: MouseEvent, view: ScreenView): ScreenState {
  const point = findPoint(state, event, view);
  if (point === undefined) return state;
  const place = findPlace(point);
  const hasNames = point.column < 0;
  return { ...state, selection: { transport: view.model.active, from: place, to: place, hasNames } };
}

/** Extends the selection to the pointer; beyond the conversation, to its nearest row. */
function select(state: ScreenState, event: MouseEvent, view: ScreenView): ScreenState {
  const { selection } = state;
  if (selection === undefined) return state;
  const point = selection.transport === view.model.active ? findPoint(state, event, view) : undefined;
  if (point === undefined) return { ...state, selection: undefined };
  return { ...state, selection: { ...selection, to: findPlace(point) } };
}

function release(state: ScreenState, view: ScreenView): ScreenResult {
  const { selection } = state;
  if (selection === undefined) return { state };
  const over = { ...state, selection: undefined };
  const text = isEmptySelection(selection) ? "" : readSelection(getScrollback(view), selection);
  return text === "" ? { state: over } : { state: over, action: { type: "copy", text } };
}

/** The row and the column of text under the pointer; undefined: the conversation is empty. */
function findPoint(state: ScreenState, { row, column }: MouseEvent, view: ScreenView) {
  const anchor = state.anchors[view.model.active];
  const found = findRowAt(getScrollback(view), view.shape, anchor, row - view.topRow);
  return found && { ...found, column: Math.min(column, view.shape.columns - 1) - found.textColumn };
}
