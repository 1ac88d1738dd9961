/**
 * The tour in plain lines. Prints the text of each step and each socket call as it returns. An empty line shows the
 * next step, `q` ends the tour, and any other line is chat.
 */

import { pressKey } from "../../input/keys/key-event.ts";
import type { TourSockets } from "../../session/tour-sockets.ts";
import {
  firstTourState,
  applySocketEvent,
  pressInTour,
  getShownStep,
  type TourEvent,
  type TourState,
} from "../../tour/tour-state.ts";
import { formatCall, formatPayload, collectFacts } from "../../view/overlays/tour-panes.ts";
import type { Language } from "../../words/parts/language.ts";
import { loadTourWords } from "../../words/load-words.ts";
import type { TourEnd, TourWords } from "../../words/tables/tour-words.ts";
import type { SpokenWords } from "../../words/tables/words.ts";

/** Nothing needs scrolling. */
const textSize = { textLines: 1, textRows: 1 };

interface OpenTour {
  readonly words: TourWords;
  readonly sockets: TourSockets;
}

export class SpokenTour {
  readonly #language: Language;
  readonly #words: SpokenWords;
  readonly #write: (text: string) => void;
  #open: OpenTour | undefined;
  #tour: TourState = firstTourState;
  /** Lines about calls, to be written after the text of the step that made them. */
  readonly #pendingLines: string[] = [];

  constructor(language: Language, words: SpokenWords, write: (text: string) => void) {
    this.#language = language;
    this.#words = words;
    this.#write = write;
  }

  /** Starts the tour at its first step. */
  async open(): Promise<void> {
    const [words, { TourSockets }] = await Promise.all([
      loadTourWords(this.#language),
      import("../../session/tour-sockets.ts"),
    ]);
    this.close();
    this.#tour = firstTourState;
    this.#open = { words, sockets: new TourSockets((event) => this.#onTourEvent(event)) };
    this.#writeStep();
    this.#write(`${this.#words.tourKeys}\n`);
  }

  /** Handles a typed line. Returns false if the line is not for the tour. */
  handleLine(line: string): boolean {
    if (this.#open === undefined || (line !== "" && line !== "q")) return false;
    const { shown } = this.#tour;
    const key = line === "q" ? "escape" : "enter";
    const { tour, work, isLeft } = pressInTour(this.#tour, pressKey(key), textSize);
    this.#tour = tour;
    if (isLeft === true) {
      this.close();
      this.#write(`${this.#words.tourOver}\n`);
    } else if (work !== undefined) this.#open.sockets.perform(work);
    else if (tour.shown !== shown) this.#writeStep();
    return true;
  }

  /** Closes the tour's sockets at any step. */
  close(): void {
    this.#open?.sockets.close();
    this.#open = undefined;
    this.#pendingLines.length = 0;
  }

  #onTourEvent(event: TourEvent): void {
    const { shown } = this.#tour;
    this.#tour = applySocketEvent(this.#tour, event);
    this.#pendingLines.push(...this.#formatEvent(event));
    if (this.#tour.shown !== shown) this.#writeStep();
    if (!this.#tour.isBusy) for (const line of this.#pendingLines.splice(0)) this.#write(line);
  }

  #formatEvent(event: TourEvent): readonly string[] {
    if (this.#open === undefined) return [];
    const { words } = this.#open;
    const { colon } = this.#words;
    const formatLine = (end: TourEnd, text: string): string => `${words.ends[end]}${colon}${text}\n`;
    switch (event.type) {
      case "called":
        return [formatLine(event.end, formatCall(event.called, words).replace(" → ", colon))];
      case "received":
        return [formatLine(event.end, formatPayload(event.bytes))];
      case "kernel":
        return (["server", "client"] as const).flatMap((end) => {
          const kernel = event.states[end];
          return kernel === undefined ? [] : formatLine(end, words.kernel(kernel.state, kernel.unreadBytes));
        });
      case "dropped":
      case "time-over":
        return [];
    }
  }

  #writeStep(): void {
    if (this.#open === undefined) return;
    const { title, text } = this.#open.words.steps[getShownStep(this.#tour).id];
    this.#write(`${title}${this.#words.stop}${text(collectFacts(this.#tour))}\n`);
  }
}
