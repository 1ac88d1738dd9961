/**
 * The sockets by which duets of a local network find each other: for each family one that hears the group on every
 * interface, and one to send from. It knows no announcement: bytes and interfaces are all it sees.
 *
 * The hearing ones share their port with other duets of this machine (SO_REUSEADDR): multicast reaches each of them, but
 * what is sent to one of them alone would reach any. So nobody is ever answered there, and each sends from its own port.
 */

import { makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import { lanGroupV4, lanGroupV6, lanPort } from "../../protocol/lan/lan-announcement.ts";
import type { LanEvent, LanInterface, SystemResult } from "../../protocol/lan/lan-event.ts";
import { datagramFrameMaxBytes, lanReceivedPerSecondMax } from "../../protocol/limits.ts";
import { type Interface, listInterfaces } from "../addresses/interfaces.ts";
import {
  type MulticastHandlers,
  type MulticastSocket,
  openMulticast,
  readSystemCode,
} from "./multicast-socket.ts";

type Heard = Parameters<MulticastHandlers["onData"]>;
type Family = LanInterface["family"];

interface FamilySockets {
  readonly hearing: MulticastSocket;
  readonly sending: MulticastSocket;
}

export class LanSockets {
  readonly #emit: (event: LanEvent) => void;
  readonly #sockets = new Map<Family, FamilySockets | SystemResult>();
  #interfaces: readonly LanInterface[] = [];
  #told = "";
  #opening: Promise<void> | undefined;
  #isClosed = false;
  #second = 0;
  #heardInSecond = 0;

  /** `emit` is called from the event loop, never from inside a call. */
  constructor(emit: (event: LanEvent) => void) {
    this.#emit = emit;
  }

  /** Opens what is not open yet, and joins every interface that is there now. Tells when that changed anything. */
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
    const handlers = { onData: (...heard: Heard) => this.#onData(family, ...heard) };
    const sockets = await openSockets(family, handlers).catch(readSystemCode);
    this.#sockets.set(family, sockets);
    const local = makeIpEndpoint(hearingAddress(family), lanPort);
    this.#emit({ type: "bound", local, result: typeof sockets === "string" ? sockets : "ok" });
  }

  #joinAll(): void {
    // Again each time: an interface may have gone and come back meanwhile, and what is joined already is as good.
    this.#interfaces = listInterfaces().map((each) => ({ ...each, joined: this.#join(each) }));
    const now = JSON.stringify(this.#interfaces);
    if (now === this.#told) return;
    this.#told = now;
    this.#emit({ type: "interfaces", interfaces: this.#interfaces });
  }

  #join(each: Interface): SystemResult {
    const sockets = this.#sockets.get(each.family);
    if (sockets === undefined || typeof sockets === "string") return sockets ?? "EUNKNOWN";
    return sockets.hearing.join(groupOf(each.family), each);
  }

  /** Nothing happens for an interface that is not there any more. */
  send(id: string, payload: Uint8Array): void {
    const through = this.#interfaces.find((each) => each.id === id);
    const sockets = through && this.#sockets.get(through.family);
    if (through === undefined || sockets === undefined || typeof sockets === "string") return;
    const group = groupOf(through.family);
    const result = sockets.sending.send(payload, lanPort, group, through);
    const to = makeIpEndpoint(group, lanPort);
    queueMicrotask(() => this.#emit({ type: "sent", id, to, bytes: payload.length, result }));
  }

  #onData(family: Family, bytes: Uint8Array, port: number, address: string): void {
    if (this.#isClosed || bytes.length > datagramFrameMaxBytes || !this.#hasRoom()) return;
    // The group is link-local, and so is whoever sends to it: anything else came to this port alone, from anywhere.
    if (family === "IPv6" && !/^fe80:/i.test(address)) return;
    this.#emit({ type: "heard", from: makeIpEndpoint(address, port), bytes: bytes.slice() });
  }

  /** Who floods the group takes a bounded part of our time. */
  #hasRoom(): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) this.#heardInSecond = 0;
    this.#second = second;
    this.#heardInSecond += 1;
    return this.#heardInSecond <= lanReceivedPerSecondMax;
  }

  /** Idempotent, and the last call. */
  close(): void {
    this.#isClosed = true;
    this.#closeSockets();
  }

  #closeSockets(): void {
    for (const sockets of this.#sockets.values()) {
      if (typeof sockets === "string") continue;
      sockets.hearing.close();
      sockets.sending.close();
    }
    this.#sockets.clear();
  }
}

async function openSockets(family: Family, handlers: MulticastHandlers): Promise<FamilySockets> {
  const hostname = hearingAddress(family);
  const hearing = await openMulticast({ hostname, port: lanPort, family, isShared: true }, handlers);
  const any = family === "IPv4" ? "0.0.0.0" : "::";
  try {
    const sending = await openMulticast(
      { hostname: any, port: 0, family, isShared: false },
      { onData: () => {} },
    );
    return { hearing, sending };
  } catch (thrown) {
    hearing.close();
    throw thrown;
  }
}

/** Bound to the group itself, an IPv4 socket hears nothing that was sent to this machine alone. */
function hearingAddress(family: Family): string {
  return family === "IPv4" ? lanGroupV4 : "::";
}

function groupOf(family: Family): string {
  return family === "IPv4" ? lanGroupV4 : lanGroupV6;
}
