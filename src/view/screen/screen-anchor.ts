/** The scroll position of the active conversation. */

import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { ScrollAnchor } from "../conversation/conversation-rows.ts";
import type { ScreenState, ScreenView } from "./screen-state.ts";

/** Scrolls the active conversation to `anchor`, in both tabs if both show it. */
export function setAnchor(state: ScreenState, view: ScreenView, anchor: ScrollAnchor): ScreenState {
  const { active, scrollback } = view.model;
  if (scrollback.tcp === scrollback.udp) return { ...state, anchors: { tcp: anchor, udp: anchor } };
  return { ...state, anchors: { ...state.anchors, [active]: anchor } };
}

/** The entries of the active conversation. */
export function getScrollback(view: ScreenView): ScreenModel["scrollback"]["tcp"] {
  return view.model.scrollback[view.model.active];
}
