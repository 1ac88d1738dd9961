/**
 * A multicast group as one UDP socket, made of several: the receivers, one for each interface, are bound to the
 * group's port, which they share with other programs of this machine; the sender has a port of its own, so that this
 * duet recognises and ignores its own datagrams when they are looped back.
 */

import { makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { stripPrefixLength } from "../../protocol/lan/lan-event.ts";
import type { DatagramHandlers, DatagramSocket, OpenDatagramSocket } from "../udp/datagram-socket.ts";
import { type Interface, listInterfaces, listOwnAddresses } from "../addresses/interfaces.ts";
import { GroupReceivers } from "./group-receivers.ts";
import { type MulticastSocket, openMulticast, readSystemCode } from "./multicast-socket.ts";

/** Interfaces that were removed or added are followed within this time; after a failed send, at once. */
const followIntervalMs = 2000;

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
    if (outgoing === undefined) throw Object.assign(new Error("no interface"), { code: "ENETUNREACH" });
    const any = family === "IPv4" ? "0.0.0.0" : "::";
    const sender = await openMulticast({ hostname: any, port: 0, family, isShared: false }, handlers);
    const receivers = new GroupReceivers(address, group.port, (bytes, port, from) => {
      // Our own datagrams are looped back.
      if (port !== sender.port || !isOwnAddress(from)) handlers.onData(bytes, port, from);
    });
    const socket = new GroupSocket(sender, receivers, outgoing, handlers);
    try {
      await receivers.follow(listUsable());
    } catch (thrown) {
      socket.close();
      throw thrown;
    }
    socket.startFollowing(listUsable, () => chooseOutgoing(listUsable(), family, address));
    return socket;
  };
}

/** What a send throws whose interface is gone, or was replaced by one of the same name. */
const goneCodes: ReadonlySet<string> = new Set(["ENODEV", "ENETUNREACH", "EADDRNOTAVAIL", "EINVAL"]);

class GroupSocket implements DatagramSocket {
  readonly #sender: MulticastSocket;
  readonly #receivers: GroupReceivers;
  readonly #handlers: DatagramHandlers;
  #outgoing: Interface;
  #timer: ReturnType<typeof setInterval> | undefined;
  #listUsable: () => readonly Interface[] = () => [];

  constructor(
    sender: MulticastSocket,
    receivers: GroupReceivers,
    outgoing: Interface,
    handlers: DatagramHandlers,
  ) {
    this.#sender = sender;
    this.#receivers = receivers;
    this.#outgoing = outgoing;
    this.#handlers = handlers;
    sender.setOutgoing(outgoing);
  }

  get port(): number {
    return this.#sender.port;
  }

  get localAddress(): string {
    return stripPrefixLength(this.#outgoing.cidrs[0]);
  }

  startFollowing(listUsable: () => readonly Interface[], choose: () => Promise<Interface | undefined>): void {
    this.#listUsable = listUsable;
    this.#timer = setInterval(() => {
      // A receiver that cannot be opened now is opened later.
      this.#receivers.follow(listUsable()).catch(() => {});
      void choose().then((outgoing) => this.#moveTo(outgoing));
    }, followIntervalMs);
  }

  /** Sends from this interface from now on; from a new one of the same name, too, which the socket must be told. */
  #moveTo(outgoing: Interface | undefined): void {
    if (outgoing === undefined || this.#timer === undefined) return;
    // The loopback interface alone would send to nobody else, and report success.
    if (outgoing.isLoopback && !this.#outgoing.isLoopback) return;
    const before = this.localAddress;
    try {
      this.#sender.setOutgoing(outgoing);
    } catch {
      return; // It was removed since it was listed.
    }
    this.#outgoing = outgoing;
    if (this.localAddress !== before) this.#handlers.onMoved?.(this.localAddress);
  }

  /** If the interface is gone, sends from another one, or from that of the same name which replaced it. */
  send(payload: Uint8Array, port: number, address: string): boolean {
    try {
      return this.#sender.sendTo(payload, port, address);
    } catch (thrown) {
      if (!goneCodes.has(readSystemCode(thrown))) throw thrown;
      const usable = this.#listUsable();
      const replaced = usable.find(({ id }) => id === this.#outgoing.id);
      const other = replaced ?? usable.find(({ isLoopback }) => !isLoopback);
      if (other === undefined) throw thrown;
      this.#moveTo(other);
      this.#receivers.follow(usable).catch(() => {});
      return this.#sender.sendTo(payload, port, address);
    }
  }

  setBroadcast(on: boolean): boolean {
    return this.#sender.setBroadcast(on);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#receivers.close();
    this.#sender.close();
  }
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
): Promise<Interface | undefined> {
  const route = await findSourceAddress(family, group);
  return (
    listUsable.find(({ cidrs }) => cidrs.some((cidr) => stripPrefixLength(cidr) === route)) ??
    listUsable.find(({ isLoopback }) => !isLoopback) ??
    listUsable[0]
  );
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
