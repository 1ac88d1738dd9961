/**
 * Messages of late by the ids that frames call them by, so that what comes of them later is traced to them: receipts, and
 * datagrams that come again. Bounded; there only where messages are traced. It knows no peers and no frames.
 */

import { tracedMessagesMax } from "../../protocol/limits.ts";
import type { Carried } from "../log/entry.ts";

interface Traced {
  readonly carried: Carried;
  readonly by: number | undefined;
}

export class TracedMessages {
  /** The oldest first. */
  readonly #byId = new Map<number, Traced>();

  get size(): number {
    return this.#byId.size;
  }

  /**
   * Keeps a message, the newest of its id; `by`: the number of the member who said it. At tracedMessagesMax the oldest
   * one is forgotten.
   */
  note(id: number, carried: Carried, by?: number): void {
    this.#byId.delete(id);
    this.#byId.set(id, { carried, by });
    if (this.#byId.size <= tracedMessagesMax) return;
    for (const oldest of this.#byId.keys()) {
      this.#byId.delete(oldest);
      return;
    }
  }

  get(id: number): Carried | undefined {
    return this.#byId.get(id)?.carried;
  }

  /** Those that a receipt names, both ends included, but what its sender said itself: that was never sent back to it. */
  between(first: number, last: number, sender?: number): readonly Carried[] {
    const found: Carried[] = [];
    const take = ({ carried, by }: Traced): void => {
      if (by === undefined || by !== sender) found.push(carried);
    };
    // A receipt of a few names them; a peer may as well name more than there are.
    if (last - first >= this.#byId.size) {
      for (const [id, traced] of this.#byId) if (first <= id && id <= last) take(traced);
    } else {
      for (let id = first; id <= last; id += 1) {
        const traced = this.#byId.get(id);
        if (traced !== undefined) take(traced);
      }
    }
    return found;
  }
}
