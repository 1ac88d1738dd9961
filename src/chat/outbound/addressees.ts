/** Finds the peer or member that a command names, by name or address. */

import { cleanText } from "../../protocol/text/text.ts";
import { type Chat, getName } from "../model/chat.ts";
import type { Peer, RoomMember } from "../model/peer.ts";
import type { Addressee, Side } from "../model/side.ts";
import { getOutboundPeer } from "./recipients.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import type { Room } from "../model/room.ts";

/** Finds an addressee by name or address, ignoring case. */
export function findAddressee(
  room: Room,
  side: Pick<Side, "socket" | "peers">,
  word: string,
): Addressee | undefined {
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

/** Splits a name from the text that follows. Names may contain blanks; the longest existing name wins. */
export function splitAddressee(
  room: Room,
  side: Pick<Side, "socket" | "peers">,
  words: string,
): { readonly word: string; readonly rest: string; readonly addressee: Addressee | undefined } {
  const blanks = [...words.matchAll(/\s+/g)].slice(0, nameBlanksMax);
  for (const { index, 0: blank } of blanks.toReversed()) {
    const addressee = findAddressee(room, side, words.slice(0, index).replace(/\s+/g, " "));
    if (addressee !== undefined)
      return { word: words.slice(0, index), rest: words.slice(index + blank.length), addressee };
  }
  const [, word = words, rest = ""] = /^(\S+)\s+([^]*)$/.exec(words) ?? [];
  return { word, rest, addressee: undefined };
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
  return member.kind === "local" && [...member.paths].some((path) => isSameWord(path.link.address, word));
}

function isCalled(peer: Pick<Peer, "link" | "identity" | "membership">, word: string): boolean {
  return isSameWord(getName(peer), word) || isSameWord(peer.link.address, word);
}

function isSameWord(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
