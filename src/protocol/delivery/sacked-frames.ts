/**
 * What a peer has, but holds: it came beyond a gap, and nothing of it has been shown. Acknowledged as it is, it is
 * delivered only once the gap is closed or passed. No clock.
 */

import { deliveryMaxMs } from "../limits.ts";

export class HeldByPeer<Tag> {
  readonly #held = new Map<number, { readonly tag: Tag; readonly atMs: number }>();

  /** When `takeForgotten` has something; undefined: nothing is held. */
  get dueMs(): number | undefined {
    for (const { atMs } of this.#held.values()) return atMs + deliveryMaxMs;
    return undefined;
  }

  add(number: number, tag: Tag, nowMs: number): void {
    this.#held.set(number, { tag, atMs: nowMs });
  }

  /** All up to there has been shown. */
  shown(upTo: number): void {
    for (const number of this.#held.keys()) if (number <= upTo) this.#held.delete(number);
  }

  /** What is held for so long that the peer has forgotten us, or never learned that the gap is to be passed. */
  takeForgotten(nowMs: number): readonly Tag[] {
    const tags: Tag[] = [];
    for (const [number, { tag, atMs }] of this.#held) {
      if (nowMs - atMs < deliveryMaxMs) break;
      this.#held.delete(number);
      tags.push(tag);
    }
    return tags;
  }

  takeAll(): readonly Tag[] {
    const tags = [...this.#held.values()].map(({ tag }) => tag);
    this.#held.clear();
    return tags;
  }
}
