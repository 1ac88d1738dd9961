/** Broadcast addresses (RFC 919, RFC 4632), at which one datagram reaches every machine of a subnet. IPv4 only. */

import { parseIpAddress } from "./address.ts";

/** Reaches every machine of the local network; routers do not forward it (RFC 919 §7). */
export const limitedBroadcast = "255.255.255.255";

/** 192.0.2.255 for `192.0.2.7/24`. Undefined for IPv6, and for subnets of one or two addresses (RFC 3021). */
export function computeBroadcastAddress(cidr: string): string | undefined {
  const [address = "", prefix = ""] = cidr.split("/");
  const parsed = parseIpAddress(address);
  const hostBits = 32 - Number(prefix);
  if (parsed?.family !== "IPv4" || !/^\d{1,2}$/.test(prefix) || hostBits < 2 || hostBits > 32)
    return undefined;
  const last = parsed.value | ((1n << BigInt(hostBits)) - 1n);
  return [24n, 16n, 8n, 0n].map((shift) => String((last >> shift) & 0xffn)).join(".");
}
