/**
 * Sets the window's title, and alerts the person to mentions and private messages while nobody is looking at it.
 * view/conversation/alerts.ts decides which messages are alerts.
 */

import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import { Alerts, type Alert } from "../../view/conversation/alerts.ts";
import { formatWindowTitle } from "../../view/bars/window-title.ts";
import { formatNotification, hasBell, hasNotification } from "./notification-sequence.ts";
import type { BellChoice } from "../options/option-values.ts";
import { type PaceClock, PacedStore, realClock } from "./paced-store.ts";

/** Nobody can read a title that changes more often than this. */
const titleIntervalMs = 250;

/** The part of the terminal that the notifier uses. */
interface NotifiedTerminal {
  setTitle(title: string): void;
  ringBell(): void;
  /** Shows a desktop notification of clean text. */
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
  readonly #alerts: Alerts;
  readonly #title: PacedStore<string>;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#alerts = new Alerts(this.#clock.nowMs());
    const read = (): string => formatWindowTitle(options.read(), this.#alerts.unseen);
    this.#title = new PacedStore({ read, intervalMs: titleIntervalMs, clock: this.#clock });
    this.#title.subscribe(() => options.terminal().setTitle(this.#title.read()));
  }

  readonly onModelChange = (): void => {
    const alert = this.#alerts.takeAlert(this.#options.read(), this.#clock.nowMs());
    if (alert !== undefined) this.#notify(alert);
    this.#title.notify();
  };

  setFocused(isFocused: boolean): void {
    this.#alerts.setFocused(isFocused);
    this.#title.notify();
  }

  /** The person pressed a key. */
  onKey(): void {
    const { unseen } = this.#alerts;
    this.#alerts.onKey(this.#clock.nowMs());
    if (unseen !== this.#alerts.unseen) this.#title.notify();
  }

  #notify(alert: Alert): void {
    const { bell } = this.#options;
    const terminal = this.#options.terminal();
    if (hasBell(bell)) terminal.ringBell();
    if (hasNotification(bell)) terminal.notify(formatNotification(alert, this.#options.read().words));
  }
}
