/**
 * A UDP socket that joins groups and sends to them through an interface of one's choice, over Bun's calls. TTL or hop
 * limit 1: nothing of it passes a router. It knows no group and no meaning of the bytes.
 */

import { stripPrefixLength, type LanInterface, type SystemResult } from "../../protocol/lan/lan-event.ts";
import type { DatagramHandlers } from "../udp/datagram-socket.ts";
import { raiseReceiveBuffer } from "../kernel/socket-options.ts";

interface MulticastBind {
  readonly hostname: string;
  readonly port: number;
  readonly family: "IPv4" | "IPv6";
  /** Others of this machine may be bound to the port as well, and each hears what is sent to a group. */
  readonly isShared: boolean;
  readonly receiveBufferBytes?: number;
}

/** As DatagramHandlers; who sends little needs to hear of no room and no error. */
export type MulticastHandlers = Pick<DatagramHandlers, "onData"> & Partial<DatagramHandlers>;

/** An interface, as far as a socket needs to know it. */
export type SocketInterface = Pick<LanInterface, "name" | "family" | "cidrs">;

/** Bun 1.4.5 knows these by an undocumented `flags` alone (bun-traps.test.ts). */
const ipv6OnlyFlag = 8;
const reuseAddressFlag = 16;

/** Rejects as bind fails. */
export async function openMulticast(
  { hostname, port, family, isShared, receiveBufferBytes }: MulticastBind,
  handlers: MulticastHandlers,
): Promise<MulticastSocket> {
  const flags = (family === "IPv6" ? ipv6OnlyFlag : 0) | (isShared ? reuseAddressFlag : 0);
  const options = { hostname, port, flags };
  const socket = await Bun.udpSocket({
    ...options,
    binaryType: "uint8array",
    socket: {
      data: (_socket, bytes, fromPort, address) => handlers.onData(bytes, fromPort, address),
      drain: () => handlers.onDrain?.(),
      // Without a handler an error would end the process (Bun 1.4.5).
      error: (thrown: unknown) => handlers.onError?.(thrown),
    },
  });
  socket.setMulticastTTL(1);
  // Other duets of this machine are to hear us, and a probe is to come back.
  socket.setMulticastLoopback(true);
  if (receiveBufferBytes !== undefined) raiseReceiveBuffer(socket, receiveBufferBytes);
  return new MulticastSocket(socket);
}

type BunSocket = Bun.udp.Socket<"uint8array">;

export class MulticastSocket {
  readonly #socket: BunSocket;

  constructor(socket: BunSocket) {
    this.#socket = socket;
  }

  get port(): number {
    return this.#socket.port;
  }

  /** Hears a group on an interface from now on. One that is joined already is as good. */
  join(group: string, on: SocketInterface): SystemResult {
    try {
      this.#socket.addMembership(group, interfaceName(on));
      return "ok";
    } catch (thrown) {
      const code = readSystemCode(thrown);
      return code === "EADDRINUSE" ? "ok" : code;
    }
  }

  /** One datagram to a group, through an interface. `EAGAIN`: the kernel has no room, and it is lost. */
  send(payload: Uint8Array, port: number, group: string, through: SocketInterface): SystemResult {
    try {
      this.setOutgoing(through);
      const to = through.family === "IPv4" ? group : `${group}%${through.name}`;
      return this.#socket.send(payload, port, to) ? "ok" : "EAGAIN";
    } catch (thrown) {
      return readSystemCode(thrown);
    }
  }

  /** What is sent to any group from now on leaves through this interface. */
  setOutgoing(through: SocketInterface): void {
    this.#socket.setMulticastInterface(interfaceName(through));
  }

  /** One datagram, to a group or to one member. False: the kernel has no room. Throws as Bun's `send` does. */
  sendTo(payload: Uint8Array, port: number, address: string): boolean {
    return this.#socket.send(payload, port, address);
  }

  setBroadcast(on: boolean): boolean {
    return this.#socket.setBroadcast(on);
  }

  close(): void {
    this.#socket.close();
  }
}

/** By an address of it, or for IPv6 by its name: its addresses may be another interface's as well. */
function interfaceName({ name, family, cidrs }: SocketInterface): string {
  return family === "IPv4" ? stripPrefixLength(cidrs[0]) : `::%${name}`;
}

/** What the system called it, ENODEV among them, which no other call of duet's meets. */
export function readSystemCode(thrown: unknown): SystemResult {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && /^\w{1,40}$/.test(code) ? code : "EUNKNOWN";
}
