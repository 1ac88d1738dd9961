/**
 * The room, told whole: by the listening side to who joins, and anew to who has missed news of it. Over UDP news is given up
 * once it was tried for as long as a peer may be silent; whoever is heard all the same, for only one way was lost, would
 * have the room wrong for good. What is told of it piece by piece is in room.ts and distant.ts.
 */

import { encodeFrame, type Frame, type Member, orderMaxBytes } from "../../protocol/frame.ts";
import { datagramFrameMaxBytes, distantMembersMax, lineMaxBytes } from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/names.ts";
import { distantRenamed, memberJoined, memberLeft, rememberDistant } from "./remote-members.ts";
import { becomeDuet } from "../session/greeting.ts";
import { sendPing } from "../session/liveness.ts";
import { notice } from "../report/report.ts";
import { hostNumber, roomMembers } from "./members.ts";
import { sendFramesTo, sendFrameTo } from "../outbound/sending.ts";
import { type Chat, nameOf, type Peer, sideOf } from "../model/chat.ts";

type Welcome = Extract<Frame, { type: "welcome" }>;

/** A room that is told anew and not told whole so far. */
export interface RoomToCome {
  /** Members that have been named so far; at most distantMembersMax. */
  readonly named: Set<number>;
  /** So many members are still to be named. */
  left: number;
}

/** The room, as much of it as one frame holds; the rest by one frame each. `isAnew`: who is not named is not there. */
export function welcome(chat: Chat, peer: Peer, isAnew = false): void {
  const you = peer.member?.number;
  if (you === undefined) return;
  const isFirst = ({ number }: Member) => number === hostNumber || number === you;
  const all = roomMembers(chat);
  const others = all.filter((member) => !isFirst(member));
  const maxBytes = peer.transport === "tcp" ? lineMaxBytes : datagramFrameMaxBytes - orderMaxBytes;
  const base = { type: "welcome", you, key: peer.ourKey, members: all.filter(isFirst) } as const;
  const frame = isAnew ? { ...base, rest: others.length } : base;
  let bytes = Buffer.byteLength(encodeFrame(frame, peer.theirKey));
  const fitting = others.filter(
    (member) => (bytes += Buffer.byteLength(JSON.stringify(member)) + 1) < maxBytes,
  );
  const rest = others.slice(fitting.length).map((member) => ({ type: "joined", ...member }) as const);
  const told = { ...frame, members: [...frame.members, ...fitting] };
  sendFrameTo(chat, peer, isAnew ? { ...told, rest: rest.length } : told);
  sendFramesTo(chat, peer, rest);
}

/** A duet is heard: if news was given up on the way to it, it is told all that it may have missed, once. */
export function makeUpForNews(chat: Chat, peer: Peer): void {
  const sender = peer.delivery?.sender;
  if (sender === undefined || !sender.missed.isMissing || peer.ending !== undefined) return;
  sender.missed.madeUp(sender.lastPushed);
  if (peer.accepted) welcome(chat, peer, true);
  else askForName(chat, peer);
}

/** The room we have come to, or are in. */
export function heardWelcome(chat: Chat, peer: Peer, frame: Welcome): void {
  if (peer.accepted || !peer.greeted) return;
  peer.theirKey = frame.key;
  if (peer.kind !== "duet")
    becomeDuet(chat, peer, frame.members.find(({ number }) => number === hostNumber)?.name ?? peer.name);
  chat.timers.clear(`hello ${peer.connection}`);
  const first = peer.ourNumber === undefined;
  if (!first && frame.rest !== undefined) return heardAnew(chat, peer, frame, frame.rest);
  peer.ourNumber = frame.you;
  for (const member of frame.members) {
    if (member.number === frame.you) peer.ourName = cleanName(member.name);
    else rememberDistant(peer, member);
  }
  if (!first) return;
  tellWelcome(chat, peer);
  sendPing(chat, peer);
  askForName(chat, peer);
}

/**
 * Another name was chosen while our greeting was on its way, or our word of it was given up: a member has no other news. One
 * that is taken there we are not given for asking again.
 */
function askForName(chat: Chat, peer: Peer): void {
  if (peer.ourName !== undefined && peer.ourName !== chat.name)
    sendFrameTo(chat, peer, { type: "renamed", name: chat.name });
}

function tellWelcome(chat: Chat, peer: Peer): void {
  const others = [...peer.distant.values()]
    .filter(({ number }) => number !== hostNumber)
    .map(({ name }) => name);
  const also = others.length === 0 ? "" : `; also here: ${others.slice(0, 20).join(", ")}`;
  const more = others.length > 20 ? ` and ${others.length - 20} more` : "";
  const side = sideOf(chat, peer);
  notice(
    chat,
    side,
    "joined",
    `you are ${peer.ourName ?? chat.name} in ${nameOf(peer)}'s room at ${peer.address}${also}${more}`,
  );
}

/** What is not as we knew it is told as the news that never came would have been. */
function heardAnew(chat: Chat, peer: Peer, { you, members }: Welcome, rest: number): void {
  peer.ourNumber = you;
  peer.distant.delete(you);
  peer.roomToCome = { named: new Set(), left: rest + members.length };
  for (const member of members) memberNamed(chat, peer, member);
  settleRoom(chat, peer);
}

/** `joined`, from a hub: somebody has come, or is one of a room that is told anew. */
export function memberNamed(chat: Chat, peer: Peer, member: Member): void {
  const { roomToCome } = peer;
  const { number, name } = member;
  if (roomToCome !== undefined) {
    const known = number === peer.ourNumber ? peer.ourName : peer.distant.get(number)?.name;
    if (known !== undefined && known !== cleanName(name)) distantRenamed(chat, peer, number, name);
  }
  memberJoined(chat, peer, { type: "joined", ...member });
  if (roomToCome === undefined) return;
  roomToCome.named.add(number);
  roomToCome.left -= 1;
  settleRoom(chat, peer);
}

/** All have been named: who was not is there no more. A hub that names more than may be kept is not waited for. */
function settleRoom(chat: Chat, peer: Peer): void {
  const { roomToCome } = peer;
  if (roomToCome === undefined) return;
  const { named, left } = roomToCome;
  if (left > 0 && named.size <= distantMembersMax) return;
  peer.roomToCome = undefined;
  if (left > 0) return;
  for (const number of [...peer.distant.keys()])
    if (!named.has(number)) memberLeft(chat, peer, { type: "left", number, reason: "" });
}
