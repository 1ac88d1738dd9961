/** Finds the peer or member that a command names, by name or address. */

import { formatEndpoint, parseIpEndpoint } from "../../protocol/address/endpoint.ts";
import { namesListedMax } from "../../protocol/limits.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type Chat, getName, hostNumber } from "../model/chat.ts";
import type { Peer, RoomMember } from "../model/peer.ts";
import type { HubMember } from "../model/hub-member.ts";
import type { Addressee, ConnectedAddressee, Side } from "../model/side.ts";
import { getOutboundPeer } from "./recipients.ts";
import { isSentence, type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Room } from "../model/room.ts";

type AddresseeSide = Pick<Side, "socket" | "peers">;

/**
 * Finds an addressee by name or address, ignoring case. The name may stand in quotes. Undefined if there is none, or
 * more than one: in a multicast group, and in the room of a host, a name may be another's too.
 */
export function findAddressee(room: Room, side: AddresseeSide, written: string): Addressee | undefined {
  const found = findAddressees(room, side, written);
  return found.length > 1 ? undefined : found[0];
}

function findAddressees(room: Room, side: AddresseeSide, written: string): readonly Addressee[] {
  const word = /^"(.+)"$/s.exec(written)?.[1] ?? written;
  const found: Addressee[] = [];
  const outboundPeer = getOutboundPeer(side);
  const isHost = outboundPeer !== undefined && isCalled(outboundPeer, word);
  if (outboundPeer !== undefined && isHost) found.push({ kind: "peer", peer: outboundPeer });
  for (const member of room.members.values())
    if (isMemberCalled(member, word)) found.push({ kind: "local", member });
  if (side.socket.role === "listen")
    for (const member of room.shared?.numbered.values() ?? [])
      if (isSameWord(member.name, word) || isSameWord(getHubAddress(member), word))
        found.push({ kind: "hub", member });
  for (const member of outboundPeer?.hostRoom.members.values() ?? [])
    if (
      outboundPeer !== undefined &&
      isMemberCalled(member, word) &&
      !(isHost && member.number === hostNumber)
    )
      found.push({ kind: "remote", host: outboundPeer, member });
  for (const peer of side.peers.values())
    if (peer !== outboundPeer && peer.membership.member === undefined && isCalled(peer, word))
      found.push({ kind: "peer", peer });
  return found;
}

/** A name and the text after it. `ambiguous`: the words begin with names that need quotes; the choices. */
type AddresseeSplit =
  | { readonly kind: "found"; readonly addressee: Addressee; readonly rest: string }
  | { readonly kind: "unknown"; readonly word: string; readonly rest: string }
  | { readonly kind: "ambiguous"; readonly names: readonly string[] };

/**
 * Splits a name from the text that follows: a word, as in `bob text` or `bob: text`, or any name in quotes. It is never
 * guessed. With a member `bob the`, the words `bob the password` are ambiguous, also if no `bob` is present: the text may
 * be for a member that has just left.
 */
export function splitAddressee(room: Room, side: AddresseeSide, words: string): AddresseeSplit {
  const [, quoted, after = ""] = /^"([^"]+)"\s*([^]*)$/.exec(words) ?? [];
  if (quoted !== undefined) {
    const [addressee, ...others] = findAddressees(room, side, quoted);
    if (addressee === undefined) return { kind: "unknown", word: quoted, rest: after };
    return others.length > 0
      ? { kind: "ambiguous", names: [addressee, ...others].map(getAddress) }
      : { kind: "found", addressee, rest: after };
  }
  const found = findSplits(room, side, words);
  const [first] = found;
  const members = new Set(found.map(({ addressee }) => getIdentity(addressee)));
  if (members.size > 1 || first?.needsQuotes === true)
    return { kind: "ambiguous", names: listChoices(found) };
  if (first !== undefined) return { kind: "found", addressee: first.addressee, rest: first.rest };
  const [, word = words, rest = ""] = /^(\S+)\s+([^]*)$/.exec(words) ?? [];
  return { kind: "unknown", word, rest };
}

interface FoundSplit {
  readonly name: string;
  readonly addressee: Addressee;
  readonly rest: string;
  /** The name is not a single word, or ends with the colon that may also follow a name. */
  readonly needsQuotes: boolean;
}

/** Every way to split the words after a name that exists, the longest name first. */
function findSplits(room: Room, side: AddresseeSide, words: string): readonly FoundSplit[] {
  const blanks = [...words.matchAll(/\s+/g)].slice(0, nameBlanksMax);
  return blanks.toReversed().flatMap(({ index, 0: blank }): readonly FoundSplit[] => {
    const written = words.slice(0, index).replace(/\s+/g, " ");
    const rest = words.slice(index + blank.length);
    const names = written.endsWith(":") ? [written, written.slice(0, -1)] : [written];
    return names.flatMap((name) => {
      const needsQuotes = /[ ]|:$/.test(name);
      return findAddressees(room, side, name).map((addressee) => ({ name, addressee, rest, needsQuotes }));
    });
  });
}

/** The names that the words may mean; members of one name by their addresses. */
function listChoices(found: readonly FoundSplit[]): readonly string[] {
  const isShared = (name: string): boolean => found.filter((one) => one.name === name).length > 1;
  return found.map(({ name, addressee }) => (isShared(name) ? getAddress(addressee) : name));
}

/** How a command names one of several members with the same name. */
function getAddress(addressee: Addressee): string {
  switch (addressee.kind) {
    case "peer":
      return addressee.peer.link.address;
    case "local":
      return addressee.member.via.link.address;
    case "remote":
      return addressee.member.address ?? addressee.member.name;
    case "hub":
      return getHubAddress(addressee.member);
  }
}

/** A member of another hub has no endpoint that we know: its hub and its number there name it. */
function getHubAddress({ hub, at }: HubMember): string {
  return `${hub.slice(0, 8)}/${at}`;
}

function getIdentity(addressee: Addressee): object {
  return addressee.kind === "peer" ? addressee.peer : addressee.member;
}

/** The most blanks that a name of 32 columns can contain. */
const nameBlanksMax = 16;

/** The only peer, or the problem if there are none or several. */
function findOnlyPeer(room: Room, side: AddresseeSide): Peer | Sentence {
  const outboundPeer = getOutboundPeer(side);
  if (outboundPeer !== undefined) return outboundPeer;
  const [first, second] = room.members.values();
  if (first === undefined) return sentence("nobody-here");
  return second === undefined ? first.via : sentence("which-peer");
}

/** The peer with this name, or without a name the only peer; else the problem. */
export function findPeer(
  chat: Pick<Chat, "peers" | "room">,
  side: AddresseeSide,
  word: string,
): Peer | Sentence {
  if (word === "") return findOnlyPeer(chat.room, side);
  const addressee = findAddressee(chat.room, side, word);
  const peer = findOwnPeer(addressee);
  if (isSentence(peer)) return peer;
  return peer ?? describeMissingName(chat, side, word);
}

/** The connection of an addressee that has one of its own; the problem if it is another hub's. Undefined: it has none. */
function findOwnPeer(addressee: Addressee | undefined): Peer | Sentence | undefined {
  switch (addressee?.kind) {
    case "local":
      return addressee.member.via;
    case "peer":
      return addressee.peer;
    case "hub":
      return sentence("member-of-other-hub", { name: addressee.member.name });
    case "remote":
    case undefined:
      return undefined;
  }
}

/** The problem that nobody has this name, with the names of present peers; or that several members have it. */
export function describeMissingName(chat: Pick<Chat, "room">, side: AddresseeSide, word: string): Sentence {
  const several = findAddressees(chat.room, side, word);
  if (several.length > 1) return sentence("ambiguous-name", { names: several.map(getAddress) });
  const all = listNames(chat.room, side);
  const names = all.slice(0, namesListedMax);
  return sentence("nobody-called", {
    word: cleanText(word.slice(0, 60)),
    names,
    more: all.length - names.length,
  });
}

/** The names of all whom findAddressee() can find, each once. */
function listNames(room: Room, side: AddresseeSide): readonly string[] {
  const outboundPeer = getOutboundPeer(side);
  const remote = outboundPeer === undefined ? [] : [...outboundPeer.hostRoom.members.values()];
  const others = [...side.peers.values()].filter((peer) => peer.membership.member === undefined);
  const names = [
    ...[...room.members.values()].map(({ name }) => name),
    ...(outboundPeer === undefined ? [] : [getName(outboundPeer)]),
    ...remote.filter(({ number }) => number !== hostNumber).map(({ name }) => name),
    ...(side.socket.role === "listen" ? listHubMembers(room) : []).map(({ name }) => name),
    ...others.map(getName),
  ];
  return [...new Set(names)];
}

/** The members of other hubs that can be addressed. */
export function listHubMembers({ shared }: Pick<Room, "shared">): readonly HubMember[] {
  return shared === undefined ? [] : [...shared.numbered.values()];
}

/** A member answers to its address, too; a local one to that of each of its paths. */
function isMemberCalled(member: RoomMember, word: string): boolean {
  if (isSameWord(member.name, word)) return true;
  if (member.kind === "remote") return member.address !== undefined && isAddressed(member.address, word);
  return [...member.paths].some((path) => isAddressed(path.link.address, word));
}

function isCalled(peer: Pick<Peer, "link" | "identity" | "membership">, word: string): boolean {
  return isSameWord(getName(peer), word) || isAddressed(peer.link.address, word);
}

/** The word is the peer's address, in any spelling. */
function isAddressed(address: string, word: string): boolean {
  const endpoint = parseIpEndpoint(word);
  return isSameWord(address, endpoint === undefined ? word : formatEndpoint(endpoint));
}

function isSameWord(one: string, other: string): boolean {
  return foldWord(one) === foldWord(other);
}

/** Without differences of case, and of composed and decomposed letters. */
function foldWord(word: string): string {
  return word.normalize("NFC").toLowerCase();
}

/** True while the addressee is connected, or the host names it. */
export function isAddresseeHere(
  chat: Pick<Chat, "peers" | "room">,
  addressee: Addressee | undefined,
): boolean {
  switch (addressee?.kind) {
    case "local":
      return chat.room.members.get(addressee.member.number) === addressee.member;
    case "peer":
      return chat.peers.has(addressee.peer.link.connection);
    case "remote":
      return (
        chat.peers.has(addressee.host.link.connection) &&
        // After a restart of the host another member may have the number.
        addressee.host.hostRoom.members.get(addressee.member.number) === addressee.member
      );
    case "hub":
      return chat.room.shared?.numbered.get(addressee.member.number) === addressee.member;
    case undefined:
      return false;
  }
}

/** The connection by which an addressee is reached. */
export function getAddresseePath(addressee: ConnectedAddressee): Peer {
  switch (addressee.kind) {
    case "local":
      return addressee.member.via;
    case "peer":
      return addressee.peer;
    case "remote":
      return addressee.host;
  }
}

export function nameAddressee(addressee: Addressee): string {
  return addressee.kind === "peer" ? getName(addressee.peer) : addressee.member.name;
}

type IdentifiedTarget =
  | { readonly peer: Pick<Peer, "link" | "membership">; readonly number?: number }
  | { readonly far: HubMember };

/**
 * Identifies the recipient of a private message: a member behind a host or a peer, while the connection lasts; a host also
 * by a later connection, since the person connected to its address.
 */
export function identifyTarget(target: IdentifiedTarget): string {
  if ("far" in target) return `hub ${target.far.hub} ${target.far.at}`;
  const {
    peer: { link, membership },
    number = hostNumber,
  } = target;
  if (link.isInbound)
    return membership.member === undefined ? `peer ${link.connection}` : `member ${membership.member.number}`;
  return number === hostNumber ? `host ${link.address}` : `behind ${link.connection} ${number}`;
}
