/** Newcomers that found a UDP room full: counted, and reported at a pace, since their addresses may be forged. */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { OnSocketEvent } from "../contract.ts";

/** At most one `turned-away` in this time. */
const turnedAwayIntervalMs = 1000;

export class RefusedNewcomers {
  readonly #peersMax: number;
  readonly #emit: OnSocketEvent;
  #reportedAt = Number.NEGATIVE_INFINITY;
  /** Since the last report. */
  #count = 0;

  constructor(peersMax: number, emit: OnSocketEvent) {
    this.#peersMax = peersMax;
    this.#emit = emit;
  }

  add(peer: Endpoint): void {
    const now = performance.now();
    this.#count += 1;
    if (now - this.#reportedAt < turnedAwayIntervalMs) return;
    this.#reportedAt = now;
    const reason = `the room is full (-m ${this.#peersMax})`;
    this.#emit({ type: "turned-away", peer, reason, count: this.#count });
    this.#count = 0;
  }
}
