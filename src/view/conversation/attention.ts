/**
 * Counts the messages received while the terminal has no focus, and decides when the person is alerted: for a private
 * message or a mention. It rings no bell and draws nothing.
 */

import type { Entry, EntryId, MessageEntry } from "../../chat/log/entry.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { mentions } from "./mentions.ts";

/** At most one alert in this interval, however often the person is mentioned. */
export const callIntervalMs = 10_000;
/** Messages whose text still grows: they are checked again after each change. */
const growingMax = 64;

/** A message that the person is alerted to. Its text is as received, not cleaned. */
export interface Call {
  readonly name: string;
  readonly text: string;
  readonly isPrivate: boolean;
}

export class Attention {
  #focused = true;
  #unseen = 0;
  #calledMs = Number.NEGATIVE_INFINITY;
  readonly #newestSeen: Record<TransportName, number> = { tcp: 0, udp: 0 };
  readonly #growing = new Map<EntryId, TransportName>();

  /**
   * Messages received on the shown tab since the terminal lost the focus. A terminal that reports no focus counts as
   * focused.
   */
  get unseen(): number {
    return this.#unseen;
  }

  setFocus(focused: boolean): void {
    this.#focused = focused;
    if (focused) this.#unseen = 0;
  }

  /**
   * Reads the new entries of the model. Returns the newest message worth an alert, unless the last alert was too
   * recent.
   */
  look(model: ScreenModel, nowMs: number): Call | undefined {
    const found = [
      ...this.#lookAgain(model),
      ...this.#lookAt(model, "tcp"),
      ...this.#lookAt(model, "udp"),
    ].at(-1);
    if (found === undefined || nowMs - this.#calledMs < callIntervalMs) return undefined;
    this.#calledMs = nowMs;
    return { name: found.name, text: found.text, isPrivate: found.privateWith !== undefined };
  }

  #lookAt(model: ScreenModel, transport: TransportName): readonly MessageEntry[] {
    const scrollback = model.scrollback[transport];
    const from = this.#newestSeen[transport];
    this.#newestSeen[transport] = Math.max(from, scrollback.at(scrollback.length - 1)?.id ?? 0);
    if (this.#focused) return [];
    const found: MessageEntry[] = [];
    for (let index = scrollback.length - 1; index >= 0; index -= 1) {
      const entry = scrollback.at(index);
      if (entry === undefined || entry.id <= from) break;
      if (!isHeard(entry)) continue;
      if (transport === model.active) this.#unseen += 1;
      if (isForUs(entry, model.name)) found.unshift(entry);
      else if (entry.growing && this.#growing.size < growingMax) this.#growing.set(entry.id, transport);
    }
    return found;
  }

  /** The text that was added to a growing message may mention the person. */
  #lookAgain(model: ScreenModel): readonly MessageEntry[] {
    const found: MessageEntry[] = [];
    for (const [id, transport] of this.#growing) {
      const scrollback = model.scrollback[transport];
      const entry = scrollback.at(scrollback.indexOf(id));
      const isHere = entry?.id === id && isHeard(entry);
      const isFound = isHere && !this.#focused && isForUs(entry, model.name);
      if (isFound) found.push(entry);
      if (!isHere || isFound || !entry.growing || this.#focused) this.#growing.delete(id);
    }
    return found;
  }
}

function isHeard(entry: Entry): entry is MessageEntry {
  return entry.kind === "message" && entry.direction === "in";
}

function isForUs(entry: MessageEntry, name: string): boolean {
  return entry.privateWith !== undefined || mentions(entry.text, name);
}
