/** The key under which budgets and places of an address are counted, the same for both transports. */

import { formatIpAddress, parseIpAddress, unmapAddress } from "./address.ts";
import type { Endpoint } from "./endpoint.ts";

/** One machine may take any address of its subnet, which is a /64 (RFC 4291 §2.5.4). */
const subnetShift = 64n;

/**
 * `10.1.2.3` for an IPv4 address, mapped or not; `2001:db8::/64` for every IPv6 address of that subnet, with a zone or
 * without. undefined for a UNIX socket, which has no address.
 */
export function makeAddressKey(endpoint: Endpoint): string | undefined {
  if (endpoint.family === "unix") return undefined;
  const parsed = parseIpAddress(endpoint.address);
  if (parsed === undefined) return endpoint.address;
  const address = unmapAddress(parsed);
  if (address.family === "IPv4") return formatIpAddress(address);
  const value = (address.value >> subnetShift) << subnetShift;
  return `${formatIpAddress({ family: "IPv6", value })}/64`;
}
