/** Counts connections by address, so that one machine cannot fill a room. Loopback is exempt. */

import { type Endpoint, isLoopback } from "../../protocol/address/endpoint.ts";

export class AddressCounts {
  readonly #counts = new Map<string, number>();

  /** Connections from this address; 0 for loopback. */
  countFrom(endpoint: Endpoint): number {
    return endpoint.family === "unix" ? 0 : (this.#counts.get(endpoint.address) ?? 0);
  }

  add(endpoint: Endpoint): void {
    this.#change(endpoint, 1);
  }

  remove(endpoint: Endpoint): void {
    this.#change(endpoint, -1);
  }

  #change(endpoint: Endpoint, by: 1 | -1): void {
    if (endpoint.family === "unix" || isLoopback(endpoint)) return;
    const count = this.countFrom(endpoint) + by;
    if (count > 0) this.#counts.set(endpoint.address, count);
    else this.#counts.delete(endpoint.address);
  }
}
