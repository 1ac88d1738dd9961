/**
 * The receivers of a group: one for each interface, so that what several interfaces of one LAN bring is known for
 * copies. They follow the interfaces, which may be removed and added while the chat runs.
 */

import type { Interface } from "../addresses/interfaces.ts";
import { joinedGroupsOnly } from "../kernel/socket-options.ts";
import type { DatagramHandlers } from "../udp/datagram-socket.ts";
import { GroupCopies } from "./group-copies.ts";
import { type MulticastSocket, openMulticast } from "./multicast-socket.ts";

const receiveBufferBytes = 4 * 1024 * 1024;

interface Receiver {
  readonly socket: MulticastSocket;
  readonly isLoopback: boolean;
}

export class GroupReceivers {
  readonly #group: string;
  readonly #port: number;
  readonly #onData: DatagramHandlers["onData"];
  /** By the interface's id and address. */
  readonly #receivers = new Map<string, Receiver>();
  readonly #copies = new GroupCopies();
  /** False if the system cannot keep a socket to its own interface: then one socket joins on all, and shows copies. */
  #canSeparate = true;
  #isFollowing = false;
  #isClosed = false;

  constructor(group: string, port: number, onData: DatagramHandlers["onData"]) {
    this.#group = group;
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
    const wanted = new Map(interfaces.map((each) => [this.#canSeparate ? keyOf(each) : "all", each]));
    for (const [key, { socket }] of this.#receivers) {
      if (wanted.has(key)) continue;
      this.#receivers.delete(key);
      socket.close();
    }
    for (const [key, each] of wanted) {
      const { socket } = this.#receivers.get(key) ?? (await this.#open(key, each));
      if (this.#isClosed) return socket.close();
      // Joins again each time, since an interface may have been removed and added meanwhile.
      for (const on of this.#canSeparate ? [each] : interfaces) socket.join(this.#group, on);
    }
  }

  async #open(key: string, { family, isLoopback }: Interface): Promise<Receiver> {
    // Bound to the group's address, an IPv4 socket receives no unicast datagrams.
    const hostname = family === "IPv4" ? this.#group : "::";
    const bind = { hostname, port: this.#port, family, isShared: true, receiveBufferBytes } as const;
    const onData: DatagramHandlers["onData"] = (bytes, port, address) =>
      this.#receive(key, bytes, port, address);
    const socket = await openMulticast(bind, { onData }, (opened) => {
      this.#canSeparate &&= joinedGroupsOnly(opened, family);
    });
    const receiver = { socket, isLoopback };
    this.#receivers.set(this.#canSeparate ? key : "all", receiver);
    return receiver;
  }

  #receive(key: string, bytes: Uint8Array, port: number, address: string): void {
    const outward = [...this.#receivers.values()].filter(({ isLoopback }) => !isLoopback).length;
    if (outward > 1 && !this.#copies.isNew(key, bytes, port, address, performance.now())) return;
    this.#onData(bytes, port, address);
  }

  close(): void {
    this.#isClosed = true;
    for (const { socket } of this.#receivers.values()) socket.close();
    this.#receivers.clear();
  }
}

function keyOf({ id, cidrs }: Interface): string {
  return `${id} ${cidrs[0]}`;
}
