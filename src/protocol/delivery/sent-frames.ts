/** Frames that were sent and are not acknowledged, by number, and which of them are taken for lost. No clock. */

import type { Acknowledgement } from "../frames/frame.ts";

/** Times in milliseconds, as they come in with events. */
export interface SentFrame<Tag> {
  readonly number: number;
  readonly line: string;
  readonly tag: Tag | undefined;
  readonly enqueuedMs: number;
  /** However often it was tried, only time ends it. */
  readonly isPresence: boolean;
  firstSentMs: number;
  sentMs: number;
  /** Its last try among all tries of all frames. */
  sentOrder: number;
  /** Those that count: not what a busy peer refused. */
  countedTransmissions: number;
  transmission: number;
  /** Its last try is taken for lost: it is to be sent again. */
  isLost: boolean;
}

export class SentFrames<Tag> {
  /** Ascending, for numbers only grow. */
  readonly #frames = new Map<number, SentFrame<Tag>>();
  #lost = 0;

  get size(): number {
    return this.#frames.size;
  }

  get hasLost(): boolean {
    return this.#lost > 0;
  }

  /** Frames that are on the way, for all that is known. */
  get inFlight(): number {
    return this.#frames.size - this.#lost;
  }

  /** The lowest number; undefined: there are none. */
  get lowest(): number | undefined {
    for (const number of this.#frames.keys()) return number;
    return undefined;
  }

  [Symbol.iterator](): Iterator<SentFrame<Tag>> {
    return this.#frames.values();
  }

  add(frame: SentFrame<Tag>): void {
    this.#frames.set(frame.number, frame);
  }

  setLost(frame: SentFrame<Tag>, lost: boolean): void {
    if (frame.isLost !== lost) this.#lost += lost ? 1 : -1;
    frame.isLost = lost;
  }

  remove(frame: SentFrame<Tag>): void {
    if (this.#frames.delete(frame.number)) this.setLost(frame, false);
  }

  clear(): void {
    this.#frames.clear();
    this.#lost = 0;
  }

  /** Those that an acknowledgement names, ascending. */
  selectAcknowledged({ upTo, also = [] }: Acknowledgement): readonly SentFrame<Tag>[] {
    const newest = also.at(-1)?.[1] ?? upTo;
    const named: SentFrame<Tag>[] = [];
    for (const frame of this.#frames.values()) {
      const { number } = frame;
      if (number > newest) break;
      if (number <= upTo || also.some(([first, last]) => first <= number && number <= last))
        named.push(frame);
    }
    return named;
  }
}
