/**
 * What the screen itself remembers, beside the chat and the composer: the overlay, and where each conversation is
 * scrolled to. Pure: a key that the composer had no use for goes in, a state and what is to be done come out.
 */

import type { TransportName } from "../protocol/socket-event.ts";
import { type ConversationShape, type ScrollAnchor, scrollBy, scrollToTop } from "./conversation-rows.ts";
import { helpColumns, helpLines } from "./help-lines.ts";
import type { KeyEvent, PressEvent } from "../input/key-event.ts";
import type { ScreenModel } from "../chat/screen-model.ts";

export interface ScreenState {
  readonly overlay: "none" | "help";
  readonly overlayFromLine: number;
  readonly anchors: Readonly<Record<TransportName, ScrollAnchor>>;
  /** Ctrl-C was pressed on an empty line: the next one quits. */
  readonly quitArmed: boolean;
  /** duet's word on the last key, on the status line until the next one; clean. */
  readonly hint: string | undefined;
}

export const firstScreenState: ScreenState = {
  overlay: "none",
  overlayFromLine: 0,
  anchors: { tcp: "newest", udp: "newest" },
  quitArmed: false,
  hint: undefined,
};

export type ScreenAction =
  | { readonly type: "switch"; readonly to: TransportName }
  /** The next one, or the one before, to speak to alone. */
  | { readonly type: "address"; readonly step: 1 | -1 }
  | { readonly type: "redraw" }
  | { readonly type: "suspend" }
  | { readonly type: "quit" };

/** What a key acts on: the chat as drawn, and the conversation's place on the screen. */
export interface ScreenView {
  readonly model: ScreenModel;
  readonly shape: ConversationShape;
  /** Width of the whole screen, which an overlay takes. */
  readonly columns: number;
}

export interface ScreenResult {
  readonly state: ScreenState;
  readonly action?: ScreenAction;
}

/** The state after an event that the composer left unused. */
export function pressOnScreen(state: ScreenState, event: KeyEvent, view: ScreenView): ScreenResult {
  if (event.type !== "key") return { state };
  const calm = calmed(state);
  if (event.ctrl) return pressWithCtrl(state, calm, event, view);
  if (event.alt) return pressWithAlt(calm, event);
  switch (event.name) {
    case "f1":
      return { state: { ...calm, overlay: calm.overlay === "help" ? "none" : "help", overlayFromLine: 0 } };
    case "escape":
      return { state: { ...calm, overlay: "none" } };
    case "page-up":
      return { state: scroll(calm, view, -(view.shape.rows - 1)) };
    case "page-down":
      return { state: scroll(calm, view, view.shape.rows - 1) };
    case "up":
      return { state: event.shift ? scroll(calm, view, -1) : calm };
    case "down":
      return { state: event.shift ? scroll(calm, view, 1) : calm };
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
    case "z":
      return { state: calm, action: { type: "suspend" } };
    case "home":
      return { state: withAnchor(calm, view, scrollToTop(scrollbackOf(view), view.shape)) };
    case "end":
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

/** Another key came: what Ctrl-C and the hint were about is over. */
export function calmed(state: ScreenState): ScreenState {
  if (!state.quitArmed && state.hint === undefined) return state;
  return { ...state, quitArmed: false, hint: undefined };
}

/** Says something of the key just pressed, without a line in the conversation. */
export function withHint(state: ScreenState, hint: string): ScreenState {
  return { ...calmed(state), hint };
}

/** Shows the help, as /help does. */
export function showHelp(state: ScreenState): ScreenState {
  return { ...state, overlay: "help", overlayFromLine: 0 };
}

/** What a line that was sent does: help goes away and the newest line is in sight. */
export function afterSubmit(state: ScreenState, active: TransportName): ScreenState {
  return { ...closeOverlay(calmed(state)), anchors: { ...state.anchors, [active]: "newest" } };
}

function closeOverlay(state: ScreenState): ScreenState {
  return state.overlay === "none" ? state : { ...state, overlay: "none" };
}

function scroll(state: ScreenState, view: ScreenView, rows: number): ScreenState {
  if (state.overlay === "help") {
    const last = Math.max(0, helpLines(helpColumns(view.columns)).length - view.shape.rows);
    return { ...state, overlayFromLine: Math.max(0, Math.min(last, state.overlayFromLine + rows)) };
  }
  const anchor = scrollBy(scrollbackOf(view), view.shape, state.anchors[view.model.active], rows);
  return withAnchor(state, view, anchor);
}

function withAnchor(state: ScreenState, view: ScreenView, anchor: ScrollAnchor): ScreenState {
  return { ...state, anchors: { ...state.anchors, [view.model.active]: anchor } };
}

function scrollbackOf(view: ScreenView): ScreenModel["scrollback"]["tcp"] {
  return view.model.scrollback[view.model.active];
}
