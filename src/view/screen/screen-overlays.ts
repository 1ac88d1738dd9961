/** Opens and closes the overlays, the search and the choice of a line. Pure: a state goes in, a state comes out. */

import { type ChoiceResult, openChoice } from "../search/line-choice.ts";
import { openSearch, type SearchResult } from "../search/search.ts";
import type { LanPress } from "../overlays/lan-list.ts";
import { scrollbackOf, withAnchor } from "./screen-anchor.ts";
import { searchedView, settled } from "./screen-scroll.ts";
import { calmed, withHint } from "./screen-hint.ts";
import type { ScreenState, ScreenView, ScreenResult } from "./screen-state.ts";

export function withLan(state: ScreenState, { selected, joins, closes }: LanPress): ScreenResult {
  const next = closes === true ? closeOverlay(state) : { ...state, lanSelected: selected };
  return joins === undefined ? { state: next } : { state: next, action: { type: "join", key: joins } };
}

/** Shows the help, as /help does. */
export function showHelp(state: ScreenState): ScreenState {
  return { ...state, search: undefined, choice: undefined, overlay: "help", overlayFromLine: 0 };
}

/** Shows who is on the local network, as /lan does. */
export function showLan(state: ScreenState): ScreenState {
  return { ...calmed(state), search: undefined, choice: undefined, overlay: "lan", lanSelected: undefined };
}

/** Opens the search through the active conversation, as /search and Ctrl-R do. */
export function search(state: ScreenState, view: ScreenView, term: string): ScreenState {
  const opened = openSearch(searchedView(state, view), term, state.searchedTerm);
  return withSearch(closeOverlay(state), view, opened);
}

export function chooseLine(state: ScreenState, view: ScreenView): ScreenResult {
  const opened = openChoice(searchedView(state, view));
  if (opened.choice === undefined) return { state: withHint(state, "nobody has said anything yet") };
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

/** A search that is over leaves its term behind, and its view at the end when that is where it stands. */
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

/** What a line that was sent does: help goes away and the newest line is in sight. */
export function afterSubmit(state: ScreenState, view: ScreenView): ScreenState {
  const scrollback = scrollbackOf(view);
  const sentAfter = scrollback.at(scrollback.length - 1)?.id ?? 0;
  const anchors = { ...state.anchors, [view.model.active]: "newest" };
  return { ...closeOverlay(calmed(state)), anchors, sentAfter };
}

/** What lies over the conversation, or goes on in it, ends where another is looked at. */
export function closeOverlay(state: ScreenState): ScreenState {
  if (state.overlay === "none" && state.search === undefined && state.choice === undefined) return state;
  return { ...state, overlay: "none", tour: undefined, search: undefined, choice: undefined };
}
