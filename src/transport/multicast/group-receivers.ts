/**
 * The receivers of a group: one for each interface, so that what several interfaces of one LAN bring is known for
 * copies. They follow the interfaces, which may be removed and added while the chat runs. Where a socket cannot be kept
 * to its own interface (over IPv6, or without bun:ffi), one receiver joins on one interface of each network.
 */

import { readZone } from "../../protocol/address/address.ts";
import { formatCidr, parseCidr } from "../../protocol/address/cidr.ts";
import type { Interface } from "../addresses/interfaces.ts";
import { joinedGroupsOnly } from "../kernel/socket-options.ts";
import type { DatagramHandlers } from "../udp/datagram-socket.ts";
import { GroupCopies } from "./group-copies.ts";
import { type MulticastSocket, openMulticast } from "./multicast-socket.ts";

const receiveBufferBytes = 4 * 1024 * 1024;

/** The key of the one receiver that joins for all interfaces. */
const forAll = "all";

export class GroupReceivers {
  readonly #group: string;
  readonly #port: number;
  readonly #onData: DatagramHandlers["onData"];
  /** By the interface's id and address. */
  readonly #receivers = new Map<string, MulticastSocket>();
  readonly #copies = new GroupCopies();
  /**
   * False if the system cannot keep a socket to its own interface: then one socket joins for all. Linux 6.1 compares the
   * group alone for IPv6, whatever IPV6_MULTICAST_ALL is.
   */
  #canSeparate: boolean;
  /** Interfaces but the loopback one, at the last look. */
  #outward = 0;
  #isFollowing = false;
  #isClosed = false;

  constructor(group: string, port: number, onData: DatagramHandlers["onData"]) {
    this.#group = group;
    this.#canSeparate = !group.includes(":");
    this.#port = port;
    this.#onData = onData;
  }

  /** Opens a receiver on each interface, joins again, and closes those of interfaces that are gone. Rejects if bind fails. */
  async follow(interfaces: readonly Interface[]): Promise<void> {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    try {
      await this.#follow(interfaces);
    } finally {
      this.#isFollowing = false;
    }
  }

  async #follow(interfaces: readonly Interface[]): Promise<void> {
    this.#outward = interfaces.filter(({ isLoopback }) => !isLoopback).length;
    const wanted = new Map(interfaces.map((each) => [keyOf(each), each]));
    for (const [key, socket] of this.#receivers) {
      if (wanted.has(key) || key === forAll) continue;
      this.#receivers.delete(key);
      socket.close();
    }
    const [first] = interfaces;
    if (!this.#canSeparate && !this.#receivers.has(forAll) && first !== undefined)
      await this.#open(forAll, first);
    for (const [key, each] of wanted) {
      if (!this.#canSeparate) break;
      const socket = this.#receivers.get(key) ?? (await this.#open(key, each));
      if (this.#isClosed) return;
      // Joins again each time, since an interface may have been removed and added meanwhile.
      socket.join(this.#group, each);
    }
    if (!this.#canSeparate) this.#joinOnePerNetwork(interfaces);
  }

  /** Joins on the first interface of each network, and leaves on the others, which would bring copies. */
  #joinOnePerNetwork(interfaces: readonly Interface[]): void {
    const networks = new Set<string>();
    for (const each of interfaces) {
      const network = findNetwork(each);
      const isFirst = network === undefined || !networks.has(network);
      if (network !== undefined) networks.add(network);
      this.#receivers.get(forAll)?.[isFirst ? "join" : "leave"](this.#group, each);
    }
  }

  async #open(key: string, { family }: Interface): Promise<MulticastSocket> {
    // Bound to the group's address, an IPv4 socket receives no unicast datagrams.
    const hostname = family === "IPv4" ? this.#group : "::";
    const bind = { hostname, port: this.#port, family, isShared: true, receiveBufferBytes } as const;
    const onData: DatagramHandlers["onData"] = (bytes, port, address) =>
      this.#receive(key, bytes, port, address);
    const socket = await openMulticast(bind, { onData }, (opened) => {
      const isSeparate = joinedGroupsOnly(opened, family);
      this.#canSeparate &&= isSeparate;
    });
    if (this.#isClosed) socket.close();
    else this.#receivers.set(this.#canSeparate ? key : forAll, socket);
    return socket;
  }

  #receive(key: string, bytes: Uint8Array, port: number, address: string): void {
    // One receiver for all knows the interface of a link-local sender alone, by its zone.
    const on = this.#canSeparate ? key : readZone(address);
    const mayBeCopy = this.#outward > 1 && on !== undefined;
    const from = mayBeCopy ? this.#copies.admit(on, bytes, port, address, performance.now()) : address;
    if (from !== undefined) this.#onData(bytes, port, from);
  }

  close(): void {
    this.#isClosed = true;
    for (const socket of this.#receivers.values()) socket.close();
    this.#receivers.clear();
  }
}

function keyOf({ id, cidrs }: Interface): string {
  return `${id} ${cidrs[0]}`;
}

/**
 * The network of an interface, by its first address. undefined: every interface has a link-local network of its own,
 * of the same name.
 */
function findNetwork({ cidrs, family }: Interface): string | undefined {
  const routed = cidrs.find((cidr) => family === "IPv4" || !/^fe[89ab]/i.test(cidr));
  const range = routed === undefined ? undefined : parseCidr(routed);
  return range === undefined ? undefined : formatCidr(range);
}
