/**
 * The address of a peer that Bun no longer tells: who has reset a connection before it was accepted is asked of the kernel,
 * which knows it for as long as the descriptor is open (SO_PEERNAME, Linux). It knows no connections.
 */

import { formatIpAddress, unmapAddress } from "../protocol/address.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { Libc } from "./socket-options.ts";

const SOL_SOCKET = 1;
const SO_PEERNAME = 28;
/** struct sockaddr_in6 and sockaddr_in (ipv6(7), ip(7)). Asked for more than there is, the kernel tells nothing. */
const layouts = [
  { family: "IPv6", bytes: 28, addressAt: 8, addressEnd: 24 },
  { family: "IPv4", bytes: 16, addressAt: 4, addressEnd: 8 },
] as const;
const portAt = 2;

/** undefined: no TCP socket, or closed meanwhile. */
export function readPeerName(libc: Libc, fd: number): Endpoint | undefined {
  for (const { family, bytes, addressAt, addressEnd } of layouts) {
    const name = Buffer.alloc(bytes);
    if (libc.getsockopt(fd, SOL_SOCKET, SO_PEERNAME, name, new Uint32Array([bytes])) !== 0) continue;
    const value = BigInt(`0x${name.toString("hex", addressAt, addressEnd)}`);
    const address = unmapAddress({ family, value });
    return { family: address.family, address: formatIpAddress(address), port: name.readUInt16BE(portAt) };
  }
  return undefined;
}
