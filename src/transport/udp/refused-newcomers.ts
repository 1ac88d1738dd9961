/**
 * Counts the endpoints that a full UDP transport refused. Reports are limited in rate, since addresses may be forged.
 */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { OnSocketEvent } from "../contract.ts";

/** The shortest interval between two `turned-away` events. */
const turnedAwayIntervalMs = 1000;

export class RefusedNewcomers {
  readonly #peersMax: number;
  readonly #emit: OnSocketEvent;
  #reportedAtMs = Number.NEGATIVE_INFINITY;
  /** Refused since the last report. */
  #count = 0;

  constructor(peersMax: number, emit: OnSocketEvent) {
    this.#peersMax = peersMax;
    this.#emit = emit;
  }

  add(peer: Endpoint): void {
    const now = performance.now();
    this.#count += 1;
    if (now - this.#reportedAtMs < turnedAwayIntervalMs) return;
    this.#reportedAtMs = now;
    const refusal = { is: "datagrams-full", peersMax: this.#peersMax } as const;
    this.#emit({ type: "turned-away", peer, refusal, count: this.#count });
    this.#count = 0;
  }
}
