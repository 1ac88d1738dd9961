/**
 * Counts the messages received while nobody is looking, and decides when the person is alerted: for a private message or a
 * mention. It rings no bell and draws nothing.
 */

import type { Entry, EntryId, MessageEntry } from "../../chat/log/entry.ts";
import type { ScreenModel } from "../../chat/screen/screen-model.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { hasMention } from "./mentions.ts";

/** At most one alert in this interval, however often the person is mentioned. */
export const alertIntervalMs = 10_000;
/** Where the focus is unknown, a person who pressed a key within this time is taken to be looking. */
export const keyRecentMs = 30_000;
/** Messages whose text still grows: they are checked again after each change. */
const growingMax = 64;

/** A message that the person is alerted to. Its text is as received, not cleaned. */
export interface Alert {
  readonly name: string;
  readonly text: string;
  readonly isPrivate: boolean;
}

/** `unknown`: the terminal has reported no focus yet; some never do, as tmux by default. */
type Focus = "focused" | "unfocused" | "unknown";

export class Alerts {
  #focus: Focus = "unknown";
  #keyMs: number;
  #unseen = 0;
  #alertedMs = Number.NEGATIVE_INFINITY;
  /** The newest entry of either tab: ids ascend over both. */
  #newestSeen = 0;
  readonly #growing = new Map<EntryId, TransportName>();

  /** `nowMs`: the start counts as a key. */
  constructor(nowMs: number) {
    this.#keyMs = nowMs;
  }

  /** Messages received in the shown conversation since the person looked last. */
  get unseen(): number {
    return this.#unseen;
  }

  setFocused(focused: boolean): void {
    this.#focus = focused ? "focused" : "unfocused";
    if (focused) this.#unseen = 0;
  }

  /** The person pressed a key, which says where the focus is if the terminal does not. */
  onKey(nowMs: number): void {
    this.#keyMs = nowMs;
    if (this.#focus === "unknown") this.#unseen = 0;
  }

  #isLooking(nowMs: number): boolean {
    if (this.#focus === "unknown") return nowMs - this.#keyMs < keyRecentMs;
    return this.#focus === "focused";
  }

  /**
   * Reads the new entries of the model. Returns the newest message worth an alert, unless the last alert was too
   * recent.
   */
  takeAlert(model: ScreenModel, nowMs: number): Alert | undefined {
    const found = this.#isLooking(nowMs) ? this.#skip() : this.#findNewest(model);
    this.#newestSeen = Math.max(this.#newestSeen, findNewestId(model, "tcp"), findNewestId(model, "udp"));
    if (found === undefined || nowMs - this.#alertedMs < alertIntervalMs) return undefined;
    this.#alertedMs = nowMs;
    return { name: found.name, text: found.text, isPrivate: found.privateWith !== undefined };
  }

  #findNewest(model: ScreenModel): MessageEntry | undefined {
    return [
      ...this.#recheckGrowing(model),
      // Both tabs may show one conversation, which is read once.
      ...(model.scrollback.tcp === model.scrollback.udp ? [] : this.#readNew(model, getOtherTab(model))),
      ...this.#readNew(model, model.active),
    ].at(-1);
  }

  /** The person sees all that is new. */
  #skip(): undefined {
    this.#growing.clear();
  }

  #readNew(model: ScreenModel, transport: TransportName): readonly MessageEntry[] {
    const scrollback = model.scrollback[transport];
    const from = this.#newestSeen;
    const found: MessageEntry[] = [];
    for (let index = scrollback.length - 1; index >= 0; index -= 1) {
      const entry = scrollback.at(index);
      if (entry === undefined || entry.id <= from) break;
      if (!isReceived(entry)) continue;
      if (transport === model.active) this.#unseen += 1;
      if (isForPerson(entry, model.name)) found.unshift(entry);
      else if (entry.growing && this.#growing.size < growingMax) this.#growing.set(entry.id, transport);
    }
    return found;
  }

  /** The text that was added to a growing message may mention the person. */
  #recheckGrowing(model: ScreenModel): readonly MessageEntry[] {
    const found: MessageEntry[] = [];
    for (const [id, transport] of this.#growing) {
      const scrollback = model.scrollback[transport];
      const entry = scrollback.at(scrollback.indexOf(id));
      const isHere = entry?.id === id && isReceived(entry);
      const isFound = isHere && isForPerson(entry, model.name);
      if (isFound) found.push(entry);
      if (!isHere || isFound || !entry.growing) this.#growing.delete(id);
    }
    return found;
  }
}

function getOtherTab({ active }: ScreenModel): TransportName {
  return active === "tcp" ? "udp" : "tcp";
}

function findNewestId({ scrollback }: ScreenModel, transport: TransportName): number {
  return scrollback[transport].at(scrollback[transport].length - 1)?.id ?? 0;
}

function isReceived(entry: Entry): entry is MessageEntry {
  return entry.kind === "message" && entry.direction === "in";
}

function isForPerson(entry: MessageEntry, name: string): boolean {
  return entry.privateWith !== undefined || hasMention(entry.text, name);
}
