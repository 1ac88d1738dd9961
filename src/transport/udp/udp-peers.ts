/** The peers of a UDP socket: found by address for each datagram received, by id for each one sent. */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { type Endpoint, formatEndpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { ConnectionId, SocketEvent } from "../../protocol/sockets/socket-event.ts";
import type { KeptPlace } from "../../protocol/sockets/kept-place.ts";
import { makePlaceKey } from "../addresses/place-key.ts";
import { createConnectionId } from "../connection-id.ts";

/**
 * What a peer's place is. `chosen`: the person chose the endpoint, which is never forgotten to make room for another.
 * `greeting`: a duet that has not proven its address yet.
 */
export type UdpPlace = KeptPlace | "chosen" | "greeting";

/** One association. Times are of performance.now(), -Infinity for never. */
export interface UdpPeer {
  readonly id: ConnectionId;
  /** The peer of a session may move. */
  endpoint: Endpoint;
  /** The address in the form of the socket's family. */
  host: string;
  port: number;
  /** The address of this machine that it sent to last, from which it is answered; undefined: the kernel chooses. */
  local: string | undefined;
  /** The address that its place is counted for. */
  key: string;
  place: UdpPlace;
  readonly connectedAtMs: number;
  /** When it was last put behind the other raw peers of its address. */
  queuedAtMs: number;
  receivedAtMs: number;
  sentAtMs: number;
  queuedBytes: number;
  isBacklogged: boolean;
  /** True if it is to be forgotten once its queue is sent. */
  isClosing: boolean;
}

/** How long an ICMP error may take to arrive after its datagram was sent. */
const errorDelayMs = 2000;

export class UdpPeers {
  readonly #byAddress = new Map<string, UdpPeer>();
  readonly #byId = new Map<ConnectionId, UdpPeer>();
  /** Datagrams arrive in runs from one peer, so the last one found is tried before the map. */
  #lastFound: UdpPeer | undefined;
  /** An IPv6 socket reaches IPv4 peers by mapped addresses (RFC 4291 §2.5.5.2). */
  isIPv6 = false;

  list(): readonly UdpPeer[] {
    return [...this.#byId.values()];
  }

  has(peer: UdpPeer): boolean {
    return this.#byId.get(peer.id) === peer;
  }

  /** Finds a peer by id. */
  get(connection: ConnectionId): UdpPeer | undefined {
    return this.#byId.get(connection);
  }

  /** Finds the peer by an address, which the kernel or a person wrote, in any spelling. */
  find(address: string, port: number): UdpPeer | undefined {
    const last = this.#lastFound;
    if (last?.port === port && last.host === address) return last;
    const found = this.#byAddress.get(`${port} ${address}`) ?? this.#findCanonical(address, port);
    this.#lastFound = found;
    return found;
  }

  /** The kernel prints some addresses in another spelling: `::192.0.2.7` (RFC 4291 §2.5.5.1). */
  #findCanonical(address: string, port: number): UdpPeer | undefined {
    const host = this.#toSocketAddress(makeIpEndpoint(address, port).address);
    return this.#byAddress.get(`${port} ${host}`);
  }

  #toSocketAddress(address: string): string {
    return this.isIPv6 && !address.includes(":") ? `::ffff:${address}` : address;
  }

  /** Adds a peer at an address as the kernel or a person wrote it. */
  add(address: string, port: number, place: UdpPlace, nowMs: number): UdpPeer {
    const endpoint = makeIpEndpoint(address, port);
    const peer: UdpPeer = {
      id: createConnectionId(),
      endpoint,
      host: this.#toSocketAddress(endpoint.address),
      port,
      local: undefined,
      key: makePlaceKey(endpoint),
      place,
      connectedAtMs: nowMs,
      queuedAtMs: nowMs,
      receivedAtMs: Number.NEGATIVE_INFINITY,
      sentAtMs: Number.NEGATIVE_INFINITY,
      queuedBytes: 0,
      isBacklogged: false,
      isClosing: false,
    };
    this.#byAddress.set(`${port} ${peer.host}`, peer);
    this.#byId.set(peer.id, peer);
    return peer;
  }

  /** Finds a peer at another address from now on. */
  move(peer: UdpPeer, address: string, port: number): void {
    if (peer === this.#lastFound) this.#lastFound = undefined;
    this.#byAddress.delete(`${peer.port} ${peer.host}`);
    peer.endpoint = makeIpEndpoint(address, port);
    peer.host = this.#toSocketAddress(makeIpEndpoint(address, port).address);
    peer.port = port;
    peer.key = makePlaceKey(peer.endpoint);
    this.#byAddress.set(`${peer.port} ${peer.host}`, peer);
  }

  remove(peer: UdpPeer): void {
    if (peer === this.#lastFound) this.#lastFound = undefined;
    this.#byAddress.delete(`${peer.port} ${peer.host}`);
    this.#byId.delete(peer.id);
  }

  /** The peer that an unreachable error is about, if only one was sent to lately and has sent nothing since. */
  findOnlySuspect(now: number): UdpPeer | undefined {
    let suspect: UdpPeer | undefined;
    for (const peer of this.#byId.values()) {
      if (peer.sentAtMs < now - errorDelayMs || peer.receivedAtMs >= peer.sentAtMs) continue;
      if (suspect !== undefined) return undefined;
      suspect = peer;
    }
    return suspect;
  }
}

/** A peer's endpoint for an error. */
export function formatPeer(peer: UdpPeer): string {
  return formatEndpoint(peer.endpoint);
}

/** The event of the recvfrom that read a datagram. `plain`: what it sealed; nothing if it was not opened. */
export function makeRecvfromCall(
  { id, endpoint }: UdpPeer,
  payload: BorrowedBytes,
  plain?: Uint8Array,
): SocketEvent {
  const moved = plain ?? payload;
  return {
    type: "called",
    call: "recvfrom",
    result: "ok",
    connection: id,
    peer: endpoint,
    bytes: moved.length,
    payload: moved,
    ...(plain && { sealed: { bytes: payload.length, payload } }),
  };
}
