/** The broadcast address of a subnet (RFC 919, RFC 4632): where one datagram reaches every machine there. IPv4 alone has one. */

import { parseIpAddress } from "./address.ts";

/** Every machine of the very network it is sent on; no router passes it on (RFC 919 §7). */
export const limitedBroadcast = "255.255.255.255";

/** Of `192.0.2.7/24`: 192.0.2.255. Undefined where there is none: IPv6, and subnets of one or two addresses (RFC 3021). */
export function computeBroadcastAddress(cidr: string): string | undefined {
  const [address = "", prefix = ""] = cidr.split("/");
  const parsed = parseIpAddress(address);
  const hostBits = 32 - Number(prefix);
  if (parsed?.family !== "IPv4" || !/^\d{1,2}$/.test(prefix) || hostBits < 2 || hostBits > 32)
    return undefined;
  const last = parsed.value | ((1n << BigInt(hostBits)) - 1n);
  return [24n, 16n, 8n, 0n].map((shift) => String((last >> shift) & 0xffn)).join(".");
}
