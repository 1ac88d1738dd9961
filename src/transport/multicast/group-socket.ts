/**
 * A multicast group as a UDP socket: what is sent to it reaches everybody who has joined, and what they say is heard. Two
 * sockets in one: one is bound to the group's port, shared with others of this machine; the other, which sends, has a port
 * of its own, so that this duet's datagrams can be told from those of its neighbours, and are not heard again.
 */

import { stripPrefixLength } from "../../protocol/lan/lan-event.ts";
import type { DatagramHandlers, DatagramSocket, OpenDatagramSocket } from "../udp/datagram-socket.ts";
import { type Interface, listInterfaces, listOwnAddresses } from "../addresses/interfaces.ts";
import { type MulticastSocket, openMulticast } from "./multicast-socket.ts";
import { canonicalizeAddress } from "../addresses/resolve.ts";

/** Interfaces that come later are joined within this time. */
const joinIntervalMs = 10_000;
const receiveBufferBytes = 4 * 1024 * 1024;

export interface Group {
  /** Of IPv6 perhaps with a zone: then only that interface is joined. */
  readonly address: string;
  readonly port: number;
}

/** Where it would be bound is chosen by the group alone. Rejects as bind fails, or with ENODEV without any interface. */
export function openGroup(group: Group): OpenDatagramSocket {
  return async (_bind, handlers) => {
    const family = group.address.includes(":") ? "IPv6" : "IPv4";
    const [address = "", zone] = group.address.split("%");
    const usable = (): readonly Interface[] =>
      listInterfaces().filter((each) => each.family === family && (zone === undefined || each.name === zone));
    const outgoing = await chooseOutgoing(usable(), family, address);
    const any = family === "IPv4" ? "0.0.0.0" : "::";
    const sending = await openMulticast({ hostname: any, port: 0, family, isShared: false }, handlers);
    const hears = heardByOthers(handlers, sending.port);
    // Bound to the group itself, an IPv4 socket hears nothing that was sent to this machine alone.
    const hostname = family === "IPv4" ? address : any;
    const bind = { hostname, port: group.port, family, isShared: true, receiveBufferBytes } as const;
    const hearing = await openMulticast(bind, hears).catch((thrown: unknown) => {
      sending.close();
      throw thrown;
    });
    sending.setOutgoing(outgoing);
    return joined(hearing, sending, stripPrefixLength(outgoing.cidrs[0]), () => {
      for (const each of usable()) hearing.join(address, each);
    });
  };
}

function joined(
  hearing: MulticastSocket,
  sending: MulticastSocket,
  localAddress: string,
  join: () => void,
): DatagramSocket {
  join();
  const timer = setInterval(join, joinIntervalMs);
  return {
    port: sending.port,
    localAddress,
    send: (payload, port, to) => sending.sendTo(payload, port, to),
    setBroadcast: (on) => sending.setBroadcast(on),
    close: () => {
      clearInterval(timer);
      hearing.close();
      sending.close();
    },
  };
}

/** What comes back of our own is nobody's word. Errors are those of sending. */
function heardByOthers(handlers: DatagramHandlers, ourPort: number): DatagramHandlers {
  return {
    onData: (bytes, port, address) => {
      if (port !== ourPort || !isOurs(address)) handlers.onData(bytes, port, address);
    },
    onDrain: () => {},
    onError: () => {},
  };
}

function isOurs(address: string): boolean {
  const [bare = ""] = address.split("%");
  return listOwnAddresses().some((own) => canonicalizeAddress(own) === canonicalizeAddress(bare));
}

/** As the kernel would send to it, else the first that leaves this machine: one alone, or members would hear all twice. */
async function chooseOutgoing(
  usable: readonly Interface[],
  family: "IPv4" | "IPv6",
  group: string,
): Promise<Interface> {
  const route = await routeTo(family, group);
  const found =
    usable.find(({ cidrs }) => cidrs.some((cidr) => stripPrefixLength(cidr) === route)) ??
    usable.find(({ isLoopback }) => !isLoopback) ??
    usable[0];
  if (found === undefined) throw Object.assign(new Error("no interface"), { code: "ENETUNREACH" });
  return found;
}

/** Our own address on the way to the group; nothing is sent to learn it. */
async function routeTo(family: "IPv4" | "IPv6", group: string): Promise<string | undefined> {
  try {
    const probe = await Bun.udpSocket({
      hostname: family === "IPv6" ? "::" : "0.0.0.0",
      connect: { hostname: group, port: 9 },
      socket: { data: () => {}, error: () => {} },
    });
    const { address } = probe.address;
    probe.close();
    return address;
  } catch {
    return undefined; // No route, or IPv6 without a zone.
  }
}
