/**
 * The lines of one transport's conversation, oldest first, within a bound of lines and of text.
 * It knows no columns and no screen: how a line is wrapped is in conversation-rows.ts. Notices are kept in English and said
 * in the language of who reads when they are read: under flood most never are.
 */

import { scrollbackMaxLines, scrollbackMaxUnits } from "../../protocol/limits.ts";
import { type Say, asItIs } from "../../words/sentences.ts";
import { composedText } from "./composed.ts";
import type { Entry, NoticeEntry } from "./entry.ts";

/** A window onto a tab's scrollback: entries by index, oldest first. Entries dropped at the bound are counted, never shown. */
export interface ScrollbackModel {
  readonly length: number;
  /** Lines dropped at the old end since the start, or since it was cleared. */
  readonly dropped: number;
  /** The id of the last entry that was read before the person looked away; undefined: all has been read. */
  readonly unreadAfter?: number | undefined;
  at(index: number): Entry | undefined;
  /** The index of an entry, or of the oldest one when it was dropped meanwhile. */
  indexOf(id: number): number;
}

interface ScrollbackBounds {
  /** At least 1. */
  readonly lines: number;
  /** UTF-16 units of all text kept. The newest entry is kept even when it is larger alone. */
  readonly units: number;
}

const defaultScrollbackBounds: ScrollbackBounds = { lines: scrollbackMaxLines, units: scrollbackMaxUnits };

/** A ring: pushing costs the same at the first line and at the millionth, and copies nothing. */
export class Scrollback implements ScrollbackModel {
  unreadAfter: number | undefined;
  readonly #bounds: ScrollbackBounds;
  readonly #say: Say;
  readonly #said = new WeakMap<NoticeEntry, NoticeEntry>();
  readonly #slots: (Entry | undefined)[] = [];
  /** What each slot was counted with, for an entry may grow afterwards. */
  readonly #slotUnits: number[] = [];
  #oldest = 0;
  #length = 0;
  #units = 0;
  #dropped = 0;

  /** `say`: how notices are told to who reads; the same each time. */
  constructor(bounds: ScrollbackBounds = defaultScrollbackBounds, say: Say = asItIs) {
    this.#bounds = bounds;
    this.#say = say;
  }

  get length(): number {
    return this.#length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** UTF-16 units of the text kept. */
  get units(): number {
    return this.#units;
  }

  /** Adds the newest entry: its id must be larger than all before. Drops the oldest ones at the bound. */
  push(entry: Entry): void {
    if (this.#length === this.#bounds.lines) this.#dropOldest();
    const slot = this.#slotOf(this.#length);
    const units = entryUnits(entry);
    this.#slots[slot] = entry;
    this.#slotUnits[slot] = units;
    this.#length += 1;
    this.#units += units;
    this.#dropDownToBound();
  }

  /**
   * Puts `entry` where the entry with its id is; the same object, grown in place, is counted anew.
   * Returns false when that entry was dropped meanwhile.
   */
  replace(entry: Entry): boolean {
    const index = this.indexOf(entry.id);
    if (this.kept(index)?.id !== entry.id) return false;
    const slot = this.#slotOf(index);
    const units = entryUnits(entry);
    this.#units += units - (this.#slotUnits[slot] ?? 0);
    this.#slots[slot] = entry;
    this.#slotUnits[slot] = units;
    this.#dropDownToBound();
    return true;
  }

  /** As it is read. */
  at(index: number): Entry | undefined {
    const entry = this.kept(index);
    if (entry?.kind !== "notice" || this.#say === asItIs) return entry;
    const known = this.#said.get(entry);
    if (known !== undefined) return known;
    const said = saidNotice(entry, this.#say);
    this.#said.set(entry, said);
    return said;
  }

  /** As it was pushed, in English. */
  kept(index: number): Entry | undefined {
    return index >= 0 && index < this.#length ? this.#slots[this.#slotOf(index)] : undefined;
  }

  /** Binary search: ids grow, with gaps. An id that is not here gives the next newer entry, or else the newest; 0 when empty. */
  indexOf(id: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.kept(middle)?.id ?? id) < id) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, Math.min(low, this.#length - 1));
  }

  /** Forgets every line, and how many were dropped. */
  clear(): void {
    this.#slots.length = 0;
    this.#slotUnits.length = 0;
    this.#oldest = 0;
    this.#length = 0;
    this.#units = 0;
    this.#dropped = 0;
    this.unreadAfter = undefined;
  }

  #slotOf(index: number): number {
    return (this.#oldest + index) % this.#bounds.lines;
  }

  #dropDownToBound(): void {
    while (this.#units > this.#bounds.units && this.#length > 1) this.#dropOldest();
  }

  #dropOldest(): void {
    this.#units -= this.#slotUnits[this.#oldest] ?? 0;
    this.#slots[this.#oldest] = undefined;
    this.#oldest = (this.#oldest + 1) % this.#bounds.lines;
    this.#length -= 1;
    this.#dropped += 1;
  }
}

function entryUnits(entry: Entry): number {
  const extra = entry.kind === "message" ? entry.note : entry.hint;
  return entry.text.length + (extra?.length ?? 0);
}

/** A notice as it is said; the same object when that changes nothing. */
function saidNotice(entry: NoticeEntry, say: Say): NoticeEntry {
  const text = entry.composed === undefined ? say(entry.text) : composedText(entry.composed, say);
  const hint = entry.hint === undefined ? undefined : say(entry.hint);
  if (text === entry.text && hint === entry.hint) return entry;
  return { ...entry, text, ...(hint !== undefined && { hint }) };
}
