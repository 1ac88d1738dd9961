/**
 * Time for everything else while datagrams rain: Bun 1.4.5 hands over all that a socket has before keys, timers and other
 * sockets get their turn (udp-burst.test.ts), so who sends faster than we read would stop the program. Once a turn has
 * lasted too long the rest of it is dropped, which takes next to no time, and counted. It knows no socket.
 */

import { receiveTurnMs, receiveTurnRepeatedMs, receiveTurnRepeatMs } from "../protocol/limits.ts";

export class ReceiveBreath {
  readonly #onDropped: (count: number) => void;
  /** When this turn began to receive; undefined: everything else has had its turn since. */
  #sinceMs: number | undefined;
  #overrunMs = Number.NEGATIVE_INFINITY;
  #dropped = 0;

  /** `onDropped` is called after each turn that lasted too long. */
  constructor(onDropped: (count: number) => void) {
    this.#onDropped = onDropped;
  }

  /** Whether a datagram that came at `nowMs` (of performance.now()) is to be dropped. */
  mustDrop(nowMs: number): boolean {
    if (this.#sinceMs === undefined) {
      this.#sinceMs = nowMs;
      setImmediate(() => this.#breathe());
    }
    const isRepeated = this.#sinceMs - this.#overrunMs < receiveTurnRepeatMs;
    if (nowMs - this.#sinceMs < (isRepeated ? receiveTurnRepeatedMs : receiveTurnMs)) return false;
    this.#dropped += 1;
    return true;
  }

  #breathe(): void {
    this.#sinceMs = undefined;
    const dropped = this.#dropped;
    if (dropped === 0) return;
    this.#dropped = 0;
    this.#overrunMs = performance.now();
    this.#onDropped(dropped);
  }
}
