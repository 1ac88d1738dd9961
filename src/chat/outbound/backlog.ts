/**
 * Slow peers. The person's own lines wait for a slow peer; relayed messages do not. A peer whose queue stays full is
 * reset with a reason, so that no other member waits for it.
 */

import { isLoopback } from "../../protocol/address/endpoint.ts";
import { roomPauseLoopbackMs, roomPauseMs, stalledPeerMs } from "../../protocol/limits.ts";
import type { Chat, SendContext } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Timer } from "../records/timers.ts";
import { pauseRoomReading } from "./read-pause.ts";
import type { Timers } from "../records/timers.ts";

/** The peer's send queue passed its high-water mark. */
export function handleBacklog(chat: SendContext, peer: Pick<Peer, "link" | "outbound">): void {
  peer.outbound.isBacklogged = true;
  peer.outbound.backloggedSinceMs ??= chat.nowMs;
  watchStall(chat, peer);
  if (chat.room.members.size > 1) pauseRoom(chat, peer);
}

/** Sets when the stalled peer is looked at next. The backlog's beginning stays, since it bounds the room's pause. */
export function watchStall(chat: Pick<Chat, "nowMs" | "timers">, peer: Pick<Peer, "link">): void {
  chat.timers.set({ kind: "stall", of: peer.link.connection }, chat.nowMs + stalledPeerMs);
}

/** The queue has drained below its low-water mark. */
export function clearBacklog(timers: Timers, peer: Pick<Peer, "link" | "outbound">): void {
  peer.outbound.isBacklogged = false;
  peer.outbound.backloggedSinceMs = undefined;
  timers.clear({ kind: "stall", of: peer.link.connection });
}

/**
 * Pauses the room, so that a member who pastes a file does not overflow the queues of slower readers; members that send
 * little do not wait. A peer that took no bytes for a whole pause, or a room that has just paused in vain, gets a fifth
 * of the time.
 */
function pauseRoom(chat: SendContext, peer: Pick<Peer, "link" | "outbound">): void {
  pauseRoomReading(chat);
  if (!chat.timers.has(roomPause)) chat.timers.set(roomPause, chat.nowMs + computePauseMs(chat, peer));
}

/** A reader on this machine takes bytes at once; a peer over UDP takes one window for each round trip. */
function computePauseMs(
  chat: Pick<Chat, "nowMs" | "room">,
  { link: { endpoint }, outbound: { delivery, lastWriteMs } }: Pick<Peer, "link" | "outbound">,
): number {
  if (delivery !== undefined) return roomPauseMs;
  const whole = isLoopback(endpoint) ? roomPauseLoopbackMs : roomPauseMs;
  const wasVainLately = chat.nowMs - chat.room.lastVainPauseMs < stalledPeerMs;
  const hasTakenNothing = chat.nowMs - lastWriteMs >= whole;
  return whole / ((wasVainLately ? 5 : 1) * (hasTakenNothing ? 5 : 1));
}

/** Members that send much are not read while this timer is set. */
export const roomPause: Timer = { kind: "room-pause" };

/** True while the messages of members that send much wait for a slow reader. */
export function isRoomPaused(timers: Timers): boolean {
  return timers.has(roomPause);
}
