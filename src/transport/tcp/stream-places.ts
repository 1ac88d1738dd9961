/**
 * The places of a listener's connections: who may have one, and which connection yields its place when all are taken.
 * A connection that has sent nothing yields first, and one of the address that has the most of them before the others. Then
 * one whose peer has sent FIN: whether that peer still reads, or is gone, shows only by sending to it.
 */

import type { Endpoint } from "../../protocol/address/endpoint.ts";
import {
  connectionsPerAddressMax,
  idleStreamMs,
  newcomerGraceMs,
  silentAfterMs,
} from "../../protocol/limits.ts";
import type { StreamRefusal } from "../../protocol/sockets/refusal.ts";
import { AddressCounts } from "../addresses/address-counts.ts";
import { AddressQueues } from "../addresses/address-queues.ts";
import type { FoundPlace } from "../addresses/found-place.ts";
import { hasFreePlace, machineKey, makePlaceKey } from "../addresses/place-key.ts";

/** The part of a connection that decides about its place. Times are of performance.now(). */
export interface PlacedStream {
  readonly peer: Endpoint;
  readonly openedAtMs: number;
  /** True if bytes were received since the last call, or could not be, since reading is paused. */
  takeReceived(): boolean;
}

export class StreamPlaces<Stream extends PlacedStream> {
  readonly #max: number;
  /** In a room as small as the share of one address nobody yields to a newcomer of the same address. */
  readonly #isLarge: boolean;
  readonly #all = new AddressQueues<Stream>();
  readonly #silent = new AddressQueues<Stream>();
  /** Connections that have sent something, and when each was last found to have. The longest unchecked is first. */
  readonly #spoken = new Map<Stream, number>();
  /** Connections whose peer has sent FIN, by address and in the order of their FINs. */
  readonly #halfClosed = new AddressQueues<Stream>();
  readonly #halfClosedInOrder = new Set<Stream>();
  readonly #counts = new AddressCounts();
  readonly #exempt = new Set<Stream>();

  constructor(max: number) {
    this.#max = max;
    this.#isLarge = max > connectionsPerAddressMax;
  }

  find(peer: Endpoint, nowMs: number): FoundPlace<Stream, StreamRefusal> {
    const connections = this.#counts.findReached(peer);
    if (connections !== undefined) {
      const by = this.#halfClosed.oldestOf(getAddress(peer));
      return by === undefined
        ? { is: "refused", refusal: { is: "address-full", connections } }
        : { is: "yielded", by };
    }
    const key = makePlaceKey(peer);
    if (hasFreePlace(this.#all, key, this.#max)) return { is: "free" };
    const by = this.#findSilent(key, nowMs) ?? this.#findHalfClosed() ?? this.#findIdle(nowMs);
    return by === undefined
      ? { is: "refused", refusal: { is: "full", peersMax: this.#max } }
      : { is: "yielded", by };
  }

  add(socket: Stream): void {
    const key = makePlaceKey(socket.peer);
    this.#all.add(key, socket);
    this.#silent.add(key, socket);
    this.#counts.add(socket.peer);
  }

  remove(socket: Stream): void {
    const key = makePlaceKey(socket.peer);
    this.#all.remove(key, socket);
    this.#silent.remove(key, socket);
    this.#spoken.delete(socket);
    this.#forgetHalfClosed(socket);
    if (!this.#exempt.delete(socket)) this.#counts.remove(socket.peer);
  }

  /** The connection has sent its first bytes. */
  noteSpoken(socket: Stream): void {
    if (this.#silent.remove(makePlaceKey(socket.peer), socket)) this.#spoken.set(socket, socket.openedAtMs);
  }

  /** The connection's peer has sent FIN. */
  noteHalfClosed(socket: Stream): void {
    if (this.#exempt.has(socket)) return;
    this.#halfClosed.add(getAddress(socket.peer), socket);
    this.#halfClosedInOrder.add(socket);
  }

  #forgetHalfClosed(socket: Stream): void {
    this.#halfClosed.remove(getAddress(socket.peer), socket);
    this.#halfClosedInOrder.delete(socket);
  }

  /** The connection never yields, and does not count for its address. */
  exempt(socket: Stream): void {
    if (this.#exempt.has(socket)) return;
    this.#exempt.add(socket);
    this.#counts.remove(socket.peer);
    this.#silent.remove(makePlaceKey(socket.peer), socket);
    this.#spoken.delete(socket);
    this.#forgetHalfClosed(socket);
  }

  #findHalfClosed(): Stream | undefined {
    return this.#halfClosedInOrder.values().next().value;
  }

  #findSilent(key: string, nowMs: number): Stream | undefined {
    const fullest = this.#silent.fullestKey;
    const oldest = fullest === undefined ? undefined : this.#silent.oldestOf(fullest);
    if (fullest === undefined || oldest === undefined) return undefined;
    const count = this.#silent.countFrom(fullest);
    const ageMs = nowMs - oldest.openedAtMs;
    const hasMany = fullest === key ? this.#isLarge && count > connectionsPerAddressMax : count > 1;
    return (hasMany && ageMs >= newcomerGraceMs) || (this.#isLarge && ageMs >= silentAfterMs)
      ? oldest
      : undefined;
  }

  /** Checks a few, so that a newcomer costs little. */
  #findIdle(nowMs: number): Stream | undefined {
    if (!this.#isLarge) return undefined;
    let checked = 0;
    for (const [socket, spokenAtMs] of this.#spoken) {
      if (!socket.takeReceived()) {
        if (nowMs - spokenAtMs >= idleStreamMs) return socket;
      } else {
        this.#spoken.delete(socket);
        this.#spoken.set(socket, nowMs);
      }
      checked += 1;
      if (checked === checkedMax) return undefined;
    }
    return undefined;
  }
}

const checkedMax = 16;

function getAddress(peer: Endpoint): string {
  return peer.family === "unix" ? machineKey : peer.address;
}
