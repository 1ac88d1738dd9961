/**
 * Keeps the window's title, and calls a person who looks elsewhere when a line is for them. What is worth a call is
 * decided in view/conversation/alerts.ts, and what is said in notification-sequence.ts; here is the clock.
 */

import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { Alerts, type Alert } from "../../view/conversation/alerts.ts";
import { formatWindowTitle } from "../../view/bars/window-title.ts";
import { notificationText, notifies, rings } from "./notification-sequence.ts";
import type { BellChoice } from "../options/option-values.ts";
import { type PaceClock, PacedStore, realClock } from "./paced-store.ts";

/** A title that changes more often than this is read by nobody. */
const titleIntervalMs = 250;

/** The part of the terminal that calls. */
interface NotifiedTerminal {
  setTitle(title: string): void;
  ringBell(): void;
  /** A notification of the desktop; clean text. */
  notify(text: string): void;
}

interface NotifierOptions {
  readonly read: () => ScreenModel;
  readonly terminal: () => NotifiedTerminal;
  readonly bell: BellChoice;
  readonly clock?: PaceClock;
}

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #clock: PaceClock;
  readonly #attention = new Alerts();
  readonly #title: PacedStore<string>;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    const read = (): string => formatWindowTitle(options.read(), this.#attention.unseen);
    this.#title = new PacedStore({ read, intervalMs: titleIntervalMs, clock: this.#clock });
    this.#title.subscribe(() => options.terminal().setTitle(this.#title.read()));
  }

  /** The model has changed. */
  readonly look = (): void => {
    const call = this.#attention.takeAlert(this.#options.read(), this.#clock.nowMs());
    if (call !== undefined) this.#call(call);
    this.#title.notify();
  };

  setFocus(focused: boolean): void {
    this.#attention.setFocused(focused);
    this.#title.notify();
  }

  #call(call: Alert): void {
    const { bell } = this.#options;
    const terminal = this.#options.terminal();
    if (rings(bell)) terminal.ringBell();
    if (notifies(bell)) terminal.notify(notificationText(call, this.#options.read().words));
  }
}
