/** Scrolls what is shown: the help, the calls or the active conversation. */

import { type ScrollAnchor, scrollBy } from "../conversation/conversation-rows.ts";
import { measureHelp, buildHelp } from "../overlays/help-lines.ts";
import { getScrollback, setAnchor } from "./screen-anchor.ts";
import type { ScreenState, ScreenView } from "./screen-state.ts";
import { scrollCalls } from "./screen-wire.ts";
import type { SearchedView } from "../search/search.ts";

/** Scrolls down by `rows` (negative: up). `column`: the mouse's, if it was the mouse. */
export function scroll(state: ScreenState, view: ScreenView, rows: number, column = 0): ScreenState {
  if (state.overlay === "help") {
    const last = Math.max(0, buildHelp(measureHelp(view.columns), view.model).length - view.shape.rows);
    return { ...state, overlayFromLine: Math.max(0, Math.min(last, state.overlayFromLine + rows)) };
  }
  const calls = scrollCalls(state, view, rows, column);
  if (calls !== undefined) return calls;
  const anchor = scrollBy(getScrollback(view), view.shape, state.anchors[view.model.active], rows);
  return setAnchor(state, view, anchor);
}

/** Makes a view at the end follow new entries. */
export function settleAnchor(view: ScreenView, anchor: ScrollAnchor): ScrollAnchor {
  return scrollBy(getScrollback(view), view.shape, anchor, 0);
}

/** The active conversation, for the search or the choice of a message. */
export function getSearchedView(state: ScreenState, view: ScreenView): SearchedView {
  const { active } = view.model;
  return {
    transport: active,
    scrollback: getScrollback(view),
    shape: view.shape,
    anchor: state.anchors[active],
  };
}
