/**
 * The endpoints a UDP socket speaks with, found by address at each datagram and by id at each send, and
 * bounded. It knows no socket and decides nothing about what a peer says.
 */

import { type Endpoint, formatEndpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { ConnectionId, SocketEvent } from "../../protocol/sockets/socket-event.ts";
import { silentAfterMs } from "../../protocol/limits.ts";
import { createConnectionId } from "../connection-id.ts";
import { canonicalizeAddress } from "../addresses/resolve.ts";

/** One peer endpoint. Times are of performance.now(), -Infinity for never. */
export interface UdpPeer {
  readonly id: ConnectionId;
  readonly endpoint: Endpoint;
  /** Address and port as the socket's family wants them. */
  readonly host: string;
  readonly port: number;
  /** The person chose to speak to it: it is never forgotten to make room. */
  readonly isOutbound: boolean;
  receivedAtMs: number;
  sentAtMs: number;
  queuedBytes: number;
  isBacklogged: boolean;
  /** Forgotten once its queue has left. */
  isClosing: boolean;
}

/** An ICMP error for a datagram comes back within this time or is lost. */
const errorDelayMs = 2000;

export class UdpPeers {
  readonly #max: number;
  readonly #byAddress = new Map<string, UdpPeer>();
  readonly #byId = new Map<ConnectionId, UdpPeer>();
  /** Datagrams come in runs from one peer: it is found again without a look into the map. */
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

  /** By id. */
  get(connection: ConnectionId): UdpPeer | undefined {
    return this.#byId.get(connection);
  }

  /** By the address a datagram came from. */
  find(address: string, port: number): UdpPeer | undefined {
    const last = this.#lastFound;
    if (last?.port === port && last.host === address) return last;
    const found = this.#byAddress.get(`${port} ${address}`);
    this.#lastFound = found;
    return found;
  }

  /** By an address as a person wrote it. */
  findWritten(address: string, port: number): UdpPeer | undefined {
    return this.find(this.#host(canonicalizeAddress(address)), port);
  }

  #host(address: string): string {
    return this.isIPv6 && !address.includes(":") ? `::ffff:${address}` : address;
  }

  /** A new peer, at an address as the kernel or a person wrote it. */
  add(address: string, port: number, isOutbound: boolean): UdpPeer {
    const plain = canonicalizeAddress(address);
    const host = this.#host(plain);
    const times = { receivedAtMs: Number.NEGATIVE_INFINITY, sentAtMs: Number.NEGATIVE_INFINITY };
    const queue = { queuedBytes: 0, isBacklogged: false, isClosing: false };
    const endpoint = makeIpEndpoint(plain, port);
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
   * Whom to forget so that a newcomer has room: the longest silent, if it is SILENT already and nobody
   * chose it. So a flood from invented addresses displaces nobody who takes part.
   */
  findLongestSilent(now: number): UdpPeer | undefined {
    let longest: UdpPeer | undefined;
    for (const peer of this.#byId.values()) {
      if (peer.isOutbound || peer.receivedAtMs > now - silentAfterMs) continue;
      if (longest === undefined || peer.receivedAtMs < longest.receivedAtMs) longest = peer;
    }
    return longest;
  }

  /** Whom an unreachable error is about, if only one peer was sent to lately and not heard since. */
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

/** A peer as an error names it. */
export function formatPeer(peer: UdpPeer): string {
  return formatEndpoint(peer.endpoint);
}

/** One datagram was read, as the call that did it. */
export function makeRecvfromCall({ id, endpoint }: UdpPeer, payload: Uint8Array): SocketEvent {
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
