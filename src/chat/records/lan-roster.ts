/**
 * Duets that announced themselves on the local network: a bounded list of places, each as old as its last announcement.
 * An announcement is believed only in its name, its ports and the address it was received from, and replaces none that
 * was received from another address. Its key is a hint.
 *
 * Session tokens are public. Addresses are one duet's only if the announcements of each name the other; otherwise both
 * stand in the list, marked.
 */

import { type Endpoint, formatEndpoint, makeIpEndpoint } from "../../protocol/address/endpoint.ts";
import type { LanAnnouncement, LanService } from "../../protocol/lan/lan-announcement.ts";
import {
  lanAnswerIntervalMs,
  lanPlacesMax,
  lanPlacesPerAddressMax,
  lanSilentMs,
} from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import { computeKey } from "../../protocol/text/lookalikes.ts";

/** A session as it was announced from one address. */
interface LanPlace {
  readonly session: string;
  /** The source address, with its zone. */
  readonly address: string;
  /** Clean. */
  name: string;
  /** Equal for names that look alike. */
  nameKey: string;
  services: readonly LanService[];
  /** Other addresses of the duet, as it claims; without zones. */
  also: readonly string[];
  /** The key that it announces. */
  identity: string | undefined;
  readonly placedMs: number;
  receivedMs: number;
  /** The duet was announced again after a while, as a real one is. */
  isConfirmed: boolean;
}

/** The doubt about a duet of the list: another address announces the same session, or a name that looks the same. */
type LanDoubt = "id" | "name";

/** The sentence for each doubt. */
export const lanDoubts = { id: "lan-id-elsewhere", name: "lan-name-elsewhere" } as const;

export interface LanDuet {
  /** Clean. */
  readonly name: string;
  /** At least one; the one that was received first is first. */
  readonly places: readonly LanPlace[];
  readonly doubt: LanDoubt | undefined;
}

/** One way to join one duet. */
interface LanRow {
  /** Stable while the list changes, as long as the duet keeps its first address. */
  readonly key: string;
  readonly name: string;
  readonly transport: TransportName;
  readonly endpoint: Endpoint;
  /** The key that is announced from there. */
  readonly identity: string | undefined;
  readonly doubt: LanDoubt | undefined;
}

export class LanRoster {
  /** By session, then by address, in the order of their first announcements. */
  readonly #sessions = new Map<string, Map<string, LanPlace>>();
  /** The places of each source address; the first one is the oldest. */
  readonly #addresses = new Map<string, Set<LanPlace>>();
  /** The source addresses of names that look alike, and how many places each has under such a name. */
  readonly #names = new Map<string, Map<string, number>>();
  #size = 0;
  /** This machine's addresses, without zones. */
  #ownAddresses: ReadonlySet<string> = new Set();

  /** The number of places. */
  get size(): number {
    return this.#size;
  }

  setOwnAddresses(addresses: readonly string[]): void {
    this.#ownAddresses = new Set(addresses);
  }

  all(): readonly LanDuet[] {
    return [...this.#sessions.values()].flatMap((places) => this.#listDuets(places));
  }

  #listDuets(places: ReadonlyMap<string, LanPlace>): readonly LanDuet[] {
    const groups = this.#group([...places.values()]);
    return groups.map((group): LanDuet => {
      const [{ name, nameKey }] = group;
      const ofName = group.filter((place) => place.nameKey === nameKey).length;
      const sharesName = (this.#names.get(nameKey)?.size ?? 0) > ofName;
      return { name, places: group, doubt: groups.length > 1 ? "id" : sharesName ? "name" : undefined };
    });
  }

  /** Records an announcement. Returns the duet if it is new, or if it has withdrawn itself; else undefined. */
  receive(
    announcement: LanAnnouncement,
    from: string,
    nowMs: number,
  ): { readonly duet: LanDuet; readonly is: "new" | "gone" } | undefined {
    const { session, name, services, also, type, identity } = announcement;
    const known = this.#sessions.get(session)?.get(from);
    if (type === "gone" || services.length === 0) return known && this.#leave(known);
    if (known !== undefined) {
      const isConfirmed = known.isConfirmed || nowMs - known.placedMs >= lanAnswerIntervalMs;
      Object.assign(known, { services, also, identity, receivedMs: nowMs, isConfirmed });
      if (known.name !== name) this.#rename(known, name);
      return undefined;
    }
    if (!this.#makeRoom(from, nowMs)) return undefined;
    const place = {
      session,
      address: from,
      name,
      nameKey: computeKey(name),
      services,
      also,
      identity,
      placedMs: nowMs,
      receivedMs: nowMs,
      isConfirmed: false,
    };
    this.#add(place);
    const duet = this.#findDuet(place);
    return duet.places.length > 1 ? undefined : { duet, is: "new" };
  }

  /** A withdrawal counts only for the address it was received from, so that a machine cannot remove another's duet. */
  #leave(place: LanPlace): { duet: LanDuet; is: "gone" } | undefined {
    const duet = this.#findDuet(place);
    this.#remove(place);
    return duet.places.length > 1 ? undefined : { duet, is: "gone" };
  }

  #findDuet(place: LanPlace): LanDuet {
    const duets = this.#listDuets(this.#sessions.get(place.session) ?? new Map<string, LanPlace>());
    const duet = duets.find(({ places }) => places.includes(place));
    if (duet === undefined) throw new Error("the place is not in the list");
    return duet;
  }

  #rename(place: LanPlace, name: string): void {
    this.#countName(place, -1);
    Object.assign(place, { name, nameKey: computeKey(name) });
    this.#countName(place, 1);
  }

  #countName({ nameKey, address }: LanPlace, change: 1 | -1): void {
    const addresses = this.#names.get(nameKey) ?? new Map<string, number>();
    const count = (addresses.get(address) ?? 0) + change;
    if (count > 0) addresses.set(address, count);
    else addresses.delete(address);
    if (addresses.size > 0) this.#names.set(nameKey, addresses);
    else this.#names.delete(nameKey);
  }

  #add(place: LanPlace): void {
    const places = this.#sessions.get(place.session) ?? new Map<string, LanPlace>();
    const ofAddress = this.#addresses.get(place.address) ?? new Set<LanPlace>();
    this.#sessions.set(place.session, places.set(place.address, place));
    this.#addresses.set(place.address, ofAddress.add(place));
    this.#countName(place, 1);
    this.#size += 1;
  }

  #remove(place: LanPlace): void {
    const places = this.#sessions.get(place.session);
    const ofAddress = this.#addresses.get(place.address);
    places?.delete(place.address);
    ofAddress?.delete(place);
    if (places?.size === 0) this.#sessions.delete(place.session);
    if (ofAddress?.size === 0) this.#addresses.delete(place.address);
    this.#countName(place, -1);
    this.#size -= 1;
  }

  /**
   * True if there is a place for an announcement from this address. A full list goes round by source address: the
   * address with the most places loses its newest one to an address that has at least two places less. If all have one,
   * a newcomer takes the oldest place that was announced only once, else the oldest that was kept for lanSilentMs.
   */
  #makeRoom(from: string, nowMs: number): boolean {
    const own = this.#addresses.get(from)?.size ?? 0;
    if (own >= lanPlacesPerAddressMax) return false;
    if (this.#size < lanPlacesMax) return true;
    const place = this.#findReplaceable(own, nowMs);
    if (place === undefined) return false;
    this.#remove(place);
    return true;
  }

  #findReplaceable(own: number, nowMs: number): LanPlace | undefined {
    let most: ReadonlySet<LanPlace> = new Set();
    for (const places of this.#addresses.values()) if (places.size > most.size) most = places;
    if (most.size >= own + 2) return [...most].at(-1);
    if (own > 0) return undefined;
    let oldest: LanPlace | undefined;
    for (const [place] of this.#addresses.values())
      if (place !== undefined && (oldest === undefined || isEarlier(place, oldest))) oldest = place;
    const isKept = oldest?.isConfirmed === true && nowMs - oldest.placedMs < lanSilentMs;
    return isKept ? undefined : oldest;
  }

  /** Drops places that were silent for lanSilentMs. Returns the duets that have none left. */
  expire(nowMs: number): readonly LanDuet[] {
    const isSilent = ({ receivedMs }: LanPlace): boolean => nowMs - receivedMs >= lanSilentMs;
    const duets = this.all();
    for (const place of duets.flatMap(({ places }) => places)) if (isSilent(place)) this.#remove(place);
    return duets.filter(({ places }) => places.every(isSilent));
  }

  /** Every duet by each transport that it listens with, at its best address; sorted by name. */
  rows(): readonly LanRow[] {
    const rows = this.all().flatMap((duet) =>
      (["tcp", "udp"] as const).flatMap((transport) => listRows(duet, transport)),
    );
    return rows.toSorted((one, other) => compare(one.name, other.name) || compare(one.key, other.key));
  }

  /** Divides the places of one session into those of one duet each. */
  #group(places: readonly LanPlace[]): readonly (readonly [LanPlace, ...LanPlace[]])[] {
    const linked = this.#linkPlaces(places);
    const left = new Set(places);
    const groups: [LanPlace, ...LanPlace[]][] = [];
    for (const first of places) {
      if (!left.delete(first)) continue;
      const group: [LanPlace, ...LanPlace[]] = [first];
      // The group grows while it is iterated over.
      for (const one of group)
        for (const other of linked.get(one) ?? []) if (left.delete(other)) group.push(other);
      groups.push(group);
    }
    return groups;
  }

  /** The places that are the same duet's as each one. */
  #linkPlaces(places: readonly LanPlace[]): ReadonlyMap<LanPlace, readonly LanPlace[]> {
    const named = Map.groupBy(places, ({ address }) => stripZone(address));
    const linked = new Map<LanPlace, LanPlace[]>(places.map((place) => [place, []]));
    for (const one of places)
      for (const other of one.also.flatMap((address) => named.get(address) ?? [])) {
        if (!this.#isSameDuet(one, other)) continue;
        linked.get(one)?.push(other);
        linked.get(other)?.push(one);
      }
    return linked;
  }

  /**
   * `one` names the address of `other`, which must name its own. A datagram from the loopback interface is of this
   * machine: there the address may be any of this machine's.
   */
  #isSameDuet(one: LanPlace, other: LanPlace): boolean {
    if (other.also.includes(stripZone(one.address))) return true;
    return isLoopbackAddress(one.address) && this.#ownAddresses.has(stripZone(other.address));
  }
}

/** Places that were announced only once come first, then the oldest. */
function isEarlier(one: LanPlace, other: LanPlace): boolean {
  if (one.isConfirmed !== other.isConfirmed) return !one.isConfirmed;
  return one.placedMs < other.placedMs;
}

function stripZone(address: string): string {
  return address.replace(/%.*/s, "");
}

function isLoopbackAddress(address: string): boolean {
  return address.startsWith("127.");
}

function listRows(duet: LanDuet, transport: TransportName): readonly LanRow[] {
  const doors = listDoors(duet, transport).toSorted(
    (one, other) => rankAddress(one.endpoint) - rankAddress(other.endpoint),
  );
  const [door] = doors;
  const [first] = duet.places;
  if (door === undefined || first === undefined) return [];
  const key = `${first.session} ${first.address} ${transport}`;
  return [{ key, name: duet.name, transport, ...door, doubt: duet.doubt }];
}

/** All endpoints at which a duet listens with a transport. */
export function listEndpoints(duet: Pick<LanDuet, "places">, transport: TransportName): readonly Endpoint[] {
  return listDoors(duet, transport).map(({ endpoint }) => endpoint);
}

/** The same, each with the key that is announced from its address. */
function listDoors(
  { places }: Pick<LanDuet, "places">,
  transport: TransportName,
): readonly Pick<LanRow, "endpoint" | "identity">[] {
  return places.flatMap(({ address, services, identity }) =>
    services
      .filter((service) => service.transport === transport)
      .map(({ port }) => ({ endpoint: makeIpEndpoint(address, port), identity })),
  );
}

/** Ranks addresses: first those that other machines can use as well, last those that need a zone. */
function rankAddress(endpoint: Endpoint): number {
  if (endpoint.family === "IPv4") return isLoopbackAddress(endpoint.address) ? 1 : 0;
  return formatEndpoint(endpoint).includes("%") ? 3 : 2;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
