/**
 * Both endpoints of an IP stream socket. Bun reports neither of a closed socket, and not the peer's of one that was
 * reset, which can happen before accept. Linux still has the peer's as long as the descriptor is open (SO_PEERNAME).
 */

import { formatIpAddress, unmapAddress } from "../../protocol/address/address.ts";
import { type Endpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
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

/** Undefined if the socket is closed and the kernel does not have the endpoints either. */
export function readStreamEndpoints(socket: AddressedSocket): StreamEndpoints | undefined {
  const { localAddress, localPort } = socket;
  const peer = readPeer(socket);
  if (localAddress === undefined || localPort === undefined || peer === undefined) return undefined;
  return { local: makeIpEndpoint(localAddress, localPort), peer };
}

function readPeer(socket: AddressedSocket): Endpoint | undefined {
  if (socket.remoteAddress !== undefined) return makeIpEndpoint(socket.remoteAddress, socket.remotePort ?? 0);
  const libc = loadLibc();
  return libc && readPeerName(libc, readDescriptor(socket));
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

/** Undefined if the descriptor is no TCP socket, or was closed meanwhile. */
function readPeerName(libc: Libc, fd: number): Endpoint | undefined {
  for (const { family, bytes, addressAt, addressEnd } of layouts) {
    const name = Buffer.alloc(bytes);
    if (libc.getsockopt(fd, SOL_SOCKET, SO_PEERNAME, name, new Uint32Array([bytes])) !== 0) continue;
    const value = BigInt(`0x${name.toString("hex", addressAt, addressEnd)}`);
    const address = unmapAddress({ family, value });
    return { family: address.family, address: formatIpAddress(address), port: name.readUInt16BE(portAt) };
  }
  return undefined;
}
