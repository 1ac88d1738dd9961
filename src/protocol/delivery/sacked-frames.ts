/**
 * Frames that the peer has acknowledged beyond a gap: received, but not delivered until the gap is closed or skipped
 * (selective acknowledgement, as in RFC 2018).
 */

import { deliveryMaxMs } from "../limits.ts";

export class SackedFrames<Tag> {
  readonly #sacked = new Map<number, { readonly tag: Tag; readonly atMs: number }>();

  /** When `takeExpired` returns a frame; undefined if none is sacked. */
  get dueMs(): number | undefined {
    for (const { atMs } of this.#sacked.values()) return atMs + deliveryMaxMs;
    return undefined;
  }

  add(number: number, tag: Tag, nowMs: number): void {
    this.#sacked.set(number, { tag, atMs: nowMs });
  }

  /** The peer has delivered all frames up to this number. */
  onDelivered(upTo: number): void {
    for (const number of this.#sacked.keys()) if (number <= upTo) this.#sacked.delete(number);
  }

  /** Frames sacked so long ago that the peer must have lost our session, or never received the skip of the gap. */
  takeExpired(nowMs: number): readonly Tag[] {
    const tags: Tag[] = [];
    for (const [number, { tag, atMs }] of this.#sacked) {
      if (nowMs - atMs < deliveryMaxMs) break;
      this.#sacked.delete(number);
      tags.push(tag);
    }
    return tags;
  }

  takeAll(): readonly Tag[] {
    const tags = [...this.#sacked.values()].map(({ tag }) => tag);
    this.#sacked.clear();
    return tags;
  }
}
