/** Finds the peer or member that a command names, by name or address. */

import { formatEndpoint, parseIpEndpoint } from "../../protocol/address/endpoint.ts";
import { cleanText } from "../../protocol/text/text.ts";
import { type Chat, getName } from "../model/chat.ts";
import type { Peer, RoomMember } from "../model/peer.ts";
import type { Link } from "../peer/link.ts";
import type { Addressee, Side } from "../model/side.ts";
import { getOutboundPeer } from "./recipients.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Room } from "../model/room.ts";

/** Finds an addressee by name or address, ignoring case. The name may stand in quotes. */
export function findAddressee(
  room: Room,
  side: Pick<Side, "socket" | "peers">,
  written: string,
): Addressee | undefined {
  const word = /^"(.+)"$/s.exec(written)?.[1] ?? written;
  const outboundPeer = getOutboundPeer(side);
  if (outboundPeer !== undefined && isCalled(outboundPeer, word)) return { kind: "peer", peer: outboundPeer };
  for (const member of room.members.values())
    if (isMemberCalled(member, word)) return { kind: "local", member };
  for (const member of outboundPeer?.hostRoom.members.values() ?? [])
    if (outboundPeer !== undefined && isMemberCalled(member, word))
      return { kind: "remote", host: outboundPeer, member };
  const peer = [...side.peers.values()].find((one) => isCalled(one, word));
  return peer === undefined ? undefined : { kind: "peer", peer };
}

/** A name and the text after it. `ambiguous`: the words begin with the names of several members. */
type AddresseeSplit =
  | { readonly kind: "found"; readonly addressee: Addressee; readonly rest: string }
  | { readonly kind: "unknown"; readonly word: string; readonly rest: string }
  | { readonly kind: "ambiguous"; readonly names: readonly string[] };

/**
 * Splits a name from the text that follows. A name may contain blanks, or stand in quotes. It is never guessed: with
 * members `bob` and `bob the`, the words `bob the password` are ambiguous.
 */
export function splitAddressee(
  room: Room,
  side: Pick<Side, "socket" | "peers">,
  words: string,
): AddresseeSplit {
  const [, quoted, after = ""] = /^"([^"]+)"\s*([^]*)$/.exec(words) ?? [];
  if (quoted !== undefined) {
    const addressee = findAddressee(room, side, quoted);
    return addressee === undefined
      ? { kind: "unknown", word: quoted, rest: after }
      : { kind: "found", addressee, rest: after };
  }
  const found = findSplits(room, side, words);
  const [first] = found;
  if (new Set(found.map(({ addressee }) => getIdentity(addressee))).size > 1)
    return { kind: "ambiguous", names: found.map(({ name }) => name) };
  if (first !== undefined) return { kind: "found", addressee: first.addressee, rest: first.rest };
  const [, word = words, rest = ""] = /^(\S+)\s+([^]*)$/.exec(words) ?? [];
  return { kind: "unknown", word, rest };
}

interface FoundSplit {
  readonly name: string;
  readonly addressee: Addressee;
  readonly rest: string;
}

/** Every way to split the words after a name that exists, the longest name first. */
function findSplits(room: Room, side: Pick<Side, "socket" | "peers">, words: string): readonly FoundSplit[] {
  const blanks = [...words.matchAll(/\s+/g)].slice(0, nameBlanksMax);
  return blanks.toReversed().flatMap(({ index, 0: blank }): readonly FoundSplit[] => {
    const name = words.slice(0, index).replace(/\s+/g, " ");
    const addressee = findAddressee(room, side, name);
    return addressee === undefined ? [] : [{ name, addressee, rest: words.slice(index + blank.length) }];
  });
}

function getIdentity(addressee: Addressee): object {
  return addressee.kind === "peer" ? addressee.peer : addressee.member;
}

/** The most blanks that a name of 32 columns can contain. */
const nameBlanksMax = 16;

/** The only peer, or the problem if there are none or several. */
function findOnlyPeer(room: Room, side: Pick<Side, "socket" | "peers">): Peer | Sentence {
  const outboundPeer = getOutboundPeer(side);
  if (outboundPeer !== undefined) return outboundPeer;
  const [first, second] = room.members.values();
  if (first === undefined) return sentence("nobody-here");
  return second === undefined ? first.via : sentence("which-peer");
}

/** The peer with this name, or without a name the only peer; else the problem. */
export function findPeer(
  chat: Pick<Chat, "peers" | "room">,
  side: Pick<Side, "socket" | "peers">,
  word: string,
): Peer | Sentence {
  if (word === "") return findOnlyPeer(chat.room, side);
  const addressee = findAddressee(chat.room, side, word);
  if (addressee === undefined || addressee.kind === "remote") return describeMissingName(chat, word);
  return addressee.kind === "local" ? addressee.member.via : addressee.peer;
}

/** The problem that nobody has this name, with the names of present peers. */
export function describeMissingName(chat: Pick<Chat, "peers">, word: string): Sentence {
  const names = [...chat.peers.values()].slice(0, 10).map(getName);
  return sentence("nobody-called", { word: cleanText(word.slice(0, 60)), names });
}

/** A local member answers to the address of each of its paths, too. */
function isMemberCalled(member: RoomMember, word: string): boolean {
  if (isSameWord(member.name, word)) return true;
  return member.kind === "local" && [...member.paths].some((path) => isAddressed(path.link, word));
}

function isCalled(peer: Pick<Peer, "link" | "identity" | "membership">, word: string): boolean {
  return isSameWord(getName(peer), word) || isAddressed(peer.link, word);
}

/** The word is the peer's address, in any spelling. */
function isAddressed({ address }: Link, word: string): boolean {
  const endpoint = parseIpEndpoint(word);
  return isSameWord(address, endpoint === undefined ? word : formatEndpoint(endpoint));
}

function isSameWord(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
