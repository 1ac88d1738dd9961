/**
 * Fast retransmit (RFC 5681 §3.2): a frame is sent again before its timer expires if overtakenMax later transmissions
 * have arrived. Transmissions are numbered in the order in which they were sent.
 */

import { overtakenMax } from "../limits.ts";

export class FastRetransmit {
  /** The latest transmissions that arrived, in descending order. */
  readonly #arrived: number[] = [];

  /** A transmission arrived. Only for frames sent once: of several transmissions it is unknown which arrived. */
  onArrived(sentOrder: number): void {
    this.#arrived.push(sentOrder);
    this.#arrived.sort((one, other) => other - one);
    this.#arrived.length = Math.min(this.#arrived.length, overtakenMax);
  }

  isOvertaken(sentOrder: number): boolean {
    const last = this.#arrived[overtakenMax - 1];
    return last !== undefined && sentOrder < last;
  }
}
