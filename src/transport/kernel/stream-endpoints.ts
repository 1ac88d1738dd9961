/**
 * Both endpoints of an IP stream socket. Bun reports neither of a closed socket, and not the peer's of one that was
 * reset, which can happen before accept. Linux still has the peer's as long as the descriptor is open (SO_PEERNAME).
 */

import { formatIpAddress, isLinkLocal, parseIpAddress, readZone } from "../../protocol/address/address.ts";
import { type IpEndpoint, makeIpEndpoint, type Endpoint } from "../../protocol/address/endpoint.ts";
import { nameInterface } from "./zones.ts";
import { type Libc, loadLibc, readDescriptor } from "./socket-options.ts";

/** The addresses of Bun's socket, whatever the type of its data. */
type AddressedSocket = Pick<
  Bun.Socket<unknown>,
  "localAddress" | "localPort" | "remoteAddress" | "remotePort"
>;

export interface StreamEndpoints {
  readonly local: Endpoint;
  readonly peer: Endpoint;
}

/**
 * Undefined if the socket is closed and the kernel does not have the endpoints either. `zone`: of the address that was
 * connected to.
 */
export function readStreamEndpoints(socket: AddressedSocket, zone?: string): StreamEndpoints | undefined {
  const { localAddress, localPort } = socket;
  const peer = readPeer(socket, zone);
  if (localAddress === undefined || localPort === undefined || peer === undefined) return undefined;
  return { local: makeIpEndpoint(addZone(localAddress, readZone(peer.address)), localPort), peer };
}

/** Bun 1.4.5 reports the addresses of a TCP socket without their zone, which is the same at both ends. */
function readPeer(socket: AddressedSocket, zone: string | undefined): IpEndpoint | undefined {
  const { remoteAddress, remotePort = 0 } = socket;
  if (remoteAddress !== undefined && (zone !== undefined || !needsZone(remoteAddress)))
    return makeIpEndpoint(addZone(remoteAddress, zone), remotePort);
  const libc = loadLibc();
  const named = libc && readPeerName(libc, readDescriptor(socket));
  return named ?? (remoteAddress === undefined ? undefined : makeIpEndpoint(remoteAddress, remotePort));
}

function addZone(address: string, zone: string | undefined): string {
  return zone !== undefined && needsZone(address) ? `${address}%${zone}` : address;
}

function needsZone(address: string): boolean {
  const parsed = parseIpAddress(address);
  return parsed !== undefined && isLinkLocal(parsed) && readZone(address) === undefined;
}

function nameScope(index: number): string | undefined {
  return index === 0 ? undefined : nameInterface(index);
}

const SOL_SOCKET = 1;
const SO_PEERNAME = 28;
/**
 * struct sockaddr_in6 and sockaddr_in (ipv6(7), ip(7)). A length above the address's own fails, so the longer layout
 * is tried first.
 */
const layouts = [
  { family: "IPv6", bytes: 28, addressAt: 8, addressEnd: 24 },
  { family: "IPv4", bytes: 16, addressAt: 4, addressEnd: 8 },
] as const;
const portAt = 2;
/** sin6_scope_id, the number of the interface of a link-local address, in the byte order of the machine. */
const scopeAt = 24;

/** Undefined if the descriptor is no TCP socket, or was closed meanwhile. */
function readPeerName(libc: Libc, fd: number): IpEndpoint | undefined {
  for (const { family, bytes, addressAt, addressEnd } of layouts) {
    const name = Buffer.alloc(bytes);
    if (libc.getsockopt(fd, SOL_SOCKET, SO_PEERNAME, name, new Uint32Array([bytes])) !== 0) continue;
    const value = BigInt(`0x${name.toString("hex", addressAt, addressEnd)}`);
    const address = formatIpAddress({ family, value });
    const zone = family === "IPv6" ? nameScope(name.readUInt32LE(scopeAt)) : undefined;
    return makeIpEndpoint(addZone(address, zone), name.readUInt16BE(portAt));
  }
  return undefined;
}
