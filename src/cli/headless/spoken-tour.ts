/**
 * The walk in plain lines: its words are read, an empty line goes on, and each call is told as it returns. Whatever else is
 * typed goes to the chat as ever.
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

/** Nothing is out of sight. */
const room = { textLines: 1, textRows: 1 };

interface Open {
  readonly words: TourWords;
  readonly sockets: TourSockets;
}

export class SpokenTour {
  readonly #language: Language;
  readonly #words: SpokenWords;
  readonly #say: (text: string) => void;
  #open: Open | undefined;
  #tour: TourState = firstTourState;
  readonly #untold: string[] = [];

  constructor(language: Language, words: SpokenWords, say: (text: string) => void) {
    this.#language = language;
    this.#words = words;
    this.#say = say;
  }

  /** Begins the walk, from its first step. */
  async open(): Promise<void> {
    const [words, { TourSockets }] = await Promise.all([
      loadTourWords(this.#language),
      import("../../session/tour-sockets.ts"),
    ]);
    this.close();
    this.#tour = firstTourState;
    this.#open = { words, sockets: new TourSockets((event) => this.#heard(event)) };
    this.#tellStep();
    this.#say(`${this.#words.tourKeys}\n`);
  }

  /** Whether a typed line was the walk's. */
  take(line: string): boolean {
    if (this.#open === undefined || (line !== "" && line !== "q")) return false;
    const { shown } = this.#tour;
    const key = line === "q" ? "escape" : "enter";
    const { tour, work, isLeft } = pressInTour(this.#tour, pressKey(key), room);
    this.#tour = tour;
    if (isLeft === true) {
      this.close();
      this.#say(`${this.#words.tourOver}\n`);
    } else if (work !== undefined) this.#open.sockets.perform(work);
    else if (tour.shown !== shown) this.#tellStep();
    return true;
  }

  /** Its sockets are closed, whatever step it was at. */
  close(): void {
    this.#open?.sockets.close();
    this.#open = undefined;
    this.#untold.length = 0;
  }

  /** What a step's calls did is told after the step's own words, which wait for the calls. */
  #heard(event: TourEvent): void {
    const { shown } = this.#tour;
    this.#tour = applySocketEvent(this.#tour, event);
    this.#untold.push(...this.#linesOf(event));
    if (this.#tour.shown !== shown) this.#tellStep();
    if (!this.#tour.isBusy) for (const line of this.#untold.splice(0)) this.#say(line);
  }

  #linesOf(event: TourEvent): readonly string[] {
    if (this.#open === undefined) return [];
    const { words } = this.#open;
    const { colon } = this.#words;
    const told = (end: TourEnd, text: string): string => `${words.ends[end]}${colon}${text}\n`;
    switch (event.type) {
      case "called":
        return [told(event.end, formatCall(event.called, words).replace(" → ", colon))];
      case "received":
        return [told(event.end, formatPayload(event.bytes))];
      case "kernel":
        return (["server", "client"] as const).flatMap((end) => {
          const seen = event.states[end];
          return seen === undefined ? [] : told(end, words.kernel(seen.state, seen.unreadBytes));
        });
      case "dropped":
      case "time-over":
        return [];
    }
  }

  #tellStep(): void {
    if (this.#open === undefined) return;
    const { title, text } = this.#open.words.steps[getShownStep(this.#tour).id];
    this.#say(`${title}${this.#words.stop}${text(collectFacts(this.#tour))}\n`);
  }
}
