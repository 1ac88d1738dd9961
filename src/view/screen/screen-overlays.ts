/** Opens and closes the overlays, the search and the choice of a message. Pure. */

import { type ChoiceResult, openChoice } from "../search/line-choice.ts";
import { openSearch, type SearchResult } from "../search/search.ts";
import type { LanPress } from "../overlays/lan-list.ts";
import { getScrollback, setAnchor } from "./screen-anchor.ts";
import { getSearchedView, settleAnchor } from "./screen-scroll.ts";
import { clearHint, showHint } from "./screen-hint.ts";
import type { ScreenState, ScreenView, ScreenResult } from "./screen-state.ts";
import { sentence } from "../../words/sentences/sentence.ts";

export function applyLan(state: ScreenState, { selected, joinKey, isClosed }: LanPress): ScreenResult {
  const next = isClosed === true ? closeOverlay(state) : { ...state, lanSelected: selected };
  return joinKey === undefined ? { state: next } : { state: next, action: { type: "join", key: joinKey } };
}

/** Opens the help. */
export function showHelp(state: ScreenState): ScreenState {
  return { ...state, search: undefined, choice: undefined, overlay: "help", overlayFromLine: 0 };
}

/** Opens the list of the local network. */
export function showLan(state: ScreenState): ScreenState {
  return {
    ...clearHint(state),
    search: undefined,
    choice: undefined,
    overlay: "lan",
    lanSelected: undefined,
  };
}

/** Opens the search in the active conversation. */
export function startSearch(state: ScreenState, view: ScreenView, term: string): ScreenState {
  const opened = openSearch(getSearchedView(state, view), term, state.searchedTerm);
  return applySearch(closeOverlay(state), view, opened);
}

export function startChoice(state: ScreenState, view: ScreenView): ScreenResult {
  const opened = openChoice(getSearchedView(state, view));
  if (opened.choice === undefined) return { state: showHint(state, sentence("nobody-spoke-yet")) };
  return applyChoice(closeOverlay(state), view, opened);
}

export function applyChoice(
  state: ScreenState,
  view: ScreenView,
  { choice, anchor, resend, copied }: Omit<ChoiceResult, "isUsed">,
): ScreenResult {
  const next = {
    ...setAnchor(state, view, choice === undefined ? settleAnchor(view, anchor) : anchor),
    choice,
  };
  if (resend !== undefined) return { state: next, action: { type: "resend", entryId: resend } };
  return copied === undefined ? { state: next } : { state: next, action: { type: "copy", text: copied } };
}

/**
 * Applies a search. After its end the term is kept for the next search, and a view at the end follows new entries
 * again.
 */
export function applySearch(
  state: ScreenState,
  view: ScreenView,
  { search: now, anchor }: SearchResult,
): ScreenState {
  const searchedTerm = now?.line.text || state.search?.line.text || state.searchedTerm;
  return {
    ...setAnchor(state, view, now === undefined ? settleAnchor(view, anchor) : anchor),
    search: now,
    searchedTerm,
  };
}

/** Closes the overlays after a line was sent, and scrolls to the newest entry. */
export function onLineSent(state: ScreenState, view: ScreenView): ScreenState {
  const scrollback = getScrollback(view);
  const sentAfter = scrollback.at(scrollback.length - 1)?.id ?? 0;
  const anchors = { ...state.anchors, [view.model.active]: "newest" };
  return { ...closeOverlay(clearHint(state)), anchors, sentAfter };
}

/** Closes the overlay, the search and the choice. */
export function closeOverlay(state: ScreenState): ScreenState {
  if (state.overlay === "none" && state.search === undefined && state.choice === undefined) return state;
  return { ...state, overlay: "none", tour: undefined, search: undefined, choice: undefined };
}
