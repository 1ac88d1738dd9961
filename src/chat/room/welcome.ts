/**
 * The room, told whole: by the listening side to who joins, and anew to who has missed news of it. Over UDP news is given up
 * once it was tried for as long as a peer may be silent; whoever is heard all the same, for only one way was lost, would
 * have the room wrong for good. What is told of it piece by piece is in room.ts and distant.ts.
 */

import { encodeFrame, orderMaxBytes } from "../../protocol/frames/frame-codec.ts";
import type { Frame, Member } from "../../protocol/frames/frame.ts";
import { datagramFrameMaxBytes, lineMaxBytes } from "../../protocol/limits.ts";
import { type Chat, hostNumber } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { sendFrameTo, sendFramesTo } from "../outbound/sending.ts";
import { roomMembers } from "./members.ts";

export type Welcome = Extract<Frame, { type: "welcome" }>;

/** The room, as much of it as one frame holds; the rest by one frame each. `isAnew`: who is not named is not there. */
export function welcome(chat: Chat, peer: Peer, isAnew = false): void {
  const you = peer.membership.member?.number;
  if (you === undefined) return;
  const isFirst = ({ number }: Member) => number === hostNumber || number === you;
  const all = roomMembers(chat);
  const others = all.filter((member) => !isFirst(member));
  const maxBytes = peer.link.transport === "tcp" ? lineMaxBytes : datagramFrameMaxBytes - orderMaxBytes;
  const base = { type: "welcome", you, key: peer.handshake.ourKey, members: all.filter(isFirst) } as const;
  const frame = isAnew ? { ...base, rest: others.length } : base;
  let bytes = Buffer.byteLength(encodeFrame(frame, peer.handshake.theirKey));
  const fitting = others.filter(
    (member) => (bytes += Buffer.byteLength(JSON.stringify(member)) + 1) < maxBytes,
  );
  const rest = others.slice(fitting.length).map((member) => ({ type: "joined", ...member }) as const);
  const told = { ...frame, members: [...frame.members, ...fitting] };
  sendFrameTo(chat, peer, isAnew ? { ...told, rest: rest.length } : told);
  sendFramesTo(chat, peer, rest);
}
