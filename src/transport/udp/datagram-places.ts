/**
 * The places of a UDP socket's peers. Anybody can send a datagram in any address's name, so a duet that has not used
 * its key yet waits for its proof without a place of the room, and a raw peer yields its own to a duet that has.
 */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import {
  connectionsPerAddressMax,
  greetingsMin,
  newcomerGraceMs,
  silentAfterMs,
} from "../../protocol/limits.ts";
import type { KeptPlace } from "../../protocol/sockets/kept-place.ts";
import type { DatagramRefusal } from "../../protocol/sockets/refusal.ts";
import { AddressCounts } from "../addresses/address-counts.ts";
import { AddressQueues } from "../addresses/address-queues.ts";
import type { FoundPlace } from "../addresses/found-place.ts";
import { hasFreePlace, machineKey, makePlaceKey } from "../addresses/place-key.ts";
import type { UdpPeer } from "./udp-peers.ts";

type Found = FoundPlace<UdpPeer, DatagramRefusal>;

const free: Found = { is: "free" };
/** Peers that one newcomer looks at, and how often all are looked at for silent ones: both cost little then. */
const lookedAtMax = 16;
const silentLookMs = 100;

/** Times are of performance.now(). */
export class DatagramPlaces {
  readonly #max: number;
  readonly #greetingsMax: number;
  readonly #greetings = new AddressQueues<UdpPeer>();
  /** All peers of the room. */
  readonly #room = new AddressQueues<UdpPeer>();
  /** Those of them that are raw, the longest unread first. */
  readonly #raw = new AddressQueues<UdpPeer>();
  readonly #rawCounts = new AddressCounts();
  readonly #memberCounts = new AddressCounts();
  /** Peers that were silent when all were looked at, the longest silent last. */
  #silent: UdpPeer[] = [];
  #lookAgainAtMs = Number.NEGATIVE_INFINITY;

  constructor(max: number) {
    this.#max = max;
    this.#greetingsMax = Math.max(max, greetingsMin);
  }

  get isFull(): boolean {
    return this.#room.size >= this.#max;
  }

  /** The place of an endpoint whose first datagram was received: a greeting's, or a raw peer's. */
  find(endpoint: Endpoint, isGreeting: boolean, nowMs: number): Found {
    return isGreeting ? this.#findGreetingPlace(endpoint, nowMs) : this.#findRawPlace(endpoint, nowMs);
  }

  add(peer: UdpPeer): void {
    if (peer.place === "greeting") return this.#greetings.add(peer.key, peer);
    this.#room.add(peer.key, peer);
    if (peer.place !== "raw") return;
    this.#raw.add(peer.key, peer);
    this.#rawCounts.add(peer.endpoint);
  }

  remove(peer: UdpPeer): void {
    this.#greetings.remove(peer.key, peer);
    this.#room.remove(peer.key, peer);
    if (this.#raw.remove(peer.key, peer)) this.#rawCounts.remove(peer.endpoint);
    if (peer.place === "member") this.#memberCounts.remove(peer.endpoint);
  }

  /** Counts a peer for the address that `change` gives it. */
  changeAddress(peer: UdpPeer, change: () => void): void {
    this.remove(peer);
    change();
    this.add(peer);
    if (peer.place === "member") this.#memberCounts.add(peer.endpoint);
  }

  /** Moves a peer to another place, unless it is refused. The peer that yields is to be removed by the caller. */
  keep(peer: UdpPeer, place: KeptPlace, nowMs: number): Found {
    if (peer.place === "chosen" || peer.place === "exempt" || peer.place === place) return free;
    if (peer.place === "member" && place === "raw") return free;
    const found = this.#room.has(peer.key, peer) ? free : this.#findKeptPlace(peer, place, nowMs);
    if (found.is === "refused") return found;
    this.remove(peer);
    peer.place = place;
    this.add(peer);
    if (place === "member") this.#memberCounts.add(peer.endpoint);
    return found;
  }

  #findKeptPlace({ endpoint, key }: UdpPeer, place: KeptPlace, nowMs: number): Found {
    if (place === "raw") return this.#findRawPlace(endpoint, nowMs);
    const connections = place === "member" ? this.#memberCounts.findReached(endpoint) : undefined;
    if (connections !== undefined) return { is: "refused", refusal: { is: "address-full", connections } };
    return this.#findMemberPlace(key, nowMs);
  }

  #findMemberPlace(key: string, nowMs: number): Found {
    if (hasFreePlace(this.#room, key, this.#max)) return free;
    return this.#yieldedBy(this.findLongestSilent(nowMs) ?? this.#findUnproven());
  }

  #findGreetingPlace(endpoint: Endpoint, nowMs: number): Found {
    const connections = this.#memberCounts.findReached(endpoint);
    if (connections !== undefined) return { is: "refused", refusal: { is: "address-full", connections } };
    const key = makePlaceKey(endpoint);
    const later = this.#findMemberPlace(key, nowMs);
    if (later.is === "refused") return later;
    const share = key === machineKey ? this.#greetingsMax / 2 : connectionsPerAddressMax;
    if (this.#greetings.countFrom(key) >= share) return this.#yieldedBy(this.#findGreeting(key, nowMs));
    if (this.#greetings.size < this.#greetingsMax) return free;
    return this.#yieldedBy(this.#findGreeting(this.#greetings.fullestKey ?? key, nowMs));
  }

  /** The longest waiting greeting of an address, if it had time for its proof. */
  #findGreeting(key: string, nowMs: number): UdpPeer | undefined {
    const oldest = this.#greetings.oldestOf(key);
    return oldest !== undefined && hasHadTime(oldest, nowMs) ? oldest : undefined;
  }

  #findRawPlace(endpoint: Endpoint, nowMs: number): Found {
    const key = makePlaceKey(endpoint);
    const connections = this.#rawCounts.findReached(endpoint);
    if (connections !== undefined) {
      const by = this.#findUnheard(key, nowMs);
      return by === undefined
        ? { is: "refused", refusal: { is: "address-full", connections } }
        : { is: "yielded", by };
    }
    if (hasFreePlace(this.#room, key, this.#max)) return free;
    return this.#yieldedBy(this.findLongestSilent(nowMs) ?? this.#findOfMachine(nowMs));
  }

  /** This machine's programs have no limit until the room is full: then those beyond one address's share yield. */
  #findOfMachine(nowMs: number): UdpPeer | undefined {
    return this.#raw.countFrom(machineKey) > connectionsPerAddressMax
      ? this.#findUnheard(machineKey, nowMs)
      : undefined;
  }

  /** A raw peer that may be forged, for a duet that is proven; or one of this machine beyond an address's share. */
  #findUnproven(): UdpPeer | undefined {
    const fullest = this.#raw.fullestKey;
    if (fullest === undefined) return undefined;
    if (fullest !== machineKey || this.#raw.countFrom(machineKey) > connectionsPerAddressMax)
      return this.#findUnheard(fullest, Number.POSITIVE_INFINITY);
    for (const peer of this.#raw.values()) if (peer.key !== machineKey) return peer;
    return undefined;
  }

  #yieldedBy(by: UdpPeer | undefined): Found {
    return by === undefined
      ? { is: "refused", refusal: { is: "datagrams-full", peersMax: this.#max } }
      : { is: "yielded", by };
  }

  /** The raw peer of an address that was unheard for long: one that has sent again goes to the end of the queue. */
  #findUnheard(key: string, nowMs: number): UdpPeer | undefined {
    for (let lookedAt = 0; lookedAt < lookedAtMax; lookedAt += 1) {
      const oldest = this.#raw.oldestOf(key);
      if (oldest === undefined) return undefined;
      if (oldest.receivedAtMs <= oldest.queuedAtMs) return hasHadTime(oldest, nowMs) ? oldest : undefined;
      oldest.queuedAtMs = oldest.receivedAtMs;
      this.#raw.add(key, oldest);
    }
    return this.#raw.oldestOf(key);
  }

  /**
   * The peer of the room that was silent for longest, if it is SILENT and the person did not choose it: a flood from
   * forged addresses displaces no active peer.
   */
  findLongestSilent(nowMs: number): UdpPeer | undefined {
    const isSilent = (peer: UdpPeer): boolean =>
      peer.place !== "chosen" && peer.receivedAtMs <= nowMs - silentAfterMs && this.#room.has(peer.key, peer);
    while (this.#silent.length > 0 && !isSilent(this.#silent.at(-1)!)) this.#silent.pop();
    if (this.#silent.length > 0 || nowMs < this.#lookAgainAtMs) return this.#silent.at(-1);
    this.#lookAgainAtMs = nowMs + silentLookMs;
    this.#silent = [...this.#room.values()].filter(isSilent);
    this.#silent.sort((a, b) => b.receivedAtMs - a.receivedAtMs);
    return this.#silent.at(-1);
  }
}

function hasHadTime({ connectedAtMs }: UdpPeer, nowMs: number): boolean {
  return nowMs - connectedAtMs >= newcomerGraceMs;
}
