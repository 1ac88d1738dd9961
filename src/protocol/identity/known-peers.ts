/**
 * The people that a person has met, by their keys: what was learned of each, and what it says about a peer that comes with
 * some key. Values only; cli/identity keeps them in a file.
 */

import { knownEndpointsMax, knownNamesMax, knownPeersMax, replacedKeysMax } from "../limits.ts";
import { computeKey } from "../text/lookalikes.ts";

/** One key. Times are in milliseconds since 1970. */
export interface KnownPeer {
  readonly key: string;
  /** The Ed25519 key that was met first with it, in base64; undefined: none was. */
  readonly signing: string | undefined;
  /** The keys that it has replaced, each signed for by the one before, the latest last. */
  readonly replaced: readonly string[];
  readonly isVerified: boolean;
  /** The names that it has used, the latest last; none: our person has trusted it, and has not met it yet. */
  readonly names: readonly string[];
  /** The endpoints at which our person has reached it, as they were typed, the latest last. */
  readonly endpoints: readonly string[];
  readonly firstMs: number;
  readonly lastMs: number;
}

/** By key, the one that was met longest ago first. */
export type KnownPeers = ReadonlyMap<string, KnownPeer>;

/** Something that was learned of a key. Applied to a copy in memory and to the file alike. */
export type PeerChange =
  /** An ENCRYPTED session. `endpoint`: where our person reached it. */
  | {
      readonly is: "met";
      readonly key: string;
      readonly signing?: string | undefined;
      readonly name: string;
      readonly endpoint: string | undefined;
      readonly atMs: number;
    }
  /** Both people have compared it. A key that was never met is known from then on. */
  | { readonly is: "verified"; readonly key: string; readonly name: string; readonly atMs: number }
  /** An identity was renewed: the key takes over the place of the one before. */
  | { readonly is: "renewed"; readonly key: string; readonly signing: string; readonly from: string }
  /** Our person accepts another key, or undefined: none, in place of those known at the endpoint, which lose it. */
  | {
      readonly is: "trusted";
      readonly key: string | undefined;
      readonly endpoint: string;
      readonly atMs: number;
    }
  | { readonly is: "forgotten"; readonly key: string };

/**
 * The known peers after some changes. At most knownPeersMax stay; of those beyond it the unverified ones go first that our
 * person has never dialled, which anybody can fill the file with, then other unverified ones.
 */
export function changeKnownPeers(known: KnownPeers, changes: readonly PeerChange[]): KnownPeers {
  const changed = new Map(known);
  for (const change of changes) applyChange(changed, change);
  return bound(changed);
}

function applyChange(known: Map<string, KnownPeer>, change: PeerChange): void {
  const peer = change.key === undefined ? undefined : known.get(change.key);
  switch (change.is) {
    case "met":
      known.delete(change.key);
      known.set(change.key, meet(peer, change));
      return;
    case "verified":
      known.delete(change.key);
      known.set(change.key, {
        ...meet(peer, { ...change, signing: peer?.signing, endpoint: undefined }),
        isVerified: true,
      });
      return;
    case "renewed":
      takeOver(known, change);
      return;
    case "trusted":
      for (const other of [...known.values()])
        if (other.key !== change.key) known.set(other.key, release(other, change.endpoint));
      // From now on the endpoint is fixed to the key that our person was shown: a third one is changed again.
      if (change.key !== undefined) known.set(change.key, meet(peer, { ...change, key: change.key }));
      return;
    case "forgotten":
      known.delete(change.key);
      return;
  }
  change satisfies never;
}

/** The record of the key before becomes the new key's; two records are joined. */
function takeOver(
  known: Map<string, KnownPeer>,
  { key, signing, from }: PeerChange & { is: "renewed" },
): void {
  const before = known.get(from);
  if (before === undefined || key === from) return;
  const peer = known.get(key);
  known.delete(from);
  known.delete(key);
  known.set(key, {
    key,
    signing,
    replaced: addAll([...before.replaced, from], peer?.replaced ?? [], replacedKeysMax),
    isVerified: before.isVerified || (peer?.isVerified ?? false),
    names: addAll(before.names, peer?.names ?? [], knownNamesMax),
    endpoints: addAll(before.endpoints, peer?.endpoints ?? [], knownEndpointsMax),
    firstMs: Math.min(before.firstMs, peer?.firstMs ?? before.firstMs),
    lastMs: Math.max(before.lastMs, peer?.lastMs ?? before.lastMs),
  });
}

function addAll(list: readonly string[], added: readonly string[], most: number): readonly string[] {
  return added.reduce<readonly string[]>((all, one) => addLatest(all, one, most), list).slice(-most);
}

function meet(
  peer: KnownPeer | undefined,
  {
    key,
    signing,
    name,
    endpoint,
    atMs,
  }: Omit<PeerChange & { is: "met" }, "is" | "name"> & {
    readonly name?: string;
  },
): KnownPeer {
  return {
    key,
    signing: peer?.signing ?? signing,
    replaced: peer?.replaced ?? [],
    isVerified: peer?.isVerified ?? false,
    names: name === undefined ? (peer?.names ?? []) : addLatest(peer?.names ?? [], name, knownNamesMax),
    endpoints:
      endpoint === undefined
        ? (peer?.endpoints ?? [])
        : addLatest(peer?.endpoints ?? [], endpoint, knownEndpointsMax),
    firstMs: peer?.firstMs ?? atMs,
    lastMs: Math.max(atMs, peer?.lastMs ?? atMs),
  };
}

function release(other: KnownPeer, endpoint: string): KnownPeer {
  return { ...other, endpoints: other.endpoints.filter((one) => one !== endpoint) };
}

function addLatest(list: readonly string[], added: string, most: number): readonly string[] {
  return [...list.filter((one) => one !== added), added].slice(-most);
}

function bound(known: Map<string, KnownPeer>): KnownPeers {
  const excess = known.size - knownPeersMax;
  if (excess <= 0) return known;
  const isUnverified = ({ isVerified }: KnownPeer): boolean => !isVerified;
  const isNeverDialled = (peer: KnownPeer): boolean => isUnverified(peer) && peer.endpoints.length === 0;
  const all = [...known.values()];
  const least = new Set([...all.filter(isNeverDialled), ...all.filter(isUnverified), ...all]);
  for (const { key } of [...least].slice(0, excess)) known.delete(key);
  return known;
}

/** Our person's references for a peer, before its key is known. */
export interface PeerReference {
  /** Of `--key`. */
  readonly key: string | undefined;
  /** Our person has trusted that key in place of the one of `--key`: it is fixed, and nobody has compared it. */
  readonly isTrusted?: boolean;
  /** The endpoint that our person dialled, as typed; undefined for a peer that connected to us. */
  readonly endpoint: string | undefined;
  /** The key of the known person that our person chose in the list of the local network; it counts in place of the others. */
  readonly listed?: string | undefined;
  /** The key of the session that this one is to replace, since its host answers no more. */
  readonly session?: string | undefined;
}

/**
 * The verdict on the key of a peer. `replaces`: the known key whose place it takes, since its identity was renewed. `changed`: a
 * fixed reference names other keys, of which `expected` is the latest.
 */
export type Recognised =
  | { readonly is: "first" | "known" | "verified"; readonly replaces?: string }
  | {
      readonly is: "changed";
      readonly expected: string;
      readonly by: "key" | "endpoint" | "listed" | "session";
    };

/** Compares the key of a sealed session with the references. `earlier`: the Ed25519 key that has signed its renewal. */
export function recogniseKey(
  known: KnownPeers,
  reference: PeerReference,
  key: string,
  earlier?: string,
): Recognised {
  const before = findRenewed(known, key, earlier);
  const replaces = before === undefined ? {} : { replaces: before.key };
  const peer = before ?? known.get(key);
  const isSame = (other: string): boolean =>
    other === key || other === before?.key || peer?.replaced.includes(other) === true;
  const { listed, session } = reference;
  if (session !== undefined && !isSame(session)) return { is: "changed", expected: session, by: "session" };
  if (listed !== undefined && !isSame(listed)) return { is: "changed", expected: listed, by: "listed" };
  if (listed === undefined && reference.key !== undefined) {
    if (!isSame(reference.key)) return { is: "changed", expected: reference.key, by: "key" };
    if (reference.isTrusted !== true) return { is: "verified", ...replaces };
  }
  const isByEndpoint = listed === undefined && reference.key === undefined;
  const expected = isByEndpoint ? findKeysAt(known, reference.endpoint) : [];
  const latest = expected.at(-1);
  if (latest !== undefined && !expected.some(isSame))
    return { is: "changed", expected: latest, by: "endpoint" };
  if (peer === undefined || peer.names.length === 0) return { is: "first", ...replaces };
  const isVerified = peer.isVerified || known.get(key)?.isVerified === true;
  return { is: isVerified ? "verified" : "known", ...replaces };
}

/** The known peer, of another key, whose Ed25519 key has signed a renewal. */
function findRenewed(known: KnownPeers, key: string, earlier: string | undefined): KnownPeer | undefined {
  if (earlier === undefined) return undefined;
  return [...known.values()].findLast((peer) => peer.signing === earlier && peer.key !== key);
}

/** The key that a peer in the clear should have sealed with: PLAIN is held as a changed key is. */
export function findExpectedKey(known: KnownPeers, reference: PeerReference): string | undefined {
  return reference.listed ?? reference.key ?? findKeysAt(known, reference.endpoint).at(-1);
}

/**
 * The person whom our person knows by this name, or by one that looks like it, if that is another key than `key`: of several
 * the verified one, else the one that was met first. Undefined: nobody else has more right to the name.
 */
export function findNamesake(known: KnownPeers, name: string, key: string): KnownPeer | undefined {
  const owner = indexNames(known).get(computeKey(name));
  const isOwn = owner?.key === key || known.get(key)?.isVerified === true;
  return isOwn ? undefined : owner;
}

/** The owner of each name, by its skeleton. Made once for known peers that are asked often. */
const indices = new WeakMap<KnownPeers, ReadonlyMap<string, KnownPeer>>();

function indexNames(known: KnownPeers): ReadonlyMap<string, KnownPeer> {
  const made = indices.get(known);
  if (made !== undefined) return made;
  const index = new Map<string, KnownPeer>();
  for (const peer of known.values()) {
    for (const name of peer.names) {
      const key = computeKey(name);
      const other = index.get(key);
      if (other === undefined || hasMoreRight(peer, other)) index.set(key, peer);
    }
  }
  indices.set(known, index);
  return index;
}

function hasMoreRight(one: KnownPeer, other: KnownPeer): boolean {
  return one.isVerified === other.isVerified ? one.firstMs < other.firstMs : one.isVerified;
}

/** The keys that were met at an endpoint, the latest last. */
function findKeysAt(known: KnownPeers, endpoint: string | undefined): readonly string[] {
  if (endpoint === undefined) return [];
  return [...known.values()].filter(({ endpoints }) => endpoints.includes(endpoint)).map(({ key }) => key);
}
