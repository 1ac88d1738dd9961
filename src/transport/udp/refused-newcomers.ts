/** Who spoke over UDP and found the room full: counted, and told at a pace, for their addresses may be invented. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { OnSocketEvent } from "../contract.ts";

/** At most one `turned-away` in this time. */
const turnedAwayIntervalMs = 1000;

export class TurnedAwayNewcomers {
  readonly #peersMax: number;
  readonly #emit: OnSocketEvent;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** Since it was told last. */
  #count = 0;

  constructor(peersMax: number, emit: OnSocketEvent) {
    this.#peersMax = peersMax;
    this.#emit = emit;
  }

  add(peer: Endpoint): void {
    const now = performance.now();
    this.#count += 1;
    if (now - this.#toldAt < turnedAwayIntervalMs) return;
    this.#toldAt = now;
    const reason = `the room is full (-m ${this.#peersMax})`;
    this.#emit({ type: "turned-away", peer, reason, count: this.#count });
    this.#count = 0;
  }
}
