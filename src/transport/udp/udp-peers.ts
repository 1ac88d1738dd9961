/**
 * The peers of a UDP socket, bounded in number: found by address for each datagram received, by id for each one sent.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { type Endpoint, formatEndpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { ConnectionId, SocketEvent } from "../../protocol/sockets/socket-event.ts";
import { silentAfterMs } from "../../protocol/limits.ts";
import { createConnectionId } from "../connection-id.ts";

/** One association. Times are of performance.now(), -Infinity for never. */
export interface UdpPeer {
  readonly id: ConnectionId;
  readonly endpoint: Endpoint;
  /** The address in the form of the socket's family. */
  readonly host: string;
  readonly port: number;
  /** True if the person chose this endpoint: it is never forgotten to make room for another. */
  readonly isOutbound: boolean;
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
  readonly #max: number;
  readonly #byAddress = new Map<string, UdpPeer>();
  readonly #byId = new Map<ConnectionId, UdpPeer>();
  /** Datagrams arrive in runs from one peer, so the last one found is tried before the map. */
  #lastFound: UdpPeer | undefined;
  /** An IPv6 socket reaches IPv4 peers by mapped addresses (RFC 4291 §2.5.5.2). */
  isIPv6 = false;

  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.#byId.size >= this.#max;
  }

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
  add(address: string, port: number, isOutbound: boolean): UdpPeer {
    const endpoint = makeIpEndpoint(address, port);
    const host = this.#toSocketAddress(endpoint.address);
    const times = { receivedAtMs: Number.NEGATIVE_INFINITY, sentAtMs: Number.NEGATIVE_INFINITY };
    const queue = { queuedBytes: 0, isBacklogged: false, isClosing: false };
    const peer: UdpPeer = { id: createConnectionId(), endpoint, host, port, isOutbound, ...times, ...queue };
    this.#byAddress.set(`${port} ${host}`, peer);
    this.#byId.set(peer.id, peer);
    return peer;
  }

  remove(peer: UdpPeer): void {
    if (peer === this.#lastFound) this.#lastFound = undefined;
    this.#byAddress.delete(`${peer.port} ${peer.host}`);
    this.#byId.delete(peer.id);
  }

  /**
   * The peer to forget so that a newcomer has room: the longest silent one, if it is SILENT already and the person did
   * not choose it. So a flood from forged addresses displaces no active peer.
   */
  findLongestSilent(now: number): UdpPeer | undefined {
    let longest: UdpPeer | undefined;
    for (const peer of this.#byId.values()) {
      if (peer.isOutbound || peer.receivedAtMs > now - silentAfterMs) continue;
      if (longest === undefined || peer.receivedAtMs < longest.receivedAtMs) longest = peer;
    }
    return longest;
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

/** The event of the recvfrom that read a datagram. */
export function makeRecvfromCall({ id, endpoint }: UdpPeer, payload: BorrowedBytes): SocketEvent {
  return {
    type: "called",
    call: "recvfrom",
    result: "ok",
    connection: id,
    peer: endpoint,
    bytes: payload.length,
    payload,
  };
}
