/** The socket interface of a UDP transport, and Bun's socket behind it, with a large receive buffer. */

import { raiseReceiveBuffer } from "../kernel/socket-options.ts";

/** The methods of Bun's socket that are used; tests have one whose buffer is full. */
export interface DatagramSocket {
  readonly port: number;
  /** The source address of its datagrams, if it is not the one that bind was called with. */
  readonly localAddress?: string;
  /** False if listeners at every address cannot answer from the address that was asked: the kernel chooses one. */
  readonly answersFromAsked?: boolean;
  /** `local`: the address to send from, as onData reported it. */
  send(payload: Uint8Array, port: number, address: string, local?: string): boolean;
  /** Without SO_BROADCAST the kernel refuses datagrams to a broadcast address. */
  setBroadcast?(on: boolean): boolean;
  close(): void;
}

export interface DatagramHandlers {
  /** `local`: the address of this machine that was asked, if it is known. */
  onData(bytes: Uint8Array, port: number, address: string, local?: string): void;
  onDrain(): void;
  onError(thrown: unknown): void;
  /** The source address of the socket's datagrams has changed. */
  onMoved?(localAddress: string): void;
}

interface DatagramBind {
  readonly hostname: string;
  readonly port: number;
  readonly ipv6Only: boolean;
  /** Peers that this machine does not know yet send to it. */
  readonly isListener: boolean;
}

export type OpenDatagramSocket = (bind: DatagramBind, handlers: DatagramHandlers) => Promise<DatagramSocket>;

/** The kernel counts 768 bytes for a short datagram, so 50,000 of them fit until they are read. */
const receiveBufferBytes = 32 * 1024 * 1024;

/** Bun 1.4.5 ignores `ipv6Only` for UDP, and takes these in the undocumented `flags` (bun-traps.test.ts). */
const ipv6OnlyFlag = 8;
const reuseAddressFlag = 16;

type OneBind = Omit<DatagramBind, "isListener"> & { readonly isShared?: boolean };

/** Rejects if bind fails. It is bound when the call returns. */
export async function openOneSocket(
  { hostname, port, ipv6Only, isShared = false }: OneBind,
  handlers: DatagramHandlers,
): Promise<Bun.udp.Socket<"uint8array">> {
  const flags = (ipv6Only ? ipv6OnlyFlag : 0) | (isShared ? reuseAddressFlag : 0);
  const options = { hostname, port, flags };
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
}
