/** Slow peers: the room reads again once they drained, and a peer that stays stalled is reset. */

import { roomPauseMs, stalledPeerMs } from "../../protocol/limits.ts";
import { type Chat, nameOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import { roomPause, watchStall } from "../outbound/backlog.ts";
import { resetPeer } from "../outbound/reset.ts";
import { readRoomAgain } from "./settle-delivery.ts";
import { sentence } from "../../words/sentences/sentence.ts";

/** The moment is over, and somebody still does not read; or takes what it can over a slow path, and gets another. */
export function roomPauseOver(chat: Chat): void {
  const isTaking = [...chat.sides.udp.peers.values()].some((peer) => isTakingSlowly(chat, peer));
  if (isTaking) return chat.timers.set(roomPause, chat.nowMs + roomPauseMs);
  chat.room.lastVainPauseMs = chat.nowMs;
  readRoomAgain(chat);
}

/** A duet over UDP that acknowledges goes on doing so, for as long as a queue may stand at most. */
function isTakingSlowly(
  chat: Chat,
  { outbound: { isBacklogged, delivery, backloggedSinceMs: backloggedAtMs = chat.nowMs } }: Peer,
): boolean {
  if (!isBacklogged || delivery === undefined) return false;
  const isAnswering = chat.nowMs - delivery.sender.acknowledgedMs < roomPauseMs;
  return isAnswering && chat.nowMs - backloggedAtMs < stalledPeerMs;
}

/** One that does not read holds up the person's words to the others: it is cut off, unless it is the only one. */
export function stallTimeReached(chat: Chat, peer: Peer): void {
  if (
    !peer.outbound.isBacklogged ||
    peer.link.endReason !== undefined ||
    peer.membership.member === undefined
  )
    return;
  const nobodyWaits = chat.room.members.size < 2 || chat.input.waitingLines === 0;
  if (nobodyWaits || wasAsleep(chat, peer)) return watchStall(chat, peer);
  resetPeer(chat, peer, sentence("did-not-read", { who: nameOf(peer), seconds: stalledPeerMs / 1000 }));
}

/** We were stopped, or the machine slept: the peer has not been given its time. */
function wasAsleep(chat: Chat, { outbound: { backloggedSinceMs: backloggedAtMs } }: Peer): boolean {
  return chat.nowMs - (backloggedAtMs ?? chat.nowMs) >= 2 * stalledPeerMs;
}

/** A payload found the queue full: a slow reader in a room is cut off with a reason, and the others never wait. */
export function sendRefused(chat: Chat, peer: Peer, why: "full" | "closed", bytes: number): void {
  if (why === "closed" || peer.link.endReason !== undefined) return;
  peer.outbound.enqueuedAlone -= bytes;
  resetPeer(chat, peer, sentence("reads-too-slowly", { who: nameOf(peer), bytes }));
}
