/**
 * Fast retransmit (RFC 5681 §3.2): a frame is sent again before its timer expires if overtakenMax later datagrams have
 * arrived. Datagrams are numbered in the order in which they were sent; one may have several frames.
 */

import { overtakenMax } from "../limits.ts";

export class FastRetransmit {
  /** The latest datagrams that arrived, in descending order. */
  readonly #arrived: number[] = [];

  /** A datagram arrived. Only for frames sent once: of several transmissions it is unknown which arrived. */
  onArrived(sentOrder: number): void {
    if (this.#arrived.includes(sentOrder) || sentOrder < (this.#arrived[overtakenMax - 1] ?? 0)) return;
    this.#arrived.push(sentOrder);
    this.#arrived.sort((one, other) => other - one);
    this.#arrived.length = Math.min(this.#arrived.length, overtakenMax);
  }

  isOvertaken(sentOrder: number): boolean {
    const last = this.#arrived[overtakenMax - 1];
    return last !== undefined && sentOrder < last;
  }
}
