/** Where the active conversation of a screen stands, read and moved. */

import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { ScrollAnchor } from "../conversation/conversation-rows.ts";
import type { ScreenState, ScreenView } from "./screen-state.ts";

/** The same state with the active conversation elsewhere. */
export function withAnchor(state: ScreenState, view: ScreenView, anchor: ScrollAnchor): ScreenState {
  return { ...state, anchors: { ...state.anchors, [view.model.active]: anchor } };
}

/** The active conversation. */
export function scrollbackOf(view: ScreenView): ScreenModel["scrollback"]["tcp"] {
  return view.model.scrollback[view.model.active];
}
