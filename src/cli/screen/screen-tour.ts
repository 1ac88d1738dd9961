/**
 * The tour on a screen: opens its sockets while the screen shows it, and applies their events to the screen's state.
 * Its sentences and sockets are loaded on demand, because most runs have no tour.
 */

import type { TourSockets } from "../../session/tour-sockets.ts";
import type { TourWork } from "../../tour/tour-steps.ts";
import { applyTourEvent, showTour } from "../../view/screen/screen-tour.ts";
import type { ScreenState } from "../../view/screen/screen-state.ts";
import type { Language } from "../../words/parts/language.ts";
import { loadTourWords } from "../../words/load-words.ts";
import type { ImmediateStore } from "../terminal/paced-store.ts";

export class ScreenTour {
  readonly #screen: ImmediateStore<ScreenState>;
  readonly #language: Language;
  #sockets: TourSockets | undefined;

  /** `setOverlayOpen` is called when the tour opens or closes above the conversation. */
  constructor(
    screen: ImmediateStore<ScreenState>,
    language: Language,
    setOverlayOpen: (isOpen: boolean) => void,
  ) {
    this.#screen = screen;
    this.#language = language;
    let wasShown = false;
    screen.subscribe(() => {
      const isShown = screen.read().tour !== undefined;
      if (isShown === wasShown) return;
      wasShown = isShown;
      if (!isShown) this.close();
      setOverlayOpen(isShown);
    });
  }

  /** Starts the tour at its first step. */
  async open(): Promise<void> {
    const [words, { TourSockets }] = await Promise.all([
      loadTourWords(this.#language),
      import("../../session/tour-sockets.ts"),
    ]);
    this.close();
    this.#sockets = new TourSockets((event) => this.#screen.set(applyTourEvent(this.#screen.read(), event)));
    this.#screen.set(showTour(this.#screen.read(), words));
  }

  /** Makes the socket calls of a step. */
  perform(work: TourWork): void {
    this.#sockets?.perform(work);
  }

  /** Closes the tour's sockets at any step. */
  close(): void {
    this.#sockets?.close();
    this.#sockets = undefined;
  }
}
