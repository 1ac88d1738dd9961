/** The subnets of this machine. */

import { computeBroadcastAddress } from "../../protocol/address/subnet.ts";
import { listInterfaces, listOwnAddresses } from "./interfaces.ts";

interface FoundSubnets {
  /** The broadcast address of each IPv4 subnet beyond this machine. */
  readonly broadcasts: readonly string[];
  /** All addresses of this machine. */
  readonly ours: readonly string[];
}

export function findSubnets(): FoundSubnets {
  const outward = listInterfaces().filter(({ isLoopback }) => !isLoopback);
  const broadcasts = outward.flatMap(({ cidrs }) =>
    cidrs.flatMap((cidr) => computeBroadcastAddress(cidr) ?? []),
  );
  return { broadcasts, ours: listOwnAddresses() };
}
