/**
 * A UDP socket that joins groups, and sends to them through a chosen interface, over Bun's calls. The TTL or hop limit
 * is 1, so no datagram passes a router.
 */

import { stripPrefixLength, type LanInterface, type SystemResult } from "../../protocol/lan/lan-event.ts";
import { listInterfaces } from "../addresses/interfaces.ts";
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
  bind: MulticastBind,
  handlers: MulticastHandlers,
  onOpened: (socket: object) => void = () => {},
): Promise<MulticastSocket> {
  const open = (port: number): Promise<BunSocket> => openSocket({ ...bind, port }, handlers, onOpened);
  return new MulticastSocket(open, await open(bind.port));
}

async function openSocket(
  { hostname, port, family, isShared, receiveBufferBytes }: MulticastBind,
  handlers: MulticastHandlers,
  onOpened: (socket: object) => void,
): Promise<BunSocket> {
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
  return socket;
}

type BunSocket = Bun.udp.Socket<"uint8array">;

interface Membership {
  readonly group: string;
  readonly on: SocketInterface;
}

export class MulticastSocket {
  readonly #open: (port: number) => Promise<BunSocket>;
  #socket: BunSocket;
  /** By group and interface, as the system is told of them. */
  readonly #memberships = new Map<string, Membership>();
  /** Memberships that the system has counted for this socket, those of interfaces that are gone included. */
  #counted = 0;
  #isRenewing = false;
  #isClosed = false;

  constructor(open: (port: number) => Promise<BunSocket>, socket: BunSocket) {
    this.#open = open;
    this.#socket = socket;
  }

  get port(): number {
    return this.#socket.port;
  }

  /**
   * Joins a group on an interface. Joining twice does no harm. Linux keeps the memberships of interfaces that were
   * removed, up to net.ipv4.igmp_max_memberships (20), and no call drops those whose address is on another interface
   * now: with ENOBUFS the socket is opened anew and joins what it had joined, and a later join succeeds.
   */
  join(group: string, on: SocketInterface): SystemResult {
    const code = this.#tryJoin(group, on);
    if (code === "ok") this.#memberships.set(`${group} ${formatInterface(on)}`, { group, on });
    if (code !== "ENOBUFS") return code;
    this.#forgetGone();
    if (this.#counted > this.#memberships.size) void this.#renew();
    return code;
  }

  /** The system counts memberships of interfaces that are gone, too, but they need not be joined again. */
  #forgetGone(): void {
    const here = new Set(listInterfaces().map(formatInterface));
    for (const [key, { on }] of this.#memberships)
      if (!here.has(formatInterface(on))) this.#memberships.delete(key);
  }

  #tryJoin(group: string, on: SocketInterface): SystemResult {
    try {
      this.#socket.addMembership(group, formatInterface(on));
      this.#counted += 1;
      return "ok";
    } catch (thrown) {
      const code = readSystemCode(thrown);
      return code === "EADDRINUSE" ? "ok" : code;
    }
  }

  async #renew(): Promise<void> {
    if (this.#isRenewing || this.#isClosed) return;
    this.#isRenewing = true;
    const { port } = this.#socket;
    this.#socket.close();
    // A port that another program has taken meanwhile: the closed socket stays, and joins report it.
    const socket = await this.#open(port).catch(() => undefined);
    this.#isRenewing = false;
    if (socket === undefined) return;
    this.#socket = socket;
    if (this.#isClosed) return socket.close();
    this.#counted = 0;
    for (const { group, on } of this.#memberships.values()) this.#tryJoin(group, on);
  }

  /** Leaves a group on an interface, which may be gone. */
  leave(group: string, on: SocketInterface): SystemResult {
    try {
      this.#socket.dropMembership(group, formatInterface(on));
      this.#counted -= 1;
      this.#memberships.delete(`${group} ${formatInterface(on)}`);
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
    this.#isClosed = true;
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
