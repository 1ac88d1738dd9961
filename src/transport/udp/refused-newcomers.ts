/**
 * Counts the endpoints that a full UDP transport refused. Reports are limited in rate, since addresses may be forged.
 */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import type { DatagramRefusal } from "../../protocol/sockets/refusal.ts";
import type { OnSocketEvent } from "../contract.ts";

/** The shortest interval between two `turned-away` events. */
const turnedAwayIntervalMs = 1000;

export class RefusedNewcomers {
  readonly #emit: OnSocketEvent;
  #reportedAtMs = Number.NEGATIVE_INFINITY;
  /** Refused since the last report. */
  #count = 0;

  constructor(emit: OnSocketEvent) {
    this.#emit = emit;
  }

  add(peer: Endpoint, refusal: DatagramRefusal): void {
    const now = performance.now();
    this.#count += 1;
    if (now - this.#reportedAtMs < turnedAwayIntervalMs) return;
    this.#reportedAtMs = now;
    this.#emit({ type: "turned-away", peer, refusal, count: this.#count });
    this.#count = 0;
  }
}
