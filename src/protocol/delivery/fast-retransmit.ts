/**
 * Which attempts have been overtaken: overtakenMax later ones are known to have arrived, so the frame is sent again before
 * its timer (fast retransmit, RFC 5681 §3.2). Attempts are numbered in the order in which they were sent. No clock.
 */

import { overtakenMax } from "../limits.ts";

export class FastRetransmit {
  /** The latest attempts that arrived, descending. */
  readonly #arrived: number[] = [];

  /** An attempt arrived. Only for a frame that was sent once: of several attempts, none can be told to be the one. */
  onArrived(order: number): void {
    this.#arrived.push(order);
    this.#arrived.sort((one, other) => other - one);
    this.#arrived.length = Math.min(this.#arrived.length, overtakenMax);
  }

  isOvertaken(order: number): boolean {
    const last = this.#arrived[overtakenMax - 1];
    return last !== undefined && order < last;
  }
}
