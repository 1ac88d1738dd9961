/**
 * A UDP socket that joins groups, and sends to them through a chosen interface, over Bun's calls. The TTL or hop limit
 * is 1, so no datagram passes a router.
 */

import { stripPrefixLength, type LanInterface, type SystemResult } from "../../protocol/lan/lan-event.ts";
import type { DatagramHandlers } from "../udp/datagram-socket.ts";
import { raiseReceiveBuffer } from "../kernel/socket-options.ts";

interface MulticastBind {
  readonly hostname: string;
  readonly port: number;
  readonly family: "IPv4" | "IPv6";
  /** Other sockets of this machine may be bound to the port as well; each receives the group's datagrams. */
  readonly isShared: boolean;
  readonly receiveBufferBytes?: number;
}

/**
 * DatagramHandlers of which only `onData` is required: a socket that rarely sends can do without `onDrain` and
 * `onError`.
 */
export type MulticastHandlers = Pick<DatagramHandlers, "onData"> & Partial<DatagramHandlers>;

/** The fields of an interface that a socket needs. */
export type SocketInterface = Pick<LanInterface, "name" | "family" | "cidrs">;

/** Bun 1.4.5 takes these only in the undocumented `flags` (bun-traps.test.ts). */
const ipv6OnlyFlag = 8;
const reuseAddressFlag = 16;

/** Rejects as bind fails. `onOpened` is called before a datagram can be received from a group. */
export async function openMulticast(
  { hostname, port, family, isShared, receiveBufferBytes }: MulticastBind,
  handlers: MulticastHandlers,
  onOpened: (socket: object) => void = () => {},
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
  onOpened(socket);
  socket.setMulticastTTL(1);
  // Other duets of this machine must receive our datagrams, and our own probe must be looped back.
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

  /** Joins a group on an interface. Joining twice does no harm. */
  join(group: string, on: SocketInterface): SystemResult {
    const code = this.#tryJoin(group, on);
    // Linux keeps the memberships of interfaces that were removed, up to net.ipv4.igmp_max_memberships (20).
    return code === "ENOBUFS" && this.leave(group, on) === "ok" ? this.#tryJoin(group, on) : code;
  }

  #tryJoin(group: string, on: SocketInterface): SystemResult {
    try {
      this.#socket.addMembership(group, formatInterface(on));
      return "ok";
    } catch (thrown) {
      const code = readSystemCode(thrown);
      return code === "EADDRINUSE" ? "ok" : code;
    }
  }

  /** Leaves a group on an interface, which may be gone. */
  leave(group: string, on: SocketInterface): SystemResult {
    try {
      this.#socket.dropMembership(group, formatInterface(on));
      return "ok";
    } catch (thrown) {
      return readSystemCode(thrown);
    }
  }

  /** Sends one datagram to a group through an interface. `EAGAIN`: the kernel had no room, and the datagram is lost. */
  send(payload: Uint8Array, port: number, group: string, outgoing: SocketInterface): SystemResult {
    try {
      this.setOutgoing(outgoing);
      const to = outgoing.family === "IPv4" ? group : `${group}%${outgoing.name}`;
      return this.#socket.send(payload, port, to) ? "ok" : "EAGAIN";
    } catch (thrown) {
      return readSystemCode(thrown);
    }
  }

  /** Datagrams to any group leave through this interface from now on. */
  setOutgoing(outgoing: SocketInterface): void {
    this.#socket.setMulticastInterface(formatInterface(outgoing));
  }

  /** Sends one datagram, to a group or to one member. False: the kernel has no room. Throws if Bun's `send` does. */
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

/** An IPv4 interface by its address, an IPv6 one by its name, since another interface may have the same addresses. */
function formatInterface({ name, family, cidrs }: SocketInterface): string {
  return family === "IPv4" ? stripPrefixLength(cidrs[0]) : `::%${name}`;
}

/** The system's error code, even one that ErrorCode does not have, such as ENODEV. */
export function readSystemCode(thrown: unknown): SystemResult {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && /^\w{1,40}$/.test(code) ? code : "EUNKNOWN";
}
