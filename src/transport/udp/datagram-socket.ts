/**
 * The little that a UDP transport needs of a socket, and Bun's socket as such: opened, its receive buffer
 * raised, its handlers called as Bun really calls them. It knows no peers.
 */

import { raiseReceiveBuffer } from "../kernel/socket-options.ts";

/** What is used of Bun's socket; a test brings one whose buffer is full. */
export interface DatagramSocket {
  readonly port: number;
  /** Where its datagrams come from, when that is another address than it was to be bound to. */
  readonly localAddress?: string;
  send(payload: Uint8Array, port: number, address: string): boolean;
  /** Without it the kernel refuses what goes to everybody of a subnet (SO_BROADCAST). */
  setBroadcast?(on: boolean): boolean;
  close(): void;
}

export interface DatagramHandlers {
  onData(bytes: Uint8Array, port: number, address: string): void;
  onDrain(): void;
  onError(thrown: unknown): void;
}

export type OpenDatagramSocket = (
  bind: { readonly hostname: string; readonly port: number; readonly ipv6Only: boolean },
  handlers: DatagramHandlers,
) => Promise<DatagramSocket>;

/** As the kernel counts it, a short datagram takes 768 bytes: 50,000 of them fit while nobody reads. */
const receiveBufferBytes = 32 * 1024 * 1024;

/** IPv6 only. Bun 1.4.5 ignores `ipv6Only` for UDP and takes this undocumented `flags` (bun-traps.test.ts). */
const ipv6OnlyFlag = 8;

/** Rejects as bind fails. */
export const openBunSocket: OpenDatagramSocket = async ({ hostname, port, ipv6Only }, handlers) => {
  const options = { hostname, port, flags: ipv6Only ? ipv6OnlyFlag : 0 };
  const socket = await Bun.udpSocket({
    ...options,
    binaryType: "uint8array",
    socket: {
      data: (_socket, bytes, fromPort, address) => handlers.onData(bytes, fromPort, address),
      drain: () => handlers.onDrain(),
      // Called with the error alone (Bun 1.4.5), though typed as (socket, error).
      error: (thrown: unknown) => handlers.onError(thrown),
    },
  });
  // Before anybody is told where to send to.
  raiseReceiveBuffer(socket, receiveBufferBytes);
  return socket;
};
