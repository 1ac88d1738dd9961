/**
 * The room of a listening duet: its members, their numbers and names. One process is one member, however many paths it
 * has.
 */

import type { Frame, Member } from "../../protocol/frames/frame.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import {
  type Chat,
  hostNumber,
  getName,
  getSide,
  type SendContext,
  type ReportContext,
} from "../model/chat.ts";
import type { Peer, LocalMember } from "../model/peer.ts";
import type { RelayAuthor } from "../model/pending-relay.ts";
import type { HubMember } from "../model/hub-member.ts";
import type { Side } from "../model/side.ts";
import { placeInAudience } from "../outbound/audiences.ts";
import { listDuetsOverUdp } from "../outbound/relay.ts";
import { publishMember } from "../outbound/crossing.ts";
import { sendFrameTo, sendFrameToAll, sendFrameToRoom } from "../outbound/sending.ts";
import type { IntroducedKey } from "../peer/host-room.ts";
import { isSealed } from "../peer/seal.ts";
import { addPeerNotice } from "../report/paced-notices.ts";
import { addPresenceNotice } from "../report/presence-notices.ts";
import { toRoomReason, removeSubject } from "../report/reasons.ts";
import { writeReason } from "../report/wire-reasons.ts";
import { addNotice, reportPeer } from "../report/report.ts";
import { chooseLineMode } from "./line-mode.ts";
import { findKeyToIntroduce, getOwnIntroduction } from "./member-keys.ts";
import { findMemberOfPath } from "./member-of-path.ts";
import { type Sentence, sentence } from "../../words/sentences/sentence.ts";
import { type Identity, setName } from "../peer/identity.ts";
import type { Room } from "../model/room.ts";

/** Adds a peer to the room, as a new member or as another path of its process. True if the member is new. */
export function enterRoom(chat: SendContext, peer: Peer): boolean {
  const known = findMemberOfPath(chat.room, peer, getSide(chat, peer.link).socket.local);
  if (known !== undefined) {
    known.paths.add(peer);
    peer.membership.member = known;
    chooseLineMode(chat, peer);
    return false;
  }
  const member: LocalMember = {
    kind: "local",
    number: takeMemberNumber(chat.room),
    name: takeName(chat.room, peer.identity),
    paths: new Set([peer]),
    via: peer,
  };
  peer.membership.member = member;
  chat.room.members.set(member.number, member);
  placeInAudience(chat, peer);
  chooseLineMode(chat, peer);
  introduceMember(chat, member, toPublicMember(member, true));
  publishMember(chat, member.number, member.name, { type: "joined", duet: describeDuet(chat.room, member) });
  return true;
}

/** Sends a new member to the others: its key to the sealed ones alone, since a key that lasts is not sent in the clear. */
function introduceMember(chat: SendContext, author: RelayAuthor, member: Member): void {
  const whole: Frame = { type: "joined", ...member };
  const isPlain = ({ seal }: Peer): boolean => !isSealed(seal);
  const over = chat.room.audiences;
  const own = author.kind === "local" ? author : undefined;
  const others = [...over.duets.peers, ...listDuetsOverUdp(chat.room, author)].filter(
    (peer) => peer !== own?.via,
  );
  if (whole.identity === undefined || !others.some(isPlain)) return sendFrameToRoom(chat, whole, own);
  const { number, name, address = "" } = member;
  const bare: Frame = { type: "joined", number, name, address };
  sendFrameToAll(chat, others.filter(isPlain), bare);
  sendFrameToAll(
    chat,
    others.filter((peer) => !isPlain(peer)),
    whole,
  );
}

/** The same of a member of another hub. */
export function introduceHubMember(chat: SendContext, member: HubMember, label: string): void {
  introduceMember(chat, member, toPublicHubMember(member, label, true));
}

/** The text of the key by which the other hubs know a member; undefined: it is a raw program, or the room is not shared. */
function describeDuet({ shared }: Room, member: LocalMember): string | undefined {
  if (shared === undefined || member.via.identity.kind !== "duet") return undefined;
  const known = findKeyToIntroduce(member);
  return known === undefined ? "" : `${known.key} ${known.epoch}`;
}

/** The number of a new member. */
export function takeMemberNumber(room: Room): number {
  const number = room.nextMemberNumber;
  room.nextMemberNumber += 1;
  return number;
}

/** A member of another hub has a name, as its hub says, in place of the one before. undefined: it has none. */
export function changeHubName({ takenNames }: Room, from: string | undefined, to: string | undefined): void {
  if (from !== undefined) takenNames.release(from);
  if (to !== undefined) takenNames.add(to);
}

function takeName({ takenNames }: Room, { name, isNamed }: Identity): string {
  return isNamed ? takenNames.take(name) : takenNames.takeAddress(name);
}

/** Takes a path of a member away. True: it was the last one, and the member has left. */
export function leaveRoom(chat: SendContext, peer: Peer, reason: Sentence): boolean {
  const member = peer.membership.member;
  if (member === undefined) return false;
  member.paths.delete(peer);
  const other = [...member.paths].at(-1);
  if (other !== undefined) {
    if (member.via === peer) setPath(chat, member, other);
    return false;
  }
  chat.room.takenNames.release(member.name);
  chat.room.members.delete(member.number);
  placeInAudience(chat, member.via);
  const why = writeReason(chat.config, toRoomReason(removeSubject(reason, [member.name, peer.link.address])));
  sendFrameToRoom(chat, { type: "left", number: member.number, reason: why }, member);
  publishMember(chat, member.number, undefined, { type: "left", reason: why });
  return true;
}

/** Sets the path on which a member receives. */
export function setPath(chat: Pick<Chat, "effects" | "room">, member: LocalMember, via: Peer): void {
  if (member.via === via) return;
  const before = member.via;
  member.via = via;
  placeInAudience(chat, before);
  placeInAudience(chat, via);
}

/** A raw or silent member turned out to be a duet: it leaves, to join again with its process and name. */
export function leaveAsRaw(chat: SendContext, peer: Peer): void {
  leaveRoom(chat, peer, sentence("became-duet"));
  peer.membership.member = undefined;
}

/** All members, the host first, for one of them: with their keys if it is sealed. */
export function listMembers(
  { self, room }: Pick<Chat, "self" | "room">,
  { seal }: Pick<Peer, "seal">,
): readonly Member[] {
  const host = { number: hostNumber, name: self.name };
  const withKeys = isSealed(seal);
  return [
    withKeys ? { ...host, ...toPublicKey(getOwnIntroduction(self, seal)) } : host,
    ...[...room.members.values()].map((member) => toPublicMember(member, withKeys)),
    ...listHubMembers(room, withKeys),
  ];
}

/** The members of other hubs that have a number of our room. */
function listHubMembers({ shared }: Room, withKeys: boolean): readonly Member[] {
  if (shared === undefined) return [];
  return [...shared.hubs.values()].flatMap(({ label, named }) =>
    [...named.values()].map((member) => toPublicHubMember(member, label, withKeys)),
  );
}

/** The address has this form, since the endpoint is known to the member's own hub alone. */
function toPublicHubMember(
  { number, name, introduced, at }: HubMember,
  label: string,
  withKey: boolean,
): Member {
  return { number, name, address: `${label}/${at}`, ...(withKey && introduced && toPublicKey(introduced)) };
}

/**
 * Renames a member, uniquely in the room, and sends the new name to the others. `askedBy`: the path on which the member
 * asked; it receives an answer even if the member keeps its name.
 */
export function renameMember(chat: SendContext, member: LocalMember, wanted: string, askedBy?: Peer): void {
  const from = member.name;
  chat.room.takenNames.release(from);
  member.name = chat.room.takenNames.take(cleanName(wanted));
  if (member.name === from) {
    if (askedBy !== undefined)
      sendFrameTo(chat, askedBy, { type: "renamed", number: member.number, name: from });
    return;
  }
  for (const path of member.paths) {
    setName(path.identity, member.name);
    chooseLineMode(chat, path);
  }
  sendFrameToRoom(chat, { type: "renamed", number: member.number, name: member.name });
  publishMember(chat, member.number, member.name, { type: "renamed" });
  addPeerNotice(
    chat,
    getSide(chat, member.via.link),
    "info",
    sentence("peer-renamed", { from, name: member.name }),
  );
}

/** Renames the person, uniquely in the room, and sends the new name to the others. */
export function renameHost(
  chat: SendContext,
  side: Pick<Side, "transport" | "conversation" | "counters">,
  wanted: string,
): void {
  chat.room.takenNames.release(chat.self.name);
  chat.self.name = chat.room.takenNames.take(wanted);
  sendFrameToRoom(chat, { type: "renamed", number: hostNumber, name: chat.self.name });
  publishMember(chat, hostNumber, chat.self.name, { type: "renamed" });
  addNotice(chat, side, "info", describeOwnName(wanted, chat.self.name));
}

/** Our name in a room: the wanted one, or another because it is taken there. */
export function describeOwnName(wanted: string, name: string): Sentence {
  return name === wanted ? sentence("you-are-now", { name }) : sentence("name-taken", { wanted, name });
}

/** Takes a name without asking the room: the host that we joined decides whether it is free. */
export function renameSelf(chat: Pick<Chat, "self" | "room">, wanted: string): void {
  chat.room.takenNames.release(chat.self.name);
  chat.room.takenNames.add(wanted);
  chat.self.name = wanted;
}

/** The number of members with a path over a transport. */
export function countMembers(room: Room, transport: TransportName): number {
  let count = 0;
  for (const { paths } of room.members.values()) {
    for (const path of paths) {
      if (path.link.transport !== transport) continue;
      count += 1;
      break;
    }
  }
  return count;
}

/** Shows and reports that a peer joined. */
export function reportJoined(
  chat: ReportContext,
  peer: Pick<Peer, "link" | "identity" | "membership" | "seal">,
  isNew: boolean,
): void {
  const name = getName(peer);
  reportPeer(chat, peer, "connected");
  const { transport } = peer.link;
  const person = { name, address: name === peer.link.address ? undefined : peer.link.address };
  const side = getSide(chat, peer.link);
  const isDuet = peer.identity.kind === "duet";
  if (isNew) addPresenceNotice(chat, side, "joined", name, sentence("peer-joined", { ...person, isDuet }));
  else addPeerNotice(chat, side, "joined", sentence("here-by-too", { ...person, transport }));
}

function toPublicMember(member: LocalMember, withKey: boolean): Member {
  const { number, name, via } = member;
  const key = withKey ? findKeyToIntroduce(member) : undefined;
  return { number, name, address: via.link.address, ...(key && toPublicKey(key)) };
}

function toPublicKey({ key, epoch }: IntroducedKey): Pick<Member, "identity" | "epoch"> {
  return { identity: key, epoch };
}
