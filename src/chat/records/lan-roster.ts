/**
 * Duets that announced themselves on the local network: a bounded list, each entry as old as its last announcement. An
 * announcement is believed only in its name, its ports and the address it was received from.
 */

import { type Endpoint, formatEndpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { LanAnnouncement, LanService } from "../../protocol/lan/lan-announcement.ts";
import { lanAddressesMax, lanDuetsMax, lanDuetsPerAddressMax, lanSilentMs } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** One address of a duet, and the services that listen there. */
interface ReceivedEndpoint {
  readonly places: readonly LanService[];
  readonly receivedMs: number;
}

export interface LanDuet {
  readonly session: string;
  /** Clean. */
  name: string;
  /** By source address, with its zone. */
  readonly endpoints: Map<string, ReceivedEndpoint>;
}

/** One way to join one duet. */
interface LanRow {
  /** Stable while the list changes. */
  readonly key: string;
  readonly name: string;
  readonly transport: TransportName;
  readonly endpoint: Endpoint;
}

export class LanRoster {
  readonly #duets = new Map<string, LanDuet>();

  get size(): number {
    return this.#duets.size;
  }

  all(): readonly LanDuet[] {
    return [...this.#duets.values()];
  }

  /** Records an announcement. Returns the duet if it is new, or if it has withdrawn itself; else undefined. */
  receive(
    announcement: LanAnnouncement,
    from: string,
    nowMs: number,
  ): { readonly duet: LanDuet; readonly is: "new" | "gone" } | undefined {
    const { session, name, services, type } = announcement;
    const known = this.#duets.get(session);
    if (type === "gone" || services.length === 0) return this.#leave(known, from);
    if (known === undefined && !this.#hasRoom(from)) return undefined;
    const duet = known ?? { session, name, endpoints: new Map<string, ReceivedEndpoint>() };
    if (duet.endpoints.has(from) || duet.endpoints.size < lanAddressesMax)
      duet.endpoints.set(from, { places: services, receivedMs: nowMs });
    // Session tokens are public: another machine that uses one can add an address, but cannot rename the duet.
    if (duet.endpoints.keys().next().value === from) duet.name = name;
    if (known !== undefined) return undefined;
    this.#duets.set(session, duet);
    return { duet, is: "new" };
  }

  /** A withdrawal counts only for the address it was received from, so that a machine cannot remove another's duet. */
  #leave(known: LanDuet | undefined, from: string): { duet: LanDuet; is: "gone" } | undefined {
    if (known === undefined || !known.endpoints.delete(from) || known.endpoints.size > 0) return undefined;
    this.#duets.delete(known.session);
    return { duet: known, is: "gone" };
  }

  #hasRoom(from: string): boolean {
    if (this.#duets.size >= lanDuetsMax) return false;
    let there = 0;
    for (const { endpoints } of this.#duets.values()) if (endpoints.has(from)) there += 1;
    return there < lanDuetsPerAddressMax;
  }

  /** Drops addresses that were silent for lanSilentMs. Returns the duets that have none left. */
  expire(nowMs: number): readonly LanDuet[] {
    const removed: LanDuet[] = [];
    for (const duet of this.all()) {
      for (const [from, { receivedMs }] of duet.endpoints)
        if (nowMs - receivedMs >= lanSilentMs) duet.endpoints.delete(from);
      if (duet.endpoints.size > 0) continue;
      this.#duets.delete(duet.session);
      removed.push(duet);
    }
    return removed;
  }

  /** Every duet by each transport that it listens with, at its best address; sorted by name. */
  rows(): readonly LanRow[] {
    const rows = this.all().flatMap((duet) =>
      (["tcp", "udp"] as const).flatMap((transport) => listRows(duet, transport)),
    );
    return rows.toSorted((one, other) => compare(one.name, other.name) || compare(one.key, other.key));
  }
}

function listRows(duet: LanDuet, transport: TransportName): readonly LanRow[] {
  const endpoints = listEndpoints(duet, transport).toSorted(
    (one, other) => rankAddress(one) - rankAddress(other),
  );
  const [endpoint] = endpoints;
  if (endpoint === undefined) return [];
  return [{ key: `${duet.session} ${transport}`, name: duet.name, transport, endpoint }];
}

/** All endpoints at which a duet listens with a transport. */
export function listEndpoints({ endpoints }: LanDuet, transport: TransportName): readonly Endpoint[] {
  return [...endpoints].flatMap(([address, { places }]) =>
    places.filter((place) => place.transport === transport).map(({ port }) => makeIpEndpoint(address, port)),
  );
}

/** Ranks addresses: first those that other machines can use as well, last those that need a zone. */
function rankAddress(endpoint: Endpoint): number {
  if (endpoint.family === "IPv4") return endpoint.address.startsWith("127.") ? 1 : 0;
  return formatEndpoint(endpoint).includes("%") ? 3 : 2;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
