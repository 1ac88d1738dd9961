/** Frames that were sent and not acknowledged, by number, and which of them are presumed lost. */

import type { Acknowledgement } from "../frames/frame.ts";

/** Times in milliseconds. */
export interface SentFrame<Tag> {
  readonly number: number;
  readonly line: string;
  readonly tag: Tag | undefined;
  readonly enqueuedMs: number;
  /** True for a presence frame: it is given up by time alone, however often it was sent. */
  readonly isPresence: boolean;
  firstSentMs: number;
  sentMs: number;
  /** The place of its last transmission among all transmissions of all frames. */
  sentOrder: number;
  /** Transmissions without those that a busy peer refused. */
  countedTransmissions: number;
  transmission: number;
  /** True if the last transmission is presumed lost, and the frame must be sent again. */
  isLost: boolean;
}

export class SentFrames<Tag> {
  /** In ascending order, since numbers only grow. */
  readonly #frames = new Map<number, SentFrame<Tag>>();
  #lost = 0;

  get size(): number {
    return this.#frames.size;
  }

  get hasLost(): boolean {
    return this.#lost > 0;
  }

  /** Frames that are presumed in flight. */
  get inFlight(): number {
    return this.#frames.size - this.#lost;
  }

  /** The lowest number; undefined if there are no frames. */
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

  /** The frames that an acknowledgement covers, in ascending order. A range that does not ascend is ignored. */
  selectAcknowledged({ upTo, also = [] }: Acknowledgement): readonly SentFrame<Tag>[] {
    const newest = also.at(-1)?.[1] ?? upTo;
    const named: SentFrame<Tag>[] = [];
    let index = 0;
    for (const frame of this.#frames.values()) {
      const { number } = frame;
      if (number > newest) break;
      while (number > (also[index]?.[1] ?? number)) index += 1;
      if (number <= upTo || number >= (also[index]?.[0] ?? Number.POSITIVE_INFINITY)) named.push(frame);
    }
    return named;
  }
}
