/** Frames that were sent and not acknowledged, by number, and which of them are presumed lost. */

import type { Acknowledgement } from "../frames/frame.ts";

/** A datagram of one or several frames. */
export interface SentDatagram {
  /** Its place among all datagrams that were sent, from 1. */
  readonly order: number;
  /** Frames whose last transmission it was, and which were neither acknowledged nor presumed lost. */
  inFlight: number;
}

/** Times in milliseconds. */
export interface SentFrame<Tag> {
  readonly number: number;
  /** The encoded frame without the receiver's key, its bytes in UTF-8, and that key's field. */
  readonly line: string;
  readonly bytes: number;
  readonly keyField: string;
  /** The bytes of all frames that were enqueued before. */
  readonly bytesBefore: number;
  readonly tag: Tag | undefined;
  readonly enqueuedMs: number;
  /** True for a presence frame: it is given up by time alone, however often it was sent. */
  readonly isPresence: boolean;
  firstSentMs: number;
  sentMs: number;
  /** The datagram of its last transmission; undefined before the first. */
  datagram: SentDatagram | undefined;
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
  #inFlight = 0;

  get size(): number {
    return this.#frames.size;
  }

  get hasLost(): boolean {
    return this.#lost > 0;
  }

  /** Datagrams that are presumed in flight. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The frame with the lowest number; undefined if there are no frames. */
  get lowest(): SentFrame<Tag> | undefined {
    for (const frame of this.#frames.values()) return frame;
    return undefined;
  }

  [Symbol.iterator](): Iterator<SentFrame<Tag>> {
    return this.#frames.values();
  }

  /** Notes that a frame, a new or a lost one, leaves in a datagram. */
  noteSent(frame: SentFrame<Tag>, datagram: SentDatagram): void {
    if (frame.datagram === undefined) this.#frames.set(frame.number, frame);
    this.#setFound(frame);
    frame.datagram = datagram;
    if (datagram.inFlight === 0) this.#inFlight += 1;
    datagram.inFlight += 1;
  }

  /** Notes that the last transmission of a frame is presumed lost. */
  noteLost(frame: SentFrame<Tag>): void {
    if (frame.isLost) return;
    this.#endFlight(frame);
    frame.isLost = true;
    this.#lost += 1;
  }

  remove(frame: SentFrame<Tag>): void {
    if (!this.#frames.delete(frame.number)) return;
    if (!frame.isLost) this.#endFlight(frame);
    this.#setFound(frame);
  }

  #setFound(frame: SentFrame<Tag>): void {
    if (frame.isLost) this.#lost -= 1;
    frame.isLost = false;
  }

  #endFlight({ datagram }: SentFrame<Tag>): void {
    if (datagram === undefined) return;
    datagram.inFlight -= 1;
    if (datagram.inFlight === 0) this.#inFlight -= 1;
  }

  clear(): void {
    this.#frames.clear();
    this.#lost = this.#inFlight = 0;
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
