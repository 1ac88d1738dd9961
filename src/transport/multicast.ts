/**
 * A UDP socket that joins groups and sends to them through an interface of one's choice, over Bun's calls. TTL or hop
 * limit 1: nothing of it passes a router. It knows no group and no meaning of the bytes.
 */

import { addressOf, type LanInterface, type SystemResult } from "../protocol/lan-event.ts";

export interface MulticastBind {
  readonly hostname: string;
  readonly port: number;
  readonly family: "IPv4" | "IPv6";
  /** Others of this machine may be bound to the port as well, and each hears what is sent to a group. */
  readonly shared: boolean;
}

/** An interface, as far as a socket needs to know it. */
export type Through = Pick<LanInterface, "name" | "family" | "cidrs">;

/** Bun 1.4.5 knows these by an undocumented `flags` alone (bun-traps.test.ts). */
const ipv6OnlyFlag = 8;
const reuseAddressFlag = 16;

/** Rejects as bind fails. */
export async function openMulticast(
  { hostname, port, family, shared }: MulticastBind,
  onData: (bytes: Uint8Array, port: number, address: string) => void,
): Promise<MulticastSocket> {
  const flags = (family === "IPv6" ? ipv6OnlyFlag : 0) | (shared ? reuseAddressFlag : 0);
  const options = { hostname, port, flags };
  const socket = await Bun.udpSocket({
    ...options,
    binaryType: "uint8array",
    socket: {
      data: (_socket, bytes, fromPort, address) => onData(bytes, fromPort, address),
      // Nobody can be unreachable who is a group; what a send throws is told by `send`.
      error: () => {},
    },
  });
  socket.setMulticastTTL(1);
  // Other duets of this machine are to hear us, and a probe is to come back.
  socket.setMulticastLoopback(true);
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
  join(group: string, on: Through): SystemResult {
    try {
      this.#socket.addMembership(group, interfaceName(on));
      return "ok";
    } catch (thrown) {
      const code = systemCode(thrown);
      return code === "EADDRINUSE" ? "ok" : code;
    }
  }

  /** One datagram to a group, through an interface. `EAGAIN`: the kernel has no room, and it is lost. */
  send(payload: Uint8Array, port: number, group: string, through: Through): SystemResult {
    try {
      this.#socket.setMulticastInterface(interfaceName(through));
      const to = through.family === "IPv4" ? group : `${group}%${through.name}`;
      return this.#socket.send(payload, port, to) ? "ok" : "EAGAIN";
    } catch (thrown) {
      return systemCode(thrown);
    }
  }

  close(): void {
    this.#socket.close();
  }
}

/** By an address of it, or for IPv6 by its name: its addresses may be another interface's as well. */
function interfaceName({ name, family, cidrs }: Through): string {
  return family === "IPv4" ? addressOf(cidrs[0]) : `::%${name}`;
}

/** What the system called it, ENODEV among them, which no other call of duet's meets. */
export function systemCode(thrown: unknown): SystemResult {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && /^\w{1,40}$/.test(code) ? code : "EUNKNOWN";
}
