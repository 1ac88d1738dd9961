/**
 * What the screen itself remembers, beside the chat and the composer: the overlay, and where each conversation is
 * scrolled to. Pure: a key that the composer had no use for goes in, a state and what is to be done come out.
 */

import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { type ConversationShape, type ScrollAnchor, scrollToTop } from "../conversation/conversation-rows.ts";
import type { EntryId } from "../../chat/records/entry.ts";
import { type ChoiceResult, type LineChoice, openChoice, pressInChoice } from "../search/line-choice.ts";
import type { KeyEvent, MouseEvent, PressEvent } from "../../input/keys/key-event.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { openSearch, pressInSearch, type SearchResult, type SearchState } from "../search/search.ts";
import { hideWire, pressOnWire, turnWire, wireTakesKeys } from "./screen-wire.ts";
import { type LanPress, pressInLan } from "../overlays/lan-list.ts";
import { scrollbackOf, withAnchor } from "./screen-anchor.ts";
import { scroll, searchedView, settled } from "./screen-scroll.ts";
import { pressOnTour, type ShownTour } from "./screen-tour.ts";
import type { Question } from "../overlays/question.ts";
import { calmed, withHint } from "./screen-hint.ts";
import { answer } from "./screen-question.ts";
import { tabAt } from "../bars/tab-positions.ts";
import type { WireArea } from "../wire/wire-areas.ts";
import { firstWireState, type WireState } from "../wire/wire-state.ts";
import type { TourWork } from "../../tour/tour-steps.ts";

/** Rows that one notch of the wheel scrolls. */
const wheelRows = 3;

export interface ScreenState {
  readonly overlay: "none" | "help" | "lan" | "tour";
  readonly overlayFromLine: number;
  /** The row of the local network that is chosen, by its key; undefined: the first. */
  readonly lanSelected: string | undefined;
  /** There while the overlay is the walk. */
  readonly tour: ShownTour | undefined;
  readonly anchors: Readonly<Record<TransportName, ScrollAnchor>>;
  /** Ctrl-C was pressed on an empty line: the next one quits. */
  readonly quitArmed: boolean;
  /** duet's word on the last key, on the status line until the next one; clean. */
  readonly hint: string | undefined;
  /** A line was sent by the last key, when this entry was the newest (0: there was none); undefined: none was. */
  readonly sentAfter: EntryId | 0 | undefined;
  /** Open, it has the composer's place and its keys. */
  readonly search: SearchState | undefined;
  /** A line of the conversation is chosen; that has the composer's place and its keys, too. */
  readonly choice: LineChoice | undefined;
  /** What was looked for last. */
  readonly searchedTerm: string;
  /** A question that waits for y or n, in the composer's place. */
  readonly question: Question | undefined;
  /** The terminal reports the mouse to us. */
  readonly mouse: boolean;
  readonly wire: WireState;
}

export const firstScreenState: ScreenState = {
  overlay: "none",
  overlayFromLine: 0,
  lanSelected: undefined,
  tour: undefined,
  anchors: { tcp: "newest", udp: "newest" },
  quitArmed: false,
  hint: undefined,
  sentAfter: undefined,
  search: undefined,
  choice: undefined,
  searchedTerm: "",
  question: undefined,
  mouse: false,
  wire: firstWireState,
};

export type ScreenAction =
  | { readonly type: "switch"; readonly to: TransportName }
  /** The next one, or the one before, to speak to alone. */
  | { readonly type: "address"; readonly step: 1 | -1 }
  | { readonly type: "redraw" }
  | { readonly type: "suspend" }
  /** Keep calls again, or none for now. */
  | { readonly type: "pause-wire" }
  /** The duet of the local network that has this key. */
  | { readonly type: "join"; readonly key: string }
  /** A step of the walk was begun. */
  | { readonly type: "tour"; readonly work: TourWork }
  /** A question that was answered with yes. */
  | Question
  | { readonly type: "resend"; readonly entryId: EntryId }
  | { readonly type: "quit" };

/** What a key acts on: the chat as drawn, and the conversation's place on the screen. */
export interface ScreenView {
  readonly model: ScreenModel;
  readonly shape: ConversationShape;
  /** Width of the whole screen, which an overlay takes. */
  readonly columns: number;
  /** Where the wire is, when it is shown. */
  readonly panel: WireArea;
}

export interface ScreenResult {
  readonly state: ScreenState;
  readonly action?: ScreenAction;
}

/** Its keys are not the composer's now. */
export function takesKeys(state: ScreenState): boolean {
  const { search: searched, question, choice, overlay } = state;
  const isAsking = searched !== undefined || question !== undefined || choice !== undefined;
  return isAsking || keyOverlays.has(overlay) || wireTakesKeys(state);
}

const keyOverlays: ReadonlySet<ScreenState["overlay"]> = new Set(["lan", "tour"]);

/** The state after an event that the composer left unused, or that is not the composer's now. */
export function pressOnScreen(state: ScreenState, event: KeyEvent, view: ScreenView): ScreenResult {
  if (state.question !== undefined) return answer(state, state.question, event, view);
  if (state.search?.transport === view.model.active) {
    const found = pressInSearch(state.search, event, searchedView(state, view));
    if (found.used) return { state: withSearch(calmed(state), view, found) };
  } else if (wireTakesKeys(state)) {
    const pressed = pressOnWire(calmed(state), event, view);
    if (pressed !== undefined) return { state: pressed };
  }
  if (state.overlay === "lan" && view.model.lan !== undefined) {
    const pressed = pressInLan(view.model.lan, state.lanSelected, event, view.shape.rows - 1);
    if (pressed.used) return withLan(calmed(state), pressed);
  }
  if (state.choice?.transport === view.model.active) {
    const { used, ...chosen } = pressInChoice(state.choice, event, searchedView(state, view));
    if (used) return withChoice(calmed(state), view, chosen);
  }
  const onTour = pressOnTour(calmed(state), event, view.columns, view.shape.rows);
  return onTour ?? pressUnused(state, event, view);
}

function withLan(state: ScreenState, { selected, joins, closes }: LanPress): ScreenResult {
  const next = closes === true ? closeOverlay(state) : { ...state, lanSelected: selected };
  return joins === undefined ? { state: next } : { state: next, action: { type: "join", key: joins } };
}

function pressUnused(state: ScreenState, event: KeyEvent, view: ScreenView): ScreenResult {
  if (event.type === "mouse") return pressMouse(state, event, view);
  if (event.type !== "key") return { state };
  const calm = calmed(state);
  if (event.ctrl && event.alt) return { state: calm };
  if (event.ctrl) return pressWithCtrl(state, calm, event, view);
  if (event.alt && event.name === "l") return chooseLine(calm, view);
  if (event.alt) return pressWithAlt(calm, event);
  if (event.shift && (event.name === "up" || event.name === "down"))
    return { state: scroll(calm, view, event.name === "up" ? -1 : 1) };
  switch (event.name) {
    case "f1":
      return { state: calm.overlay === "help" ? closeOverlay(calm) : showHelp(calm) };
    case "f2":
      return { state: turnWire(closeOverlay(calm), view) };
    case "f3":
      return calm.wire.shown ? { state: calm, action: { type: "pause-wire" } } : { state: calm };
    case "escape":
      return { state: calm.overlay === "none" ? hideWire(calm, view) : { ...calm, overlay: "none" } };
    case "page-up":
      return { state: scroll(calm, view, -(view.shape.rows - 1)) };
    case "page-down":
      return { state: scroll(calm, view, view.shape.rows - 1) };
    default:
      return { state: calm };
  }
}

function pressWithCtrl(
  state: ScreenState,
  calm: ScreenState,
  event: PressEvent,
  view: ScreenView,
): ScreenResult {
  switch (event.name) {
    case "c":
      if (state.quitArmed) return { state, action: { type: "quit" } };
      return { state: { ...calm, quitArmed: true, hint: "Ctrl-C again quits" } };
    case "d":
      return { state: withHint(calm, "/quit leaves, /shutdown sends FIN") };
    case "t":
      return {
        state: closeOverlay(calm),
        action: { type: "switch", to: view.model.active === "tcp" ? "udp" : "tcp" },
      };
    case "l":
      return { state: calm, action: { type: "redraw" } };
    case "r":
      return { state: search(calm, view, "") };
    case "z":
      return { state: calm, action: { type: "suspend" } };
    case "home":
      if (calm.overlay === "help") return { state: { ...calm, overlayFromLine: 0 } };
      return {
        state: withAnchor(
          calm,
          view,
          scrollToTop(scrollbackOf(view), view.shape, state.anchors[view.model.active]),
        ),
      };
    case "end":
      if (calm.overlay === "help") return { state: scroll(calm, view, Number.MAX_SAFE_INTEGER) };
      return { state: withAnchor(calm, view, "newest") };
    default:
      return { state: calm };
  }
}

function pressWithAlt(calm: ScreenState, event: PressEvent): ScreenResult {
  if (event.name === "1") return { state: closeOverlay(calm), action: { type: "switch", to: "tcp" } };
  if (event.name === "2") return { state: closeOverlay(calm), action: { type: "switch", to: "udp" } };
  if (event.name === "down") return { state: calm, action: { type: "address", step: 1 } };
  if (event.name === "up") return { state: calm, action: { type: "address", step: -1 } };
  return { state: calm };
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

function chooseLine(state: ScreenState, view: ScreenView): ScreenResult {
  const opened = openChoice(searchedView(state, view));
  if (opened.choice === undefined) return { state: withHint(state, "nobody has said anything yet") };
  return withChoice(closeOverlay(state), view, opened);
}

function withChoice(
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
function withSearch(
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

/** The wheel scrolls what is shown, a press on a tab goes there. */
function pressMouse(state: ScreenState, event: MouseEvent, view: ScreenView): ScreenResult {
  if (event.action === "wheel-up") return { state: scroll(state, view, -wheelRows, event.column) };
  if (event.action === "wheel-down") return { state: scroll(state, view, wheelRows, event.column) };
  if (event.action !== "press" || event.button !== 0 || event.row !== 0) return { state };
  const to = tabAt(view.model, view.columns, event.column);
  if (to === undefined || to === view.model.active) return { state };
  return { state: closeOverlay(calmed(state)), action: { type: "switch", to } };
}

/** What a line that was sent does: help goes away and the newest line is in sight. */
export function afterSubmit(state: ScreenState, view: ScreenView): ScreenState {
  const scrollback = scrollbackOf(view);
  const sentAfter = scrollback.at(scrollback.length - 1)?.id ?? 0;
  const anchors = { ...state.anchors, [view.model.active]: "newest" };
  return { ...closeOverlay(calmed(state)), anchors, sentAfter };
}

/** What lies over the conversation, or goes on in it, ends where another is looked at. */
function closeOverlay(state: ScreenState): ScreenState {
  if (state.overlay === "none" && state.search === undefined && state.choice === undefined) return state;
  return { ...state, overlay: "none", tour: undefined, search: undefined, choice: undefined };
}
