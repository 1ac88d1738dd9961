/**
 * The room of a listening duet: who is in it, under which number and name, and who hears what. One process is one
 * member, whatever its paths; nobody speaks for another.
 */

import type { Member } from "../protocol/frame.ts";
import { cleanName, uniqueName } from "../protocol/names.ts";
import { noticeOfMove } from "./comings.ts";
import { noticeOfPeer } from "./peer-notices.ts";
import { forTheRoom } from "./reasons.ts";
import { notice, tellPeer } from "./report.ts";
import { sendFrameToAll } from "./sending.ts";
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
  sendFrameToAll(chat, duetsBut(chat, member), {
    type: "left",
    number: member.number,
    reason: forTheRoom(reason),
  });
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

/** The paths to every duet in the room but one member's. */
export function duetsBut(chat: Chat, but: RoomMember | undefined): readonly Peer[] {
  const peers: Peer[] = [];
  for (const member of chat.members.values()) {
    if (member !== but && member.via.kind === "duet" && member.via.proven) peers.push(member.via);
  }
  return peers;
}

/** The coming of a peer, shown and told. */
export function tellJoined(chat: Chat, peer: Peer, isNew: boolean): void {
  const name = nameOf(peer);
  tellPeer(chat, peer, "connected");
  const who = name === peer.address ? name : `${name} (${peer.address})`;
  const side = sideOf(chat, peer);
  const transport = peer.transport.toUpperCase();
  if (isNew)
    noticeOfMove(chat, side, "joined", name, `${who} joined${peer.kind === "duet" ? ", a duet" : ""}`);
  else noticeOfPeer(chat, side, "joined", `${who} is here by ${transport} too`);
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
