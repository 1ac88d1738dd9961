/**
 * The walk in plain lines: its words are read, an empty line goes on, and each call is told as it returns. Whatever else is
 * typed goes to the chat as ever.
 */

import { pressKey } from "../input/key-event.ts";
import type { TourSockets } from "../tour-sockets.ts";
import {
  firstTourState,
  heardOnTour,
  pressInTour,
  shownStep,
  type TourEvent,
  type TourState,
} from "../tour/tour-state.ts";
import { callText, payloadText, tourFacts } from "../view/tour-panes.ts";
import type { Language } from "../words/language.ts";
import { loadTourWords } from "../words/load-words.ts";
import type { TourWords } from "../words/tour-words.ts";
import type { SpokenWords } from "../words/words.ts";

/** Nothing is out of sight. */
const room = { wordLines: 1, wordRows: 1 };

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

  constructor(language: Language, words: SpokenWords, say: (text: string) => void) {
    this.#language = language;
    this.#words = words;
    this.#say = say;
  }

  /** Begins the walk, from its first step. */
  async open(): Promise<void> {
    const [words, { TourSockets }] = await Promise.all([
      loadTourWords(this.#language),
      import("../tour-sockets.ts"),
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
    const { tour, work, leaves } = pressInTour(this.#tour, pressKey(key), room);
    this.#tour = tour;
    if (leaves === true) {
      this.close();
      this.#say(`${this.#words.tourOver}\n`);
    } else if (work !== undefined) this.#open.sockets.carryOut(work);
    else if (tour.shown !== shown) this.#tellStep();
    return true;
  }

  /** Its sockets are closed, whatever step it was at. */
  close(): void {
    this.#open?.sockets.close();
    this.#open = undefined;
  }

  #heard(event: TourEvent): void {
    const { shown } = this.#tour;
    this.#tour = heardOnTour(this.#tour, event);
    this.#tellEvent(event);
    if (this.#tour.shown !== shown) this.#tellStep();
  }

  #tellEvent(event: TourEvent): void {
    if (this.#open === undefined) return;
    const { ends, kernel } = this.#open.words;
    const { colon } = this.#words;
    if (event.type === "called")
      this.#say(
        `${ends[event.end]}${colon}${callText(event.called, this.#open.words).replace(" → ", colon)}\n`,
      );
    if (event.type === "received") this.#say(`${ends[event.end]}${colon}${payloadText(event.bytes)}\n`);
    if (event.type !== "kernel") return;
    for (const end of ["server", "client"] as const) {
      const seen = event.seen[end];
      if (seen !== undefined) this.#say(`${ends[end]}${colon}${kernel(seen.state, seen.unreadBytes)}\n`);
    }
  }

  #tellStep(): void {
    if (this.#open === undefined) return;
    const { title, text } = this.#open.words.steps[shownStep(this.#tour).id];
    this.#say(`${title}${this.#words.stop}${text(tourFacts(this.#tour))}\n`);
  }
}
