/**
 * Who was heard on the local network, and where: a bounded list, each entry as old as its last announcement. Nothing
 * that an announcement says is believed but a name, ports, and that it came from where it came from.
 */

import { type Endpoint, formatEndpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { LanAnnouncement, LanService } from "../../protocol/lan/lan-announcement.ts";
import { lanAddressesMax, lanDuetsMax, lanDuetsPerAddressMax, lanSilentMs } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** Where one duet is heard from, and what listens there. */
interface HeardPlace {
  readonly places: readonly LanService[];
  readonly heardMs: number;
}

export interface LanDuet {
  readonly session: string;
  /** Clean. */
  name: string;
  /** By the address that it came from, with its zone. */
  readonly heard: Map<string, HeardPlace>;
}

/** One way to join one duet. */
interface LanRow {
  /** Stays the same while the list changes. */
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

  /** Takes an announcement in: the duet when it is new, or gone by its own word; undefined when neither. */
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
    // A session is no secret: whoever else uses it adds an address at most, and renames nobody.
    if (duet.heard.keys().next().value === from) duet.name = name;
    if (known !== undefined) return undefined;
    this.#duets.set(session, duet);
    return { duet, is: "new" };
  }

  /** Only from where it was heard: so nobody sends away whom another machine announces. */
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

  /** Drops what has not been heard for lanSilentMs: the duets of whom nothing is left. */
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

  /** Every duet by each transport that it listens with, at the address that is best to go to; by name. */
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

/** All endpoints where a duet listens with a transport. */
export function placesOf({ heard }: LanDuet, transport: TransportName): readonly Endpoint[] {
  return [...heard].flatMap(([address, { places }]) =>
    places.filter((place) => place.transport === transport).map(({ port }) => makeIpEndpoint(address, port)),
  );
}

/** An address that others can use as well comes first; one that needs a zone last. */
function farness(endpoint: Endpoint): number {
  if (endpoint.family === "IPv4") return endpoint.address.startsWith("127.") ? 1 : 0;
  return formatEndpoint(endpoint).includes("%") ? 3 : 2;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
