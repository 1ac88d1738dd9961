/** Opens and closes the overlays, the search and the choice of a message. Pure. */

import { type ChoiceResult, openChoice } from "../search/line-choice.ts";
import { openSearch, type SearchResult } from "../search/search.ts";
import type { LanPress } from "../overlays/lan-list.ts";
import { scrollbackOf, withAnchor } from "./screen-anchor.ts";
import { searchedView, settled } from "./screen-scroll.ts";
import { calmed, withHint } from "./screen-hint.ts";
import type { ScreenState, ScreenView, ScreenResult } from "./screen-state.ts";
import { sentence } from "../../words/sentences/sentence.ts";

export function withLan(state: ScreenState, { selected, joins, closes }: LanPress): ScreenResult {
  const next = closes === true ? closeOverlay(state) : { ...state, lanSelected: selected };
  return joins === undefined ? { state: next } : { state: next, action: { type: "join", key: joins } };
}

/** Opens the help. */
export function showHelp(state: ScreenState): ScreenState {
  return { ...state, search: undefined, choice: undefined, overlay: "help", overlayFromLine: 0 };
}

/** Opens the list of the local network. */
export function showLan(state: ScreenState): ScreenState {
  return { ...calmed(state), search: undefined, choice: undefined, overlay: "lan", lanSelected: undefined };
}

/** Opens the search in the active conversation. */
export function search(state: ScreenState, view: ScreenView, term: string): ScreenState {
  const opened = openSearch(searchedView(state, view), term, state.searchedTerm);
  return withSearch(closeOverlay(state), view, opened);
}

export function chooseLine(state: ScreenState, view: ScreenView): ScreenResult {
  const opened = openChoice(searchedView(state, view));
  if (opened.choice === undefined) return { state: withHint(state, sentence("nobody-spoke-yet")) };
  return withChoice(closeOverlay(state), view, opened);
}

export function withChoice(
  state: ScreenState,
  view: ScreenView,
  { choice, anchor, resend }: Omit<ChoiceResult, "used">,
): ScreenResult {
  const next = { ...withAnchor(state, view, choice === undefined ? settled(view, anchor) : anchor), choice };
  return resend === undefined
    ? { state: next }
    : { state: next, action: { type: "resend", entryId: resend } };
}

/**
 * Applies a search. After its end the term is kept for the next search, and a view at the end follows new entries
 * again.
 */
export function withSearch(
  state: ScreenState,
  view: ScreenView,
  { search: now, anchor }: SearchResult,
): ScreenState {
  const searchedTerm = now?.line.text || state.search?.line.text || state.searchedTerm;
  return {
    ...withAnchor(state, view, now === undefined ? settled(view, anchor) : anchor),
    search: now,
    searchedTerm,
  };
}

/** Closes the overlays after a line was sent, and scrolls to the newest entry. */
export function afterSubmit(state: ScreenState, view: ScreenView): ScreenState {
  const scrollback = scrollbackOf(view);
  const sentAfter = scrollback.at(scrollback.length - 1)?.id ?? 0;
  const anchors = { ...state.anchors, [view.model.active]: "newest" };
  return { ...closeOverlay(calmed(state)), anchors, sentAfter };
}

/** Closes the overlay, the search and the choice. */
export function closeOverlay(state: ScreenState): ScreenState {
  if (state.overlay === "none" && state.search === undefined && state.choice === undefined) return state;
  return { ...state, overlay: "none", tour: undefined, search: undefined, choice: undefined };
}
