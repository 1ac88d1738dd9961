/**
 * The walk of a screen: joins its sockets to what the screen shows, for as long as it shows them. Words and sockets are
 * loaded when the walk is first asked for, for most duets never are.
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

  /** `onCovered` hears when the walk covers the conversation, and when it does so no more. */
  constructor(
    screen: ImmediateStore<ScreenState>,
    language: Language,
    onCovered: (covered: boolean) => void,
  ) {
    this.#screen = screen;
    this.#language = language;
    let wasShown = false;
    screen.subscribe(() => {
      const isShown = screen.read().tour !== undefined;
      if (isShown === wasShown) return;
      wasShown = isShown;
      if (!isShown) this.close();
      onCovered(isShown);
    });
  }

  /** Begins the walk. */
  async open(): Promise<void> {
    const [words, { TourSockets }] = await Promise.all([
      loadTourWords(this.#language),
      import("../../session/tour-sockets.ts"),
    ]);
    this.close();
    this.#sockets = new TourSockets((event) => this.#screen.set(applyTourEvent(this.#screen.read(), event)));
    this.#screen.set(showTour(this.#screen.read(), words));
  }

  /** Makes the calls of the step that was begun. */
  carryOut(work: TourWork): void {
    this.#sockets?.perform(work);
  }

  /** Its sockets are closed, whatever step it was at. */
  close(): void {
    this.#sockets?.close();
    this.#sockets = undefined;
  }
}
