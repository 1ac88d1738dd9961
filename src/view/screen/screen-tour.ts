/** The tour on the screen: starts and leaves it, and passes it keys and socket events. Pure. */

import type { KeyEvent } from "../../input/keys/key-event.ts";
import { firstTourState, applySocketEvent, pressInTour, type TourEvent } from "../../tour/tour-state.ts";
import { tourSteps } from "../../tour/tour-steps.ts";
import type { TourWords } from "../../words/tables/tour-words.ts";
import type { Forms } from "../../words/tables/words.ts";
import type { ScreenResult, ScreenState, ShownTour } from "./screen-state.ts";
import { layoutTour } from "../overlays/tour-lines.ts";

/** Starts the tour at its first step. */
export function showTour(state: ScreenState, words: TourWords): ScreenState {
  const shown = { tour: firstTourState, words };
  return { ...state, hint: undefined, search: undefined, overlay: "tour", tour: shown };
}

/**
 * Passes a key to the tour. Undefined: no tour is shown, or the key is for the screen. `height` is the conversation's.
 */
export function pressOnTour(
  state: ScreenState,
  event: KeyEvent,
  columns: number,
  height: number,
): ScreenResult | undefined {
  if (state.overlay !== "tour" || state.tour === undefined) return undefined;
  const { tour, words } = state.tour;
  const { area } = layoutTour(tour, words, columns - 2, height);
  const pressed = pressInTour(tour, event, area);
  if (!pressed.isUsed) return undefined;
  if (pressed.isLeft === true) return { state: hideTour(state) };
  const shown = { ...state, tour: { tour: pressed.tour, words } };
  return pressed.work === undefined
    ? { state: shown }
    : { state: shown, action: { type: "tour", work: pressed.work } };
}

/** Passes an event of the tour's sockets to it. Events after the tour was left are ignored. */
export function applyTourEvent(state: ScreenState, event: TourEvent): ScreenState {
  if (state.tour === undefined) return state;
  return { ...state, tour: { ...state.tour, tour: applySocketEvent(state.tour.tour, event) } };
}

/** The position in the tour, and the key hints, longest form first. */
export function getTourKeys({ tour, words }: ShownTour): { readonly title: string; readonly keys: Forms } {
  const isLast = tour.shown + 1 === tourSteps.length;
  return { title: words.place(tour.shown + 1, tourSteps.length), keys: isLast ? words.lastKeys : words.keys };
}

function hideTour(state: ScreenState): ScreenState {
  return { ...state, overlay: "none", tour: undefined };
}
