/**
 * How long one turn of the event loop may receive datagrams. Bun 1.4.5 delivers all that a socket has before keys, timers
 * and other sockets get their turn (udp-burst.test.ts), so a sender faster than we read would stop the program. After the
 * budget the rest of the turn's datagrams is dropped, which costs next to nothing, and counted. It knows no socket.
 */

import { receiveTurnMs, receiveTurnRepeatedMs, receiveTurnRepeatMs } from "../../protocol/limits.ts";
import { ReceiveModeration } from "./receive-moderation.ts";

export class ReceiveBudget {
  readonly #onDropped: (count: number) => void;
  /** When this turn began to receive; undefined: it has not yet. */
  #sinceMs: number | undefined;
  #overrunMs = Number.NEGATIVE_INFINITY;
  #dropped = 0;
  #received = 0;
  readonly #moderation = new ReceiveModeration();

  /** `onDropped` is called after each turn that exceeded the budget. */
  constructor(onDropped: (count: number) => void) {
    this.#onDropped = onDropped;
  }

  /** A datagram was sent. */
  noteSent(): void {
    this.#moderation.noteSent();
  }

  /** Whether a datagram received at `nowMs` (of performance.now()) is to be dropped. */
  shouldDrop(nowMs: number): boolean {
    if (this.#sinceMs === undefined) {
      this.#sinceMs = nowMs;
      setImmediate(() => this.#endTurn());
    }
    this.#received += 1;
    const isRepeated = this.#sinceMs - this.#overrunMs < receiveTurnRepeatMs;
    if (nowMs - this.#sinceMs < (isRepeated ? receiveTurnRepeatedMs : receiveTurnMs)) return false;
    this.#dropped += 1;
    return true;
  }

  #endTurn(): void {
    const nowMs = performance.now();
    this.#sinceMs = undefined;
    if (this.#dropped > 0) {
      this.#overrunMs = nowMs;
      this.#onDropped(this.#dropped);
    }
    const gatherMs = this.#moderation.chooseSleepMs(this.#received, nowMs);
    this.#dropped = this.#received = 0;
    if (gatherMs > 0) Bun.sleepSync(gatherMs);
  }
}
