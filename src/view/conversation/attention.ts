/**
 * What came while nobody looked: how many lines, and whether one of them is worth a call. It keeps what it has seen; it
 * has no clock, rings no bell and draws nothing.
 */

import type { Entry, EntryId, MessageEntry } from "../../chat/log/entry.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { mentions } from "./mentions.ts";

/** A person is called once in so long, however often they are spoken of. */
export const callIntervalMs = 10_000;
/** Lines that grow and are looked at again. */
const growingMax = 64;

/** A line for us. Its text is as it came. */
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

  /** Lines of others on the shown tab since the terminal lost the focus. A terminal that tells no focus has it. */
  get unseen(): number {
    return this.#unseen;
  }

  setFocus(focused: boolean): void {
    this.#focused = focused;
    if (focused) this.#unseen = 0;
  }

  /** Takes in what is new in the model; a call when one is due. */
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

  /** Our name may stand in what a line has grown by. */
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
