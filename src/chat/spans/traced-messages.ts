/**
 * Recent messages by the ids that frames use, so that later receipts and retransmissions can be linked to them.
 * Bounded; used only where messages are traced.
 */

import { tracedMessagesMax } from "../../protocol/limits.ts";
import type { MessageSpans } from "../log/entry.ts";
import { setBounded } from "../../protocol/bounded-map.ts";

interface Traced {
  readonly spans: MessageSpans;
  readonly by: number | undefined;
}

export class TracedMessages {
  /** The oldest first. */
  readonly #byId = new Map<number, Traced>();

  get size(): number {
    return this.#byId.size;
  }

  /** Keeps a message as the newest. `by`: its sender's member number. Drops the oldest above tracedMessagesMax. */
  note(id: number, spans: MessageSpans, by?: number): void {
    setBounded(this.#byId, id, { spans, by }, tracedMessagesMax);
  }

  get(id: number): MessageSpans | undefined {
    return this.#byId.get(id)?.spans;
  }

  /**
   * The messages that a receipt names, both ends included, except those of its sender, which were not sent back to it.
   */
  between(first: number, last: number, sender?: number): readonly MessageSpans[] {
    const found: MessageSpans[] = [];
    const take = ({ spans, by }: Traced): void => {
      if (by === undefined || by !== sender) found.push(spans);
    };
    // A receipt usually names few ids, but a peer may name more than are kept.
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
