/**
 * The sockets by which duets of a local network find each other: for each family a receiver, which joins the group on
 * every interface, and a sender.
 *
 * Receivers share their port with other duets of this machine (SO_REUSEADDR). The kernel delivers a multicast
 * datagram to each of them, but a unicast one to any, so nothing is sent to that port alone and each duet sends from
 * its own.
 */

import { readZone } from "../../protocol/address/address.ts";
import { makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { lanGroupV4, lanGroupV6, lanPort } from "../../protocol/lan/lan-announcement.ts";
import type { LanEvent, LanInterface, SystemResult } from "../../protocol/lan/lan-event.ts";
import {
  datagramFrameMaxBytes,
  lanReceivedPerAddressMax,
  lanReceivedPerSecondMax,
} from "../../protocol/limits.ts";
import { type Interface, listInterfaces } from "../addresses/interfaces.ts";
import {
  type MulticastHandlers,
  type MulticastSocket,
  openMulticast,
  readSystemCode,
} from "./multicast-socket.ts";

type Family = LanInterface["family"];

interface FamilySockets {
  readonly receiver: MulticastSocket;
  readonly sender: MulticastSocket;
}

export class LanSockets {
  readonly #emit: (event: LanEvent) => void;
  readonly #sockets = new Map<Family, FamilySockets | SystemResult>();
  #interfaces: readonly LanInterface[] = [];
  #reported = "";
  #opening: Promise<void> | undefined;
  #isClosed = false;
  #second = 0;
  #receivedInSecond = 0;
  /** By source address, of this second. */
  readonly #receivedFrom = new Map<string, number>();

  /** `emit` is called from the event loop, never from inside a call. */
  constructor(emit: (event: LanEvent) => void) {
    this.#emit = emit;
  }

  /**
   * Opens the sockets unless they are open, and joins the group on every current interface. Reports interfaces that
   * have changed.
   */
  async open(): Promise<void> {
    this.#opening ??= this.#openBoth();
    await this.#opening;
    if (!this.#isClosed) this.#joinAll();
  }

  async #openBoth(): Promise<void> {
    await Promise.all([this.#openFamily("IPv4"), this.#openFamily("IPv6")]);
    if (this.#isClosed) this.#closeSockets();
  }

  async #openFamily(family: Family): Promise<void> {
    const handlers: MulticastHandlers = {
      onData: (bytes, port, address) => this.#onData(family, bytes, port, address),
    };
    const sockets = await openSockets(family, handlers).catch(readSystemCode);
    this.#sockets.set(family, sockets);
    const local = makeIpEndpoint(chooseBindAddress(family), lanPort);
    this.#emit({ type: "bound", local, result: typeof sockets === "string" ? sockets : "ok" });
  }

  #joinAll(): void {
    // Joins again each time, since an interface may have been removed and added meanwhile; joining twice does no harm.
    this.#interfaces = listInterfaces().map((each) => ({ ...each, joined: this.#join(each) }));
    const now = JSON.stringify(this.#interfaces);
    if (now === this.#reported) return;
    this.#reported = now;
    this.#emit({ type: "interfaces", interfaces: this.#interfaces });
  }

  #join(each: Interface): SystemResult {
    const sockets = this.#sockets.get(each.family);
    if (sockets === undefined || typeof sockets === "string") return sockets ?? "EUNKNOWN";
    return sockets.receiver.join(chooseGroup(each.family), each);
  }

  /** Does nothing for an interface that no longer exists. */
  send(id: string, payload: Uint8Array): void {
    const through = this.#interfaces.find((each) => each.id === id);
    const sockets = through && this.#sockets.get(through.family);
    if (through === undefined || sockets === undefined || typeof sockets === "string") return;
    const group = chooseGroup(through.family);
    const result = sockets.sender.send(payload, lanPort, group, through);
    const to = makeIpEndpoint(group, lanPort);
    queueMicrotask(() => this.#emit({ type: "sent", id, to, bytes: payload.length, result }));
  }

  #onData(family: Family, bytes: Uint8Array, port: number, address: string): void {
    if (this.#isClosed || bytes.length > datagramFrameMaxBytes || !this.#hasRoom(address)) return;
    const from = makeIpEndpoint(address, port);
    // Members of the link-local group have link-local addresses. Any other sender sent unicast to this port.
    if (family === "IPv6" && readZone(from.address) === undefined) return;
    this.#emit({ type: "received", from, bytes: bytes.slice() });
  }

  /**
   * Limits the datagrams of one second, so that a flood of the group takes a bounded part of our time, and those of one
   * address, so that its flood keeps no other from being found.
   */
  #hasRoom(address: string): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#receivedInSecond = 0;
      this.#receivedFrom.clear();
    }
    this.#second = second;
    const received = this.#receivedFrom.get(address) ?? 0;
    const max = received === 0 ? lanReceivedPerSecondMax : lanReceivedPerSecondMax / 2;
    if (received >= lanReceivedPerAddressMax || this.#receivedInSecond >= max) return false;
    this.#receivedFrom.set(address, received + 1);
    this.#receivedInSecond += 1;
    return true;
  }

  /** Idempotent, and the last call. */
  close(): void {
    this.#isClosed = true;
    this.#closeSockets();
  }

  #closeSockets(): void {
    for (const sockets of this.#sockets.values()) {
      if (typeof sockets === "string") continue;
      sockets.receiver.close();
      sockets.sender.close();
    }
    this.#sockets.clear();
  }
}

async function openSockets(family: Family, handlers: MulticastHandlers): Promise<FamilySockets> {
  const hostname = chooseBindAddress(family);
  const receiver = await openMulticast({ hostname, port: lanPort, family, isShared: true }, handlers);
  const any = family === "IPv4" ? "0.0.0.0" : "::";
  try {
    const sender = await openMulticast(
      { hostname: any, port: 0, family, isShared: false },
      { onData: () => {} },
    );
    return { receiver, sender };
  } catch (thrown) {
    receiver.close();
    throw thrown;
  }
}

/** Bound to the group's address, an IPv4 socket receives no unicast datagrams. */
function chooseBindAddress(family: Family): string {
  return family === "IPv4" ? lanGroupV4 : "::";
}

function chooseGroup(family: Family): string {
  return family === "IPv4" ? lanGroupV4 : lanGroupV6;
}
