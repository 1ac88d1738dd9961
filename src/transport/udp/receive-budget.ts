/**
 * Limits how long one turn of the event loop may read datagrams. Bun 1.4.5 reads a socket until it is empty before
 * keys, timers and other sockets get their turn (udp-burst.test.ts), so a sender faster than our reading would stop
 * the program. Beyond the limit, the datagrams of the turn are counted and dropped, which costs next to nothing.
 */

import { datagramTurnMs, datagramTurnRepeatedMs, datagramTurnRepeatMs } from "../../protocol/limits.ts";
import { ReceiveModeration } from "./receive-moderation.ts";

export class ReceiveBudget {
  readonly #onDropped: (count: number) => void;
  /** When this turn received its first datagram; undefined before that. */
  #turnStartMs: number | undefined;
  #lastOverrunMs = Number.NEGATIVE_INFINITY;
  #dropped = 0;
  #received = 0;
  readonly #moderation = new ReceiveModeration();

  /** `onDropped` is called after each turn that dropped datagrams. */
  constructor(onDropped: (count: number) => void) {
    this.#onDropped = onDropped;
  }

  /** Counts a datagram that was sent. */
  noteSent(): void {
    this.#moderation.noteSent();
  }

  /** Counts a datagram for which there was no room. */
  drop(): void {
    this.#dropped += 1;
  }

  /** Whether to drop a datagram received at `nowMs` (of performance.now()), which is counted then. */
  shouldDrop(nowMs: number): boolean {
    if (this.#turnStartMs === undefined) {
      this.#turnStartMs = nowMs;
      setImmediate(() => this.#endTurn());
    }
    this.#received += 1;
    const isRepeated = this.#turnStartMs - this.#lastOverrunMs < datagramTurnRepeatMs;
    if (nowMs - this.#turnStartMs < (isRepeated ? datagramTurnRepeatedMs : datagramTurnMs)) return false;
    this.#dropped += 1;
    return true;
  }

  #endTurn(): void {
    const nowMs = performance.now();
    this.#turnStartMs = undefined;
    if (this.#dropped > 0) {
      this.#lastOverrunMs = nowMs;
      this.#onDropped(this.#dropped);
    }
    const sleepMs = this.#moderation.chooseSleepMs(this.#received, nowMs);
    this.#dropped = this.#received = 0;
    if (sleepMs > 0) Bun.sleepSync(sleepMs);
  }
}
