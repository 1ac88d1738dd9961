/** The zones of link-local addresses: the names of interfaces (RFC 4007 §11). Read on every call. */

import { networkInterfaces } from "node:os";
import { readZone } from "../../protocol/address/address.ts";

/**
 * An address with its zone by name, as the kernel reports it, where a person wrote the interface's number (RFC 4007
 * §11.2). An interface whose name is a number has precedence, as in if_nametoindex(3).
 */
export function nameZone(address: string): string {
  const zone = readZone(address);
  if (zone === undefined || !/^\d+$/.test(zone)) return address;
  const interfaces = networkInterfaces();
  const name = zone in interfaces ? zone : nameInterface(Number(zone));
  return name === undefined ? address : `${address.slice(0, -zone.length)}${name}`;
}

/** The name of the interface with this number; undefined if it has no IPv6 address. */
export function nameInterface(index: number): string | undefined {
  const has = (addresses: ReturnType<typeof networkInterfaces>[string] = []) =>
    addresses.some((each) => each.family === "IPv6" && each.scopeid === index);
  return Object.entries(networkInterfaces()).find(([, addresses]) => has(addresses))?.[0];
}
