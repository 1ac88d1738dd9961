/**
 * Queries to the terminal: what is asked when, who reads the reply, and the fence behind them. A reply that arrives
 * after the terminal was restored would be typed into the shell. Terminals reply in order, and all of them reply to
 * DA1, the fence: once it is answered, no reply to an earlier query is under way.
 *
 * A new query is one more TerminalQuery in the list that the screen passes to `mountTerminal`.
 */

import type { ReplyEvent } from "../../input/keys/key-event.ts";

/**
 * `entry`: the screen is entered, at the start and after each suspend. The query may print and move the cursor, since
 * the screen is cleared behind it. `focus`: the window got the focus, while the screen is shown.
 */
type QueryMoment = "entry" | "focus";

export interface TerminalQuery {
  readonly moments: readonly QueryMoment[];
  /** Returns the sequence that asks; empty if this terminal is not to be asked. */
  readonly getSequence: () => string;
  /** Called for every reply of the terminal but that of a fence, however late, also for those to other queries. */
  readonly onReply: (reply: ReplyEvent) => void;
}

/** Primary device attributes: xterm's ctlseqs, "Send Device Attributes (Primary DA)". */
const fence = "\x1b[c";
const fenceReply = /^\?[\d;]*c$/;
/** A terminal that has not replied within this time probably never will. */
export const replyMaxMs = 1000;

export class TerminalQueries {
  readonly #queries: readonly TerminalQuery[];
  readonly #nowMs: () => number;
  /** The number of fences that were sent, and are not answered. */
  #openFences = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #settled = Promise.withResolvers<void>();

  /** `nowMs`: a monotonic clock in milliseconds. */
  constructor(queries: readonly TerminalQuery[], nowMs: () => number = () => performance.now()) {
    this.#queries = queries;
    this.#nowMs = nowMs;
  }

  /** The sequences of the queries of a moment, and a fence behind them; empty if nothing is asked. */
  takeSequence(moment: QueryMoment): string {
    const asked = this.#queries.filter(({ moments }) => moments.includes(moment));
    const sequence = asked.map(({ getSequence }) => getSequence()).join("");
    if (sequence === "") return "";
    if (this.#openFences === 0) this.#settled = Promise.withResolvers();
    this.#openFences += 1;
    this.onSent();
    return sequence + fence;
  }

  /** The sequence was written just now, perhaps later than it was taken. */
  onSent(): void {
    this.#sentMs = this.#nowMs();
  }

  onReply(reply: ReplyEvent): void {
    if (reply.kind !== "csi" || !fenceReply.test(reply.body)) {
      for (const { onReply } of this.#queries) onReply(reply);
      return;
    }
    this.#openFences = Math.max(0, this.#openFences - 1);
    if (this.#openFences === 0) this.#settled.resolve();
  }

  /** How long a reply may still be under way, in milliseconds; 0 if none is. */
  get waitMs(): number {
    if (this.#openFences === 0) return 0;
    return Math.max(0, this.#sentMs + replyMaxMs - this.#nowMs());
  }

  /** Resolves when no reply is under way. */
  async settle(): Promise<void> {
    const { waitMs } = this;
    if (waitMs === 0) return;
    const timer = setTimeout(() => this.#settled.resolve(), waitMs);
    await this.#settled.promise;
    clearTimeout(timer);
  }
}
