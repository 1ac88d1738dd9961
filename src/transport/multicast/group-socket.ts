/**
 * A multicast group as one UDP socket, made of two: the receiver is bound to the group's port, which it shares with
 * other programs of this machine; the sender has a port of its own, so that this duet recognises and ignores its own
 * datagrams when they are looped back.
 */

import { makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { stripPrefixLength } from "../../protocol/lan/lan-event.ts";
import type { DatagramHandlers, DatagramSocket, OpenDatagramSocket } from "../udp/datagram-socket.ts";
import { type Interface, listInterfaces, listOwnAddresses } from "../addresses/interfaces.ts";
import { type MulticastSocket, openMulticast } from "./multicast-socket.ts";

/** New interfaces are joined within this time. */
const joinIntervalMs = 10_000;
const receiveBufferBytes = 4 * 1024 * 1024;

export interface Group {
  /** An IPv6 address may have a zone; then only that interface is joined. */
  readonly address: string;
  readonly port: number;
}

/**
 * Ignores the endpoint to bind, which follows from the group. Rejects if bind fails, or with ENETUNREACH without an
 * interface.
 */
export function openGroup(group: Group): OpenDatagramSocket {
  return async (_bind, handlers) => {
    const family = group.address.includes(":") ? "IPv6" : "IPv4";
    const [address = "", zone] = group.address.split("%");
    const listUsable = (): readonly Interface[] =>
      listInterfaces().filter((each) => each.family === family && (zone === undefined || each.name === zone));
    const outgoing = await chooseOutgoing(listUsable(), family, address);
    const any = family === "IPv4" ? "0.0.0.0" : "::";
    const sender = await openMulticast({ hostname: any, port: 0, family, isShared: false }, handlers);
    const receiverHandlers = ignoreOwnDatagrams(handlers, sender.port);
    // Bound to the group's address, an IPv4 socket receives no unicast datagrams.
    const hostname = family === "IPv4" ? address : any;
    const bind = { hostname, port: group.port, family, isShared: true, receiveBufferBytes } as const;
    const receiver = await openMulticast(bind, receiverHandlers).catch((thrown: unknown) => {
      sender.close();
      throw thrown;
    });
    sender.setOutgoing(outgoing);
    return combineSockets(receiver, sender, stripPrefixLength(outgoing.cidrs[0]), () => {
      for (const each of listUsable()) receiver.join(address, each);
    });
  };
}

function combineSockets(
  receiver: MulticastSocket,
  sender: MulticastSocket,
  localAddress: string,
  join: () => void,
): DatagramSocket {
  join();
  const timer = setInterval(join, joinIntervalMs);
  return {
    port: sender.port,
    localAddress,
    send: (payload, port, to) => sender.sendTo(payload, port, to),
    setBroadcast: (on) => sender.setBroadcast(on),
    close: () => {
      clearInterval(timer);
      receiver.close();
      sender.close();
    },
  };
}

/** Drops our own datagrams that were looped back. Errors are reported by the sender. */
function ignoreOwnDatagrams(handlers: DatagramHandlers, ownPort: number): DatagramHandlers {
  return {
    onData: (bytes, port, address) => {
      if (port !== ownPort || !isOwnAddress(address)) handlers.onData(bytes, port, address);
    },
    onDrain: () => {},
    onError: () => {},
  };
}

function isOwnAddress(address: string): boolean {
  const { address: canonical } = makeIpEndpoint(address, 0);
  const [bare] = canonical.split("%");
  return listOwnAddresses().some((own) => own === bare);
}

/**
 * The interface that the kernel would send from, else the first that is no loopback. Only one, or members would
 * receive every datagram twice.
 */
async function chooseOutgoing(
  listUsable: readonly Interface[],
  family: "IPv4" | "IPv6",
  group: string,
): Promise<Interface> {
  const route = await findSourceAddress(family, group);
  const found =
    listUsable.find(({ cidrs }) => cidrs.some((cidr) => stripPrefixLength(cidr) === route)) ??
    listUsable.find(({ isLoopback }) => !isLoopback) ??
    listUsable[0];
  if (found === undefined) throw Object.assign(new Error("no interface"), { code: "ENETUNREACH" });
  return found;
}

/** Our source address on the route to the group; sends nothing. */
async function findSourceAddress(family: "IPv4" | "IPv6", group: string): Promise<string | undefined> {
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
