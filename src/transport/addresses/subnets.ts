/** The subnets that this machine is in. It reads the interfaces, and opens nothing. */

import { computeBroadcastAddress } from "../../protocol/address/subnet.ts";
import { listInterfaces, listOwnAddresses } from "./interfaces.ts";

interface FoundSubnets {
  /** Of each IPv4 subnet beyond this machine. */
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
