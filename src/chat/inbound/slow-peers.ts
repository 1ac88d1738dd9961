/** Slow peers: the room resumes reading once they drained, and a peer that stays stalled is reset. */

import { roomPauseMs, stalledPeerMs } from "../../protocol/limits.ts";
import { type Chat, getName } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { roomPause, watchStall } from "../outbound/backlog.ts";
import { uncountRefused } from "../outbound/fanout-groups.ts";
import { resetPeer } from "../outbound/reset.ts";
import { resumeRoom } from "./settle-delivery.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** The pause is over although a queue is still full. A peer that drains over a slow path gets another pause. */
export function handleRoomPauseTimer(chat: Chat): void {
  const isTaking = [...chat.sides.udp.peers.values()].some((peer) => isTakingSlowly(chat, peer));
  if (isTaking) return chat.timers.set(roomPause, chat.nowMs + roomPauseMs);
  chat.room.lastVainPauseMs = chat.nowMs;
  resumeRoom(chat);
}

/** True for a duet over UDP that keeps acknowledging, for as long as a queue may stay full. */
function isTakingSlowly(
  chat: Chat,
  { outbound: { isBacklogged, delivery, backloggedSinceMs = chat.nowMs } }: Peer,
): boolean {
  if (!isBacklogged || delivery === undefined) return false;
  const isAnswering = chat.nowMs - delivery.sender.acknowledgedMs < roomPauseMs;
  return isAnswering && chat.nowMs - backloggedSinceMs < stalledPeerMs;
}

/** Resets a peer whose full queue holds up the person's lines to others, unless it is the only one. */
export function handleStallTimer(chat: Chat, peer: Peer): void {
  if (
    !peer.outbound.isBacklogged ||
    peer.link.endReason !== undefined ||
    peer.membership.member === undefined
  )
    return;
  const nobodyWaits = chat.room.members.size < 2 || chat.input.waitingLines === 0;
  if (nobodyWaits || wasAsleep(chat, peer)) return watchStall(chat, peer);
  resetPeer(chat, peer, sentence("did-not-read", { who: getName(peer), seconds: stalledPeerMs / 1000 }));
}

/** True if this process was stopped or the machine slept, so that the peer did not have its time. */
function wasAsleep(chat: Chat, { outbound: { backloggedSinceMs } }: Peer): boolean {
  return chat.nowMs - (backloggedSinceMs ?? chat.nowMs) >= 2 * stalledPeerMs;
}

/** A payload did not fit the queue: the slow peer is reset with a reason, and no other member waits. */
export function handleRefusedSend(chat: Chat, peer: Peer, why: "full" | "closed", bytes: number): void {
  if (why === "closed" || peer.link.endReason !== undefined) return;
  uncountRefused(peer, bytes);
  resetPeer(chat, peer, sentence("reads-too-slowly", { who: getName(peer), bytes }));
}
