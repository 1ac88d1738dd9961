/**
 * Peers that read more slowly than the room speaks. The person's own words wait for them; relayed ones do not, and who
 * cannot keep up is cut off with a reason, so that the others never wait.
 */

import { isLoopback } from "../../protocol/address/endpoint.ts";
import { roomPauseLoopbackMs, roomPauseMs, stalledPeerMs } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Timer } from "../records/timers.ts";
import { pauseReading } from "./read-pause.ts";

/** A queue passed its high mark: local input waits for it, but not for ever when others wait too. */
export function peerBacklogged(chat: Chat, peer: Peer): void {
  peer.outbound.isBacklogged = true;
  watchStall(chat, peer);
  if (chat.room.members.size > 1) pauseRoom(chat, peer);
}

export function watchStall(chat: Chat, peer: Peer): void {
  peer.outbound.backloggedSinceMs = chat.nowMs;
  chat.timers.set({ kind: "stall", of: peer.link.connection }, chat.nowMs + stalledPeerMs);
}

/**
 * Who reads, but not as fast as another writes, is waited for a moment: without it a file that one member sends would
 * cost every other its place. Who does not read at all costs the room that moment once, and others who then do not
 * read either a fifth of it; so does who took nothing for as long already, for here it hardly reads.
 */
function pauseRoom(chat: Chat, peer: Peer): void {
  pauseReading(chat, "room");
  if (!chat.timers.has(roomPause)) chat.timers.set(roomPause, chat.nowMs + patienceMs(chat, peer));
}

/** On this machine who reads at all takes bytes at once; over UDP it takes a window of them each round trip. */
function patienceMs(
  chat: Chat,
  { link: { endpoint }, outbound: { delivery, lastWriteMs: takenAtMs } }: Peer,
): number {
  if (delivery !== undefined) return roomPauseMs;
  const whole = isLoopback(endpoint) ? roomPauseLoopbackMs : roomPauseMs;
  const isLately = chat.nowMs - chat.room.lastVainPauseMs < stalledPeerMs;
  const hasHadIt = chat.nowMs - takenAtMs >= whole;
  return whole / ((isLately ? 5 : 1) * (hasHadIt ? 5 : 1));
}

/** While it is set, members are not read. */
export const roomPause: Timer = { kind: "room-pause" };

/** Whether what members say waits for one of them to read. */
export function isRoomPaused(chat: Chat): boolean {
  return chat.timers.has(roomPause);
}
