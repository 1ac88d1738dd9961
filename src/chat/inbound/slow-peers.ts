/** Slow peers: the room resumes reading once they drained, and a peer that stays stalled is reset. */

import { roomPauseMs, stalledPeerMs } from "../../protocol/limits.ts";
import { type Chat, getName, type ReportContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { roomPause, watchStall } from "../outbound/backlog.ts";
import { uncountRefused } from "../outbound/audiences.ts";
import { resetPeer } from "../outbound/reset.ts";
import { resumeRoom } from "./settle-delivery.ts";
import { sentence } from "../../words/sentences/sentence.ts";
import type { Outbound } from "../peer/outbound.ts";
import type { Effect } from "../model/effect.ts";

/** The pause is over although a queue is still full. A peer that drains over a slow path gets another pause. */
export function handleRoomPauseTimer(chat: Chat): void {
  const isTaking = [...chat.sides.udp.peers.values()].some((peer) =>
    isTakingSlowly(chat.nowMs, peer.outbound),
  );
  if (isTaking) return chat.timers.set(roomPause, chat.nowMs + roomPauseMs);
  chat.room.lastVainPauseMs = chat.nowMs;
  resumeRoom(chat);
}

/** True for a duet over UDP that keeps acknowledging, for as long as a queue may stay full. */
function isTakingSlowly(
  nowMs: number,
  { isBacklogged, delivery, backloggedSinceMs = nowMs }: Outbound,
): boolean {
  if (!isBacklogged || delivery === undefined) return false;
  const isAnswering = nowMs - delivery.sender.acknowledgedMs < roomPauseMs;
  return isAnswering && nowMs - backloggedSinceMs < stalledPeerMs;
}

/** Resets a peer whose full queue holds up the person's lines to others, unless it is the only one. */
export function handleStallTimer(chat: ReportContext & Pick<Chat, "input" | "room">, peer: Peer): void {
  if (
    !peer.outbound.isBacklogged ||
    peer.link.endReason !== undefined ||
    peer.membership.member === undefined
  )
    return;
  const nobodyWaits = chat.room.members.size < 2 || chat.input.waitingLines === 0;
  if (nobodyWaits) return watchStall(chat, peer);
  resetPeer(
    chat.effects,
    peer.link,
    sentence("did-not-read", { who: getName(peer), seconds: stalledPeerMs / 1000 }),
  );
}

/** A payload did not fit the queue: the slow peer is reset with a reason, and no other member waits. */
export function handleRefusedSend(
  effects: Effect[],
  peer: Peer,
  why: "full" | "closed",
  bytes: number,
): void {
  if (why === "closed" || peer.link.endReason !== undefined) return;
  uncountRefused(peer.outbound, bytes);
  resetPeer(effects, peer.link, sentence("reads-too-slowly", { who: getName(peer), bytes }));
}
