/**
 * The room of a listening duet: who is in it, under which number and name, and who hears what. One process is one
 * member, whatever its paths; nobody speaks for another.
 */

import type { MessageFrame } from "../protocol/frame.ts";
import type { Member } from "../protocol/frame.ts";
import { isLoopback } from "../protocol/endpoint.ts";
import { datagramMaxBytes } from "../protocol/limits.ts";
import { cleanName, uniqueName } from "../protocol/names.ts";
import { escapeForRawPeer, splitLines } from "../protocol/text.ts";
import { noticeOfPeer } from "./peer-notices.ts";
import { notice, tell } from "./report.ts";
import { give, sendFrameTo, sendFrameToAll, sendTextToAll } from "./sending.ts";
import { type Chat, nameOf, type Peer, type RoomMember, type Side, sideOf } from "./state.ts";

/** The number of the person at the listening duet's own screen. */
export const hostNumber = 1;

/** Brings a peer into the room, or to the member whose process it is. True: a new member came. */
export function enterRoom(chat: Chat, peer: Peer): boolean {
  const known = peer.session === undefined ? undefined : chat.membersBySession.get(peer.session);
  if (known !== undefined) {
    known.paths.add(peer);
    peer.member = known;
    return false;
  }
  const member: RoomMember = {
    number: chat.nextMemberNumber,
    name: uniqueName(peer.name, takenNames(chat)),
    session: peer.session,
    paths: new Set([peer]),
    via: peer,
  };
  chat.nextMemberNumber += 1;
  peer.member = member;
  chat.members.set(member.number, member);
  if (peer.session !== undefined) chat.membersBySession.set(peer.session, member);
  sendFrameToAll(chat, duetsBut(chat, member), { type: "joined", ...publicMember(member) });
  return true;
}

/** Takes a path of a member away. True: it was the last one, and the member has left. */
export function leaveRoom(chat: Chat, peer: Peer, reason: string): boolean {
  const member = peer.member;
  if (member === undefined) return false;
  member.paths.delete(peer);
  const other = [...member.paths].at(-1);
  if (other !== undefined) {
    if (member.via === peer) member.via = other;
    return false;
  }
  chat.members.delete(member.number);
  if (member.session !== undefined) chat.membersBySession.delete(member.session);
  sendFrameToAll(chat, duetsBut(chat, member), { type: "left", number: member.number, reason });
  return true;
}

/** A raw or silent member said hello after all: its process is known now, and its name. */
export function identifyMember(chat: Chat, peer: Peer, wanted: string): void {
  const member = peer.member;
  if (member === undefined || peer.session === undefined) return;
  leaveRoom(chat, peer, "it is a duet");
  peer.member = undefined;
  peer.name = wanted;
  enterRoom(chat, peer);
}

/** Everybody in the room, the host first. */
export function roomMembers(chat: Chat): readonly Member[] {
  return [{ number: hostNumber, name: chat.name }, ...[...chat.members.values()].map(publicMember)];
}

/** Gives a member another name, unique in the room, and tells the others. */
export function renameMember(chat: Chat, member: RoomMember, wanted: string): void {
  const from = member.name;
  member.name = uniqueName(cleanName(wanted), takenNames(chat, member));
  if (member.name === from) return;
  for (const path of member.paths) {
    path.name = member.name;
    path.named = true;
  }
  const everyDuet = [...duetsBut(chat, undefined)];
  sendFrameToAll(chat, everyDuet, { type: "renamed", number: member.number, name: member.name });
  noticeOfPeer(chat, sideOf(chat, member.via), "info", `${from} is now ${member.name}`);
}

/** Gives the person here another name, unique in the room, and tells the others. */
export function renameHost(chat: Chat, side: Side, wanted: string): void {
  const members = [...chat.members.values()].map(({ name }) => name);
  chat.name = uniqueName(wanted, members);
  sendFrameToAll(chat, duetsBut(chat, undefined), { type: "renamed", number: hostNumber, name: chat.name });
  notice(chat, side, "info", `you are now ${chat.name}`);
}

/** One member's words to all others: frames to duets, `<name> line` to raw peers, never back to where they came from. */
export function relay(chat: Chat, origin: RoomMember, text: string, action: boolean): void {
  if (chat.members.size < 2) return;
  const frame: MessageFrame = {
    type: "message",
    id: takeMessageId(chat),
    from: origin.number,
    text,
    ...(action ? { action: true } : {}),
  };
  sendFrameToAll(chat, duetsBut(chat, origin), frame);
  const raw = rawBut(chat, origin);
  if (raw.length === 0) return;
  for (const line of splitLines(text)) {
    sendTextToAll(
      chat,
      raw,
      escapeForRawPeer(action ? `* ${origin.name} ${line}` : `<${origin.name}> ${line}`),
    );
  }
}

/** One member's words to another alone. */
export function relayPrivately(
  chat: Chat,
  origin: RoomMember,
  toNumber: number,
  text: string,
  action: boolean,
): void {
  const to = chat.members.get(toNumber);
  if (to === undefined || to === origin) return;
  const { via } = to;
  if (via.kind === "duet") {
    const frame = {
      type: "message",
      id: takeMessageId(chat),
      from: origin.number,
      to: toNumber,
      text,
    } as const;
    if (via.proven) sendFrameTo(chat, via, { ...frame, ...(action ? { action } : {}) });
  } else if (mayHearOthers(via)) {
    for (const line of splitLines(text))
      sendTextToAll(chat, [via], escapeForRawPeer(`<${origin.name} → you> ${line}`));
  }
}

/** Bytes of a raw room (`--raw`), to all others as they came, in pieces that fit a queue and a datagram. */
export function relayBytes(chat: Chat, origin: Peer, bytes: Uint8Array): void {
  const others = [...chat.members.values()]
    .filter((member) => member !== origin.member)
    .map((member) => member.via)
    .filter(mayHearOthers);
  for (const transport of ["tcp", "udp"] as const) {
    const peers = others.filter((peer) => peer.transport === transport && !peer.weShutDown);
    for (let start = 0; peers.length > 0 && start < bytes.length; start += datagramMaxBytes)
      give(chat, peers, bytes.slice(start, start + datagramMaxBytes));
  }
}

/** The paths to every duet in the room but one member's. */
export function duetsBut(chat: Chat, but: RoomMember | undefined): readonly Peer[] {
  const peers: Peer[] = [];
  for (const member of chat.members.values()) {
    if (member !== but && member.via.kind === "duet" && member.via.proven) peers.push(member.via);
  }
  return peers;
}

function rawBut(chat: Chat, but: RoomMember): readonly Peer[] {
  const peers: Peer[] = [];
  for (const member of chat.members.values()) {
    const peer = member.via;
    if (member !== but && peer.kind !== "duet" && mayHearOthers(peer)) peers.push(peer);
  }
  return peers;
}

/** A raw UDP endpoint beyond this machine may be forged: it gets what a person writes to it, and no relayed lines. */
function mayHearOthers(peer: Peer): boolean {
  return peer.transport === "tcp" || isLoopback(peer.endpoint);
}

/** The coming of a peer, shown and told. */
export function tellJoined(chat: Chat, peer: Peer, isNew: boolean): void {
  const kind = peer.kind === "unknown" ? undefined : peer.kind;
  const name = nameOf(peer);
  tell(chat, { type: "peer", transport: peer.transport, event: "connected", peer: peer.address, name, kind });
  const who = name === peer.address ? name : `${name} (${peer.address})`;
  const text = isNew
    ? `${who} joined${peer.kind === "duet" ? ", a duet" : ""}`
    : `${who} is here by ${peer.transport.toUpperCase()} too`;
  noticeOfPeer(chat, sideOf(chat, peer), "joined", text);
}

export function takeMessageId(chat: Chat): number {
  const id = chat.nextMessageId;
  chat.nextMessageId += 1;
  return id;
}

function publicMember(member: RoomMember): Member {
  return { number: member.number, name: member.name, address: member.via.address };
}

function takenNames(chat: Chat, but?: RoomMember): readonly string[] {
  const names = [chat.name];
  for (const member of chat.members.values()) if (member !== but) names.push(member.name);
  return names;
}
