/** The interfaces of this machine, one for each address family, for multicast. Read on every call. */

import { networkInterfaces } from "node:os";
import { makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { LanInterface } from "../../protocol/lan/lan-event.ts";

export type Interface = Omit<LanInterface, "joined">;

/**
 * The interfaces that have an address, the loopback last, since a duet that is received on several is reported with
 * the first. Without IPv6's loopback: multicast has no route there, and IPv4's loopback suffices.
 */
export function listInterfaces(): readonly Interface[] {
  const found = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    (["IPv4", "IPv6"] as const).flatMap((family) => {
      const addressesOfFamily = addresses.filter((each) => each.family === family && each.cidr !== null);
      const isLoopback = addressesOfFamily.some(({ internal }) => internal);
      const [first, ...others] = addressesOfFamily.map(({ cidr }) => cidr as string);
      if (first === undefined || (isLoopback && family === "IPv6")) return [];
      return [{ id: `${name} ${family}`, name, family, cidrs: [first, ...others] as const, isLoopback }];
    }),
  );
  return found.toSorted((one, other) => Number(one.isLoopback) - Number(other.isLoopback));
}

/** The addresses of this machine at which others reach it, a link-local one with its zone. */
export function listOutwardAddresses(): readonly string[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ internal }) => !internal)
      .map((each) =>
        each.family === "IPv6" && each.scopeid !== 0 ? `${each.address}%${name}` : each.address,
      ),
  );
}

/** Every address of this machine, canonical, without zones. */
export function listOwnAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address }) => makeIpEndpoint(address, 0).address),
  );
}
