/**
 * Duets that announced themselves on the local network: a bounded list, each entry as old as its last announcement. An
 * announcement is believed only in its name, its ports and the address it was received from.
 */

import { type Endpoint, formatEndpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { LanAnnouncement, LanService } from "../../protocol/lan/lan-announcement.ts";
import { lanAddressesMax, lanDuetsMax, lanDuetsPerAddressMax, lanSilentMs } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** One address of a duet, and the services that listen there. */
interface HeardPlace {
  readonly places: readonly LanService[];
  readonly heardMs: number;
}

export interface LanDuet {
  readonly session: string;
  /** Clean. */
  name: string;
  /** By source address, with its zone. */
  readonly heard: Map<string, HeardPlace>;
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
  hear(
    announcement: LanAnnouncement,
    from: string,
    nowMs: number,
  ): { readonly duet: LanDuet; readonly is: "new" | "gone" } | undefined {
    const { session, name, services, type } = announcement;
    const known = this.#duets.get(session);
    if (type === "gone" || services.length === 0) return this.#leave(known, from);
    if (known === undefined && !this.#hasRoom(from)) return undefined;
    const duet = known ?? { session, name, heard: new Map<string, HeardPlace>() };
    if (duet.heard.has(from) || duet.heard.size < lanAddressesMax)
      duet.heard.set(from, { places: services, heardMs: nowMs });
    // Session tokens are public: another machine that uses one can add an address, but cannot rename the duet.
    if (duet.heard.keys().next().value === from) duet.name = name;
    if (known !== undefined) return undefined;
    this.#duets.set(session, duet);
    return { duet, is: "new" };
  }

  /** A withdrawal counts only for the address it was received from, so that a machine cannot remove another's duet. */
  #leave(known: LanDuet | undefined, from: string): { duet: LanDuet; is: "gone" } | undefined {
    if (known === undefined || !known.heard.delete(from) || known.heard.size > 0) return undefined;
    this.#duets.delete(known.session);
    return { duet: known, is: "gone" };
  }

  #hasRoom(from: string): boolean {
    if (this.#duets.size >= lanDuetsMax) return false;
    let there = 0;
    for (const { heard } of this.#duets.values()) if (heard.has(from)) there += 1;
    return there < lanDuetsPerAddressMax;
  }

  /** Drops addresses that were silent for lanSilentMs. Returns the duets that have none left. */
  expire(nowMs: number): readonly LanDuet[] {
    const gone: LanDuet[] = [];
    for (const duet of this.all()) {
      for (const [from, { heardMs }] of duet.heard)
        if (nowMs - heardMs >= lanSilentMs) duet.heard.delete(from);
      if (duet.heard.size > 0) continue;
      this.#duets.delete(duet.session);
      gone.push(duet);
    }
    return gone;
  }

  /** Every duet by each transport that it listens with, at its best address; sorted by name. */
  rows(): readonly LanRow[] {
    const rows = this.all().flatMap((duet) =>
      (["tcp", "udp"] as const).flatMap((transport) => rowsOf(duet, transport)),
    );
    return rows.toSorted((one, other) => compare(one.name, other.name) || compare(one.key, other.key));
  }
}

function rowsOf(duet: LanDuet, transport: TransportName): readonly LanRow[] {
  const endpoints = placesOf(duet, transport).toSorted((one, other) => farness(one) - farness(other));
  const [endpoint] = endpoints;
  if (endpoint === undefined) return [];
  return [{ key: `${duet.session} ${transport}`, name: duet.name, transport, endpoint }];
}

/** All endpoints at which a duet listens with a transport. */
export function placesOf({ heard }: LanDuet, transport: TransportName): readonly Endpoint[] {
  return [...heard].flatMap(([address, { places }]) =>
    places.filter((place) => place.transport === transport).map(({ port }) => makeIpEndpoint(address, port)),
  );
}

/** Ranks addresses: first those that other machines can use as well, last those that need a zone. */
function farness(endpoint: Endpoint): number {
  if (endpoint.family === "IPv4") return endpoint.address.startsWith("127.") ? 1 : 0;
  return formatEndpoint(endpoint).includes("%") ? 3 : 2;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
