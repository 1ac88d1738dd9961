/** The socket interface of a UDP transport, and Bun's socket behind it, with a large receive buffer. */

import { raiseReceiveBuffer } from "../kernel/socket-options.ts";

/** The methods of Bun's socket that are used; tests have one whose buffer is full. */
export interface DatagramSocket {
  readonly port: number;
  /** The source address of its datagrams, if it is not the one that bind was called with. */
  readonly localAddress?: string;
  send(payload: Uint8Array, port: number, address: string): boolean;
  /** Without SO_BROADCAST the kernel refuses datagrams to a broadcast address. */
  setBroadcast?(on: boolean): boolean;
  close(): void;
}

export interface DatagramHandlers {
  onData(bytes: Uint8Array, port: number, address: string): void;
  onDrain(): void;
  onError(thrown: unknown): void;
  /** The source address of the socket's datagrams has changed. */
  onMoved?(localAddress: string): void;
}

export type OpenDatagramSocket = (
  bind: { readonly hostname: string; readonly port: number; readonly ipv6Only: boolean },
  handlers: DatagramHandlers,
) => Promise<DatagramSocket>;

/** The kernel counts 768 bytes for a short datagram, so 50,000 of them fit until they are read. */
const receiveBufferBytes = 32 * 1024 * 1024;

/** IPv6 only. Bun 1.4.5 ignores `ipv6Only` for UDP and takes this undocumented `flags` (bun-traps.test.ts). */
const ipv6OnlyFlag = 8;

/** Rejects if bind fails. */
export const openBunSocket: OpenDatagramSocket = async ({ hostname, port, ipv6Only }, handlers) => {
  const options = { hostname, port, flags: ipv6Only ? ipv6OnlyFlag : 0 };
  const socket = await Bun.udpSocket({
    ...options,
    binaryType: "uint8array",
    socket: {
      data: (_socket, bytes, fromPort, address) => handlers.onData(bytes, fromPort, address),
      drain: () => handlers.onDrain(),
      // Bun 1.4.5 calls it with the error alone, although it is typed as (socket, error).
      error: (thrown: unknown) => handlers.onError(thrown),
    },
  });
  // Before the endpoint is reported and peers can send to it.
  raiseReceiveBuffer(socket, receiveBufferBytes);
  return socket;
};
