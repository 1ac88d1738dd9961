/**
 * How two duets find that they are duets: hello both ways, welcome from the listening side. It decides the kind of a
 * peer, never the words it says.
 */

import type { Frame, HelloFrame } from "../protocol/frame.ts";
import { datagramFrameMaxBytes, helloIntervalMs, hellosMax, lineMaxBytes } from "../protocol/limits.ts";
import { cleanName } from "../protocol/names.ts";
import { sendPing } from "./liveness.ts";
import { announce, becomeRaw, tellIdentified } from "./peers.ts";
import { notice, setPeerState } from "./report.ts";
import { hostNumber, identifyMember, roomMembers } from "./room.ts";
import { sendFrameTo } from "./sending.ts";
import { type Chat, nameOf, type Peer, sideOf } from "./state.ts";

type Welcome = Extract<Frame, { type: "welcome" }>;

/** Speaks first as a duet. Over UDP the hello is padded, so that no answer is larger than it, and repeated a few times. */
export function sayHello(chat: Chat, peer: Peer): void {
  peer.greeted = true;
  peer.hellos += 1;
  const frame: Frame = { type: "hello", name: chat.name, session: chat.session, key: peer.ourKey };
  sendFrameTo(chat, peer, frame, peer.transport === "udp" ? datagramFrameMaxBytes : 0);
  if (peer.transport === "udp") chat.timers.set(`hello ${peer.connection}`, chat.nowMs + helloIntervalMs);
}

/** No answer to the last hello over UDP: again, a few times, then plain text. */
export function helloTimeReached(chat: Chat, peer: Peer): void {
  if (peer.kind === "duet") return;
  if (peer.hellos < hellosMax) return sayHello(chat, peer);
  const side = sideOf(chat, peer);
  notice(chat, side, "warning", `no duet answered at ${peer.address} after ${hellosMax} greetings`);
  if (peer.kind === "unknown") becomeRaw(chat, peer);
}

/** A valid hello: from who came, to be welcomed; from who we greeted, the answer. */
export function heardHello(chat: Chat, peer: Peer, hello: HelloFrame): void {
  if (hello.session === chat.session) return meetOurselves(chat, peer);
  const again = peer.kind === "duet";
  if (again && (hello.session !== peer.session || hello.key !== peer.theirKey)) return;
  peer.theirKey = hello.key;
  peer.session = hello.session;
  if (!again) becomeDuet(chat, peer, hello.name);
  if (peer.accepted) welcome(chat, peer);
  else if (!peer.greeted) sayHello(chat, peer);
}

/** The answer of the listening side: hello, then the room. Over UDP both together stay below the padded hello. */
function welcome(chat: Chat, peer: Peer): void {
  if (peer.member === undefined) return;
  peer.greeted = true;
  sendFrameTo(chat, peer, { type: "hello", name: chat.name, session: chat.session, key: peer.ourKey });
  const you = peer.member.number;
  const all = roomMembers(chat);
  const first = all.filter(({ number }) => number === hostNumber || number === you);
  const others = all.filter(({ number }) => number !== hostNumber && number !== you);
  const roomBytes = (peer.transport === "tcp" ? lineMaxBytes : datagramFrameMaxBytes) / 2;
  let bytes = 0;
  const fitting = others.filter((member) => (bytes += JSON.stringify(member).length * 3) < roomBytes);
  peer.knowsRoom = fitting.length === others.length;
  sendFrameTo(chat, peer, { type: "welcome", you, key: peer.ourKey, members: [...first, ...fitting] });
  if (peer.proven) tellRestOfRoom(chat, peer);
}

/** A UDP endpoint used the key that was sent to it: it can be reached there, and is nobody's victim. */
export function proveReachable(chat: Chat, peer: Peer): void {
  if (peer.proven) return;
  peer.proven = true;
  tellRestOfRoom(chat, peer);
}

function tellRestOfRoom(chat: Chat, peer: Peer): void {
  if (peer.knowsRoom) return;
  peer.knowsRoom = true;
  for (const member of roomMembers(chat)) {
    if (member.number !== peer.member?.number) sendFrameTo(chat, peer, { type: "joined", ...member });
  }
}

/** The room we have come to. */
export function heardWelcome(chat: Chat, peer: Peer, frame: Welcome): void {
  if (peer.accepted || !peer.greeted) return;
  peer.theirKey = frame.key;
  if (peer.kind !== "duet")
    becomeDuet(chat, peer, frame.members.find(({ number }) => number === 1)?.name ?? peer.name);
  const first = peer.ourNumber === undefined;
  peer.ourNumber = frame.you;
  for (const { number, name, address } of frame.members) {
    const clean = cleanName(name);
    if (number === frame.you) chat.name = clean;
    else
      peer.distant.set(number, {
        number,
        name: clean,
        address: address === undefined ? undefined : cleanName(address),
      });
  }
  if (!first) return;
  tellWelcome(chat, peer);
  sendPing(chat, peer);
}

function tellWelcome(chat: Chat, peer: Peer): void {
  const others = [...peer.distant.values()].filter(({ number }) => number !== 1).map(({ name }) => name);
  const also = others.length === 0 ? "" : `; also here: ${others.slice(0, 20).join(", ")}`;
  const more = others.length > 20 ? ` and ${others.length - 20} more` : "";
  const side = sideOf(chat, peer);
  notice(
    chat,
    side,
    "joined",
    `you are ${chat.name} in ${nameOf(peer)}'s room at ${peer.address}${also}${more}`,
  );
}

function becomeDuet(chat: Chat, peer: Peer, wantedName: string): void {
  chat.timers.clear(`classify ${peer.connection}`);
  chat.timers.clear(`hello ${peer.connection}`);
  const name = cleanName(wantedName);
  peer.kind = "duet";
  peer.named = true;
  peer.name = name;
  if (peer.transport === "udp") setPeerState(chat, peer, "OPEN", `${peer.address} was heard`, false);
  if (peer.announced && peer.accepted) identifyMember(chat, peer, name);
  else announce(chat, peer);
  tellIdentified(chat, peer);
}

function meetOurselves(chat: Chat, peer: Peer): void {
  const side = sideOf(chat, peer);
  if (peer.ending !== undefined) return;
  notice(chat, side, "warning", `${peer.address} is this very duet: it has connected to itself`);
  peer.ending = "it is ourselves";
  chat.effects.push({ type: "close", transport: peer.transport, connection: peer.connection, how: "flush" });
}
