/** The interfaces of this machine, a family each, as multicast has to know them. Asked anew each time. */

import { networkInterfaces } from "node:os";
import type { LanInterface } from "../../protocol/lan/lan-event.ts";

export type Interface = Omit<LanInterface, "joined">;

/**
 * Those that have an address now, the loopback last: whoever is heard by several is told by the first. Multicast to the
 * loopback of IPv6 has no route, and needs none: IPv4's has.
 */
export function listInterfaces(): readonly Interface[] {
  const found = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    (["IPv4", "IPv6"] as const).flatMap((family) => {
      const ours = addresses.filter((each) => each.family === family && each.cidr !== null);
      const isLoopback = ours.some(({ internal }) => internal);
      const [first, ...others] = ours.map(({ cidr }) => cidr as string);
      if (first === undefined || (isLoopback && family === "IPv6")) return [];
      return [{ id: `${name} ${family}`, name, family, cidrs: [first, ...others] as const, isLoopback }];
    }),
  );
  return found.toSorted((one, other) => Number(one.isLoopback) - Number(other.isLoopback));
}

/** Every address of this machine, as the kernel prints it, without zones. */
export function listOwnAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address }) => address),
  );
}
