/** Maps a key or mouse event that the composer did not use or did not get to a new screen state and an action. Pure. */

import { scrollToTop } from "../conversation/conversation-rows.ts";
import { pressInChoice } from "../search/line-choice.ts";
import type { KeyEvent, PressEvent } from "../../input/keys/key-event.ts";
import { pressInSearch } from "../search/search.ts";
import { hideWire, pressOnWire, cycleWirePanel, isWireFocused } from "./screen-wire.ts";
import { pressInLan } from "../overlays/lan-list.ts";
import { getScrollback, setAnchor } from "./screen-anchor.ts";
import { scroll, getSearchedView } from "./screen-scroll.ts";
import { pressOnTour } from "./screen-tour.ts";
import { panelFromColumns } from "./screen-areas.ts";
import { clearHint, showHint } from "./screen-hint.ts";
import { pressMouse } from "./screen-mouse.ts";
import { pressInPassword } from "./screen-password.ts";
import { answer } from "./screen-question.ts";
import {
  applyLan,
  showHelp,
  startSearch,
  startChoice,
  applyChoice,
  applySearch,
  closeOverlay,
} from "./screen-overlays.ts";
import type { ScreenState, ScreenView, ScreenResult } from "./screen-state.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** True while keys go to the screen instead of the composer. */
export function isTakingKeys(state: ScreenState): boolean {
  const { search: searched, question, password, choice, overlay } = state;
  const isAsking = [searched, question, password, choice].some((one) => one !== undefined);
  return isAsking || keyOverlays.has(overlay) || isWireFocused(state);
}

const keyOverlays: ReadonlySet<ScreenState["overlay"]> = new Set(["lan", "tour"]);

/**
 * Handles an event that the composer did not use, or does not get at present. `isAlone`: no other event was read with
 * it.
 */
export function pressOnScreen(
  state: ScreenState,
  event: KeyEvent,
  view: ScreenView,
  isAlone = true,
): ScreenResult {
  if (state.password !== undefined) {
    const pressed = pressInPassword(state, state.password, event);
    return pressed ?? pressScreenKey(state, event, view);
  }
  if (state.question !== undefined) return answer(state, state.question, event, view, isAlone);
  if (state.search?.transport === view.model.active) {
    const found = pressInSearch(state.search, event, getSearchedView(state, view));
    if (found.isUsed) return { state: applySearch(clearHint(state), view, found) };
  } else if (isWireFocused(state)) {
    const pressed = pressOnWire(clearHint(state), event, view);
    if (pressed !== undefined) return { state: pressed };
  }
  if (state.overlay === "lan" && view.model.lan !== undefined) {
    const pressed = pressInLan(view.model.lan, state.lanSelected, event, view.shape.rows - 1);
    if (pressed.isUsed) return applyLan(clearHint(state), pressed);
  }
  if (state.choice?.transport === view.model.active) {
    const { isUsed, ...chosen } = pressInChoice(state.choice, event, getSearchedView(state, view));
    if (isUsed) return applyChoice(clearHint(state), view, chosen);
  }
  const onTour = pressOnTour(clearHint(state), event, view.columns, view.shape.rows);
  return onTour ?? pressScreenKey(state, event, view);
}

function pressScreenKey(state: ScreenState, event: KeyEvent, view: ScreenView): ScreenResult {
  if (event.type === "mouse") return pressMouse(state, event, view);
  if (event.type !== "key") return { state };
  const calm = clearHint(state);
  if (event.ctrl && event.alt) return { state: calm };
  if (event.ctrl) return pressWithCtrl(state, calm, event, view);
  if (event.alt && event.name === "l") return startChoice(calm, view);
  if (event.alt) return pressWithAlt(calm, event);
  if (event.shift && (event.name === "up" || event.name === "down"))
    return { state: scroll(calm, view, event.name === "up" ? -1 : 1) };
  switch (event.name) {
    case "f1":
      return { state: calm.overlay === "help" ? closeOverlay(calm) : showHelp(calm) };
    case "f2":
      return { state: cycleWirePanel(closeOverlay(calm), view) };
    case "f3":
      return calm.wire.isShown ? { state: calm, action: { type: "pause-wire" } } : { state: calm };
    case "f4":
      return { state: togglePeers(calm, view.columns) };
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

/** A screen without room for the panel has none to hide. */
function togglePeers(calm: ScreenState, columns: number): ScreenState {
  if (columns < panelFromColumns)
    return showHint(calm, sentence("peers-need-columns", { columns: panelFromColumns }));
  const arePeersHidden = !calm.arePeersHidden;
  const toggled = { ...calm, arePeersHidden };
  return arePeersHidden ? showHint(toggled, sentence("peers-hidden")) : toggled;
}

function pressWithCtrl(
  state: ScreenState,
  calm: ScreenState,
  event: PressEvent,
  view: ScreenView,
): ScreenResult {
  switch (event.name) {
    case "c":
      if (state.isQuitArmed) return { state, action: { type: "quit" } };
      return { state: { ...calm, isQuitArmed: true, hint: sentence("ctrl-c-quits") } };
    case "d":
      return { state: showHint(calm, sentence("quit-or-shutdown")) };
    case "t":
      return {
        state: closeOverlay(calm),
        action: { type: "switch", to: view.model.active === "tcp" ? "udp" : "tcp" },
      };
    case "l":
      return { state: calm, action: { type: "redraw" } };
    case "r":
      return { state: startSearch(calm, view, "") };
    case "z":
      return { state: calm, action: { type: "suspend" } };
    case "home":
      if (calm.overlay === "help") return { state: { ...calm, overlayFromLine: 0 } };
      return {
        state: setAnchor(
          calm,
          view,
          scrollToTop(getScrollback(view), view.shape, state.anchors[view.model.active]),
        ),
      };
    case "end":
      if (calm.overlay === "help") return { state: scroll(calm, view, Number.MAX_SAFE_INTEGER) };
      return { state: setAnchor(calm, view, "newest") };
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
