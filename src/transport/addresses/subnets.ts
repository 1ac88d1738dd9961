/** The subnets of this machine. */

import { computeBroadcastAddress } from "../../protocol/address/subnet.ts";
import { listInterfaces, listOwnAddresses } from "./interfaces.ts";

interface FoundSubnets {
  /** The broadcast address of each IPv4 subnet beyond this machine. */
  readonly broadcasts: readonly string[];
  /** All addresses of this machine. */
  readonly ours: readonly string[];
}

/** True for the broadcast address of one of this machine's subnets, and for that of any (255.255.255.255). */
export function isBroadcastAddress(address: string): boolean {
  if (address.includes(":")) return false;
  const broadcasts = listInterfaces().flatMap(({ cidrs }) =>
    cidrs.flatMap((cidr) => computeBroadcastAddress(cidr) ?? []),
  );
  return address === "255.255.255.255" || broadcasts.includes(address);
}

export function findSubnets(): FoundSubnets {
  const outward = listInterfaces().filter(({ isLoopback }) => !isLoopback);
  const broadcasts = outward.flatMap(({ cidrs }) =>
    cidrs.flatMap((cidr) => computeBroadcastAddress(cidr) ?? []),
  );
  return { broadcasts, ours: listOwnAddresses() };
}
