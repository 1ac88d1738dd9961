/**
 * The entries of one conversation, oldest first, bounded in number and in text. Notices are put into the
 * person's language when they are added; their sentences are kept too, since a run of joins can grow. Rows and columns
 * belong to view/conversation.
 */

import { scrollbackMaxLines, scrollbackMaxUnits } from "../../protocol/limits.ts";
import type { Word } from "../../words/sentences/sentence.ts";
import type { Entry, MessageEntry, NewEntry, Notice } from "./entry.ts";

/** A read-only scrollback: entries by index, oldest first. Entries dropped at the bound are only counted. */
export interface ScrollbackModel {
  readonly length: number;
  /** Entries dropped at the old end since the start, or since the last clear. */
  readonly dropped: number;
  /** The last entry that was read when the person looked away; undefined: all are read. */
  readonly unreadAfter?: number | undefined;
  /** Entries of both transports stand in it: each is shown with its path. */
  readonly isOverBoth: boolean;
  at(index: number): Entry | undefined;
  /** The index of an entry, or of the oldest one if the entry was dropped. */
  indexOf(id: number): number;
}

interface ScrollbackBounds {
  /** At least 1. */
  readonly lines: number;
  /** UTF-16 units of all text. The newest entry is kept even if it alone is larger. */
  readonly units: number;
}

const defaultScrollbackBounds: ScrollbackBounds = { lines: scrollbackMaxLines, units: scrollbackMaxUnits };

/** A ring: pushing costs the same at any length and copies nothing. */
export class Scrollback implements ScrollbackModel {
  unreadAfter: number | undefined;
  isOverBoth = false;
  readonly #bounds: ScrollbackBounds;
  readonly #word: Word;
  readonly #slots: (Entry | undefined)[] = [];
  /** The notice of each slot as it was added; undefined for a message. */
  readonly #notices: (Notice | undefined)[] = [];
  /** The units that each slot was counted with, since an entry may grow afterwards. */
  readonly #slotUnits: number[] = [];
  #oldest = 0;
  #length = 0;
  #units = 0;
  #dropped = 0;

  /** `word` puts a sentence into the person's language. */
  constructor(word: Word, bounds: ScrollbackBounds = defaultScrollbackBounds) {
    this.#bounds = bounds;
    this.#word = word;
  }

  get length(): number {
    return this.#length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** UTF-16 units of all text. */
  get units(): number {
    return this.#units;
  }

  /** Adds the newest entry, whose id must be the largest. Drops the oldest ones at the bound. */
  push(added: NewEntry): void {
    if (this.#length === this.#bounds.lines) this.#dropOldest();
    const slot = this.#slotOf(this.#length);
    const entry = this.#worded(added);
    const units = this.#unitsOf(entry);
    this.#slots[slot] = entry;
    this.#notices[slot] = added.kind === "notice" ? added : undefined;
    this.#slotUnits[slot] = units;
    this.#length += 1;
    this.#units += units;
    this.#dropDownToBound();
  }

  /** Takes over the entries of another scrollback, in the order of all ids. The mark of unread entries stays. */
  absorb(other: Scrollback): void {
    const { dropped, unreadAfter } = this;
    const all = [...this.#listKept(), ...other.#listKept()].toSorted((one, two) => one.id - two.id);
    this.clear();
    for (const entry of all) this.push(entry);
    this.#dropped += dropped + other.dropped;
    this.unreadAfter = unreadAfter;
  }

  /** Replaces the entry of the same id, also by the same object grown in place. False if that entry was dropped. */
  replace(added: NewEntry): boolean {
    const index = this.indexOf(added.id);
    if (this.at(index)?.id !== added.id) return false;
    const slot = this.#slotOf(index);
    const entry = this.#worded(added);
    const units = this.#unitsOf(entry);
    this.#units += units - (this.#slotUnits[slot] ?? 0);
    this.#slots[slot] = entry;
    this.#notices[slot] = added.kind === "notice" ? added : undefined;
    this.#slotUnits[slot] = units;
    this.#dropDownToBound();
    return true;
  }

  /** The entry in the person's language. */
  at(index: number): Entry | undefined {
    return this.#isKept(index) ? this.#slots[this.#slotOf(index)] : undefined;
  }

  /** The entry as it was added. */
  kept(index: number): NewEntry | undefined {
    return this.#isKept(index) ? (this.#notices[this.#slotOf(index)] ?? this.#messageAt(index)) : undefined;
  }

  /** Binary search: ids ascend with gaps. A missing id means the next newer entry, or else the newest; 0 if empty. */
  indexOf(id: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.at(middle)?.id ?? id) < id) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, Math.min(low, this.#length - 1));
  }

  /** Removes all entries, and resets the count of dropped ones. */
  clear(): void {
    this.#slots.length = 0;
    this.#notices.length = 0;
    this.#slotUnits.length = 0;
    this.#oldest = 0;
    this.#length = 0;
    this.#units = 0;
    this.#dropped = 0;
    this.unreadAfter = undefined;
  }

  #worded(added: NewEntry): Entry {
    if (added.kind === "message") return added;
    const { kind, id, atMs, tone, over, sentence, hint } = added;
    const text = this.#word(sentence);
    return { kind, id, atMs, tone, over, text, ...(hint !== undefined && { hint: this.#word(hint) }) };
  }

  #listKept(): readonly NewEntry[] {
    return Array.from({ length: this.#length }, (_, index) => this.kept(index)).filter(
      (entry) => entry !== undefined,
    );
  }

  #unitsOf(entry: Entry): number {
    if (entry.kind === "notice") return entry.text.length + (entry.hint?.length ?? 0);
    return entry.text.length + (entry.note === undefined ? 0 : this.#word(entry.note).length);
  }

  #messageAt(index: number): MessageEntry | undefined {
    const entry = this.#slots[this.#slotOf(index)];
    return entry?.kind === "message" ? entry : undefined;
  }

  #isKept(index: number): boolean {
    return index >= 0 && index < this.#length;
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
    this.#notices[this.#oldest] = undefined;
    this.#oldest = (this.#oldest + 1) % this.#bounds.lines;
    this.#length -= 1;
    this.#dropped += 1;
  }
}
