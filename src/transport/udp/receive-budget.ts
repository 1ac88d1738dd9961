/**
 * Time for everything else while datagrams rain: Bun 1.4.5 hands over all that a socket has before keys, timers and other
 * sockets get their turn (udp-burst.test.ts), so who sends faster than we read would stop the program. Once a turn has
 * lasted too long the rest of it is dropped, which takes next to no time, and counted. It knows no socket.
 */

import { receiveTurnMs, receiveTurnRepeatedMs, receiveTurnRepeatMs } from "../../protocol/limits.ts";
import { ReceiveModeration } from "./receive-moderation.ts";

export class ReceiveBreath {
  readonly #onDropped: (count: number) => void;
  /** When this turn began to receive; undefined: everything else has had its turn since. */
  #sinceMs: number | undefined;
  #overrunMs = Number.NEGATIVE_INFINITY;
  #dropped = 0;
  #received = 0;
  readonly #moderation = new ReceiveModeration();

  /** `onDropped` is called after each turn that lasted too long. */
  constructor(onDropped: (count: number) => void) {
    this.#onDropped = onDropped;
  }

  /** A datagram left. */
  noteSent(): void {
    this.#moderation.noteSent();
  }

  /** Whether a datagram that came at `nowMs` (of performance.now()) is to be dropped. */
  mustDrop(nowMs: number): boolean {
    if (this.#sinceMs === undefined) {
      this.#sinceMs = nowMs;
      setImmediate(() => this.#breathe());
    }
    this.#received += 1;
    const isRepeated = this.#sinceMs - this.#overrunMs < receiveTurnRepeatMs;
    if (nowMs - this.#sinceMs < (isRepeated ? receiveTurnRepeatedMs : receiveTurnMs)) return false;
    this.#dropped += 1;
    return true;
  }

  #breathe(): void {
    const nowMs = performance.now();
    this.#sinceMs = undefined;
    if (this.#dropped > 0) {
      this.#overrunMs = nowMs;
      this.#onDropped(this.#dropped);
    }
    const gatherMs = this.#moderation.gatherMs(this.#received, nowMs);
    this.#dropped = this.#received = 0;
    if (gatherMs > 0) Bun.sleepSync(gatherMs);
  }
}
