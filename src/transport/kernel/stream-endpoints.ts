/**
 * Both endpoints of an IP stream socket. Bun has neither once the socket is closed, and not the peer's once the peer has
 * reset it, which may be before it was accepted: then the kernel is asked, which knows it for as long as the descriptor is
 * open (SO_PEERNAME, Linux). It knows no connections.
 */

import { formatIpAddress, unmapAddress } from "../../protocol/address/address.ts";
import { type Endpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { type Libc, loadLibc, readDescriptor } from "./socket-options.ts";

/** The addresses that Bun knows of an IP stream socket, whatever its handlers. */
type AddressedSocket = Pick<
  Bun.Socket<unknown>,
  "localAddress" | "localPort" | "remoteAddress" | "remotePort"
>;

export interface StreamEndpoints {
  readonly local: Endpoint;
  readonly peer: Endpoint;
}

/** undefined: the socket is closed, and the kernel does not know either. */
export function readStreamEndpoints(socket: AddressedSocket): StreamEndpoints | undefined {
  const { localAddress, localPort } = socket;
  const peer = peerOf(socket);
  if (localAddress === undefined || localPort === undefined || peer === undefined) return undefined;
  return { local: makeIpEndpoint(localAddress, localPort), peer };
}

function peerOf(socket: AddressedSocket): Endpoint | undefined {
  if (socket.remoteAddress !== undefined) return makeIpEndpoint(socket.remoteAddress, socket.remotePort ?? 0);
  const libc = loadLibc();
  return libc && readPeerName(libc, readDescriptor(socket));
}

const SOL_SOCKET = 1;
const SO_PEERNAME = 28;
/** struct sockaddr_in6 and sockaddr_in (ipv6(7), ip(7)). Asked for more than there is, the kernel tells nothing. */
const layouts = [
  { family: "IPv6", bytes: 28, addressAt: 8, addressEnd: 24 },
  { family: "IPv4", bytes: 16, addressAt: 4, addressEnd: 8 },
] as const;
const portAt = 2;

/** undefined: no TCP socket, or closed meanwhile. */
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
