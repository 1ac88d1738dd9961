/** Counts connections by address and by IPv6 subnet, so that one machine cannot fill a room. Loopback is exempt. */

import { makeAddressKey } from "../../protocol/address/address-key.ts";
import { type Endpoint, isLoopback } from "../../protocol/address/endpoint.ts";
import { connectionsPerAddressMax, connectionsPerSubnetMax } from "../../protocol/limits.ts";

export class AddressCounts {
  readonly #counts = new Map<string, number>();

  /** The number that an address, or its subnet of many addresses, has reached; undefined if one more is allowed. */
  findReached(endpoint: Endpoint): number | undefined {
    const [address, subnet] = listKeys(endpoint);
    if (this.#count(address) >= connectionsPerAddressMax) return connectionsPerAddressMax;
    return this.#count(subnet) >= connectionsPerSubnetMax ? connectionsPerSubnetMax : undefined;
  }

  add(endpoint: Endpoint): void {
    for (const key of listKeys(endpoint)) this.#counts.set(key, this.#count(key) + 1);
  }

  remove(endpoint: Endpoint): void {
    for (const key of listKeys(endpoint)) {
      const count = this.#count(key) - 1;
      if (count > 0) this.#counts.set(key, count);
      else this.#counts.delete(key);
    }
  }

  #count(key: string | undefined): number {
    return key === undefined ? 0 : (this.#counts.get(key) ?? 0);
  }
}

/** The address and its subnet; only the address if that is a subnet of its own; nothing for this machine. */
function listKeys(endpoint: Endpoint): readonly string[] {
  if (endpoint.family === "unix" || isLoopback(endpoint)) return [];
  const subnet = makeAddressKey(endpoint);
  return subnet === undefined || subnet === endpoint.address
    ? [endpoint.address]
    : [endpoint.address, subnet];
}
