/**
 * The whole room as frames: to a new member, and again to a member that needs a resync. Over UDP, presence frames are
 * given up after a time; a peer that receives later frames all the same would keep a wrong list of members.
 */

import { encodeFrame } from "../../protocol/frames/frame-codec.ts";
import type { Frame, Member } from "../../protocol/frames/frame.ts";
import { hostNumber, type SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { getFrameMaxBytes, getFrameTarget } from "../outbound/enqueue.ts";
import { sendFrameTo, sendFramesTo } from "../outbound/sending.ts";
import { listMembers } from "./members.ts";

export type Welcome = Extract<Frame, { type: "welcome" }>;

/**
 * Sends the room: one welcome frame with as many members as fit, and a `joined` frame for each other one. `isAnew`: a
 * resync, after which unnamed members are gone.
 */
export function sendWelcome(chat: SendContext, peer: Peer, isResync = false): void {
  const you = peer.membership.member?.number;
  if (you === undefined) return;
  const isFirst = ({ number }: Member) => number === hostNumber || number === you;
  const all = listMembers(chat, peer);
  const others = all.filter((member) => !isFirst(member));
  const target = getFrameTarget(peer);
  const maxBytes = getFrameMaxBytes(target) + (peer.link.transport === "tcp" ? 1 : 0);
  const base = { type: "welcome", you, key: peer.handshake.ourKey, members: all.filter(isFirst) } as const;
  const frame = isResync ? { ...base, rest: others.length } : base;
  let bytes = Buffer.byteLength(encodeFrame(frame, target.theirKey));
  const fitting = others.filter(
    (member) => (bytes += Buffer.byteLength(JSON.stringify(member)) + 1) < maxBytes,
  );
  const rest = others.slice(fitting.length).map((member) => ({ type: "joined", ...member }) as const);
  const output = { ...frame, members: [...frame.members, ...fitting] };
  sendFrameTo(chat, peer, isResync ? { ...output, rest: rest.length } : output);
  sendFramesTo(chat, peer, rest);
}
