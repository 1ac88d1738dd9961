/**
 * Peers that read more slowly than the room speaks. The person's own words wait for them; relayed ones do not, and who
 * cannot keep up is cut off with a reason, so that the others never wait.
 */

import { isLoopback } from "../../protocol/endpoint.ts";
import { roomPauseLoopbackMs, roomPauseMs, stalledPeerMs } from "../../protocol/limits.ts";
import { takeFramesAgain } from "./delivery.ts";
import { endPeer } from "../session/arrivals.ts";
import { type Chat, nameOf, type Peer } from "../model/chat.ts";

/** A queue passed its high mark: local input waits for it, but not for ever when others wait too. */
export function peerBacklogged(chat: Chat, peer: Peer): void {
  peer.backlogged = true;
  watchStall(chat, peer);
  if (chat.members.size > 1) pauseRoom(chat, peer);
}

function watchStall(chat: Chat, peer: Peer): void {
  peer.backloggedAtMs = chat.nowMs;
  chat.timers.set(`stall ${peer.connection}`, chat.nowMs + stalledPeerMs);
}

/**
 * Who reads, but not as fast as another writes, is waited for a moment: without it a file that one member sends would
 * cost every other its place. Who does not read at all costs the room that moment once, and others who then do not
 * read either a fifth of it; so does who took nothing for as long already, for here it hardly reads.
 */
function pauseRoom(chat: Chat, peer: Peer): void {
  chat.effects.push({ type: "pace", reading: false });
  if (!chat.timers.has("pace room")) chat.timers.set("pace room", chat.nowMs + patienceMs(chat, peer));
}

/** On this machine who reads at all takes bytes at once; over UDP it takes a window of them each round trip. */
function patienceMs(chat: Chat, { endpoint, delivery, takenAtMs }: Peer): number {
  if (delivery !== undefined) return roomPauseMs;
  const whole = isLoopback(endpoint) ? roomPauseLoopbackMs : roomPauseMs;
  const isLately = chat.nowMs - chat.waitedInVainMs < stalledPeerMs;
  const hasHadIt = chat.nowMs - takenAtMs >= whole;
  return whole / ((isLately ? 5 : 1) * (hasHadIt ? 5 : 1));
}

/** The moment is over, and somebody still does not read; or takes what it can over a slow path, and gets another. */
export function roomPauseOver(chat: Chat): void {
  const isTaking = [...chat.sides.udp.peers.values()].some((peer) => isTakingSlowly(chat, peer));
  if (isTaking) return chat.timers.set("pace room", chat.nowMs + roomPauseMs);
  chat.waitedInVainMs = chat.nowMs;
  readRoomAgain(chat);
}

/** A duet over UDP that acknowledges goes on doing so, for as long as a queue may stand at most. */
function isTakingSlowly(chat: Chat, { backlogged, delivery, backloggedAtMs = chat.nowMs }: Peer): boolean {
  if (!backlogged || delivery === undefined) return false;
  const isAnswering = chat.nowMs - delivery.sender.answeredMs < roomPauseMs;
  return isAnswering && chat.nowMs - backloggedAtMs < stalledPeerMs;
}

function readRoomAgain(chat: Chat): void {
  chat.timers.clear("pace room");
  chat.effects.push({ type: "pace", reading: true });
  takeFramesAgain(chat);
}

/** Whether what members say waits for one of them to read. */
export function isRoomPaused(chat: Chat): boolean {
  return chat.timers.has("pace room");
}

/** A backlogged queue has room again. */
export function peerDrained(chat: Chat, peer: Peer): void {
  peer.backlogged = false;
  peer.backloggedAtMs = undefined;
  chat.timers.clear(`stall ${peer.connection}`);
  if (!chat.timers.has("pace room")) return;
  if ([...chat.peers.values()].every(({ backlogged }) => !backlogged)) readRoomAgain(chat);
}

/** One that does not read holds up the person's words to the others: it is cut off, unless it is the only one. */
export function stallTimeReached(chat: Chat, peer: Peer): void {
  if (!peer.backlogged || peer.ending !== undefined || peer.member === undefined) return;
  const nobodyWaits = chat.members.size < 2 || chat.heldLines === 0;
  if (nobodyWaits || wasAsleep(chat, peer)) return watchStall(chat, peer);
  endPeer(
    chat,
    peer,
    `${nameOf(peer)} did not read for ${stalledPeerMs / 1000} s while others waited`,
    "reset",
  );
}

/** We were stopped, or the machine slept: the peer has not been given its time. */
function wasAsleep(chat: Chat, { backloggedAtMs }: Peer): boolean {
  return chat.nowMs - (backloggedAtMs ?? chat.nowMs) >= 2 * stalledPeerMs;
}

/** A payload found the queue full: a slow reader in a room is cut off with a reason, and the others never wait. */
export function sendRefused(chat: Chat, peer: Peer, why: "full" | "closed", bytes: number): void {
  if (why === "closed" || peer.ending !== undefined) return;
  peer.bytesGiven -= bytes;
  endPeer(
    chat,
    peer,
    `${nameOf(peer)} reads too slowly: its queue is full, ${bytes} bytes did not fit`,
    "reset",
  );
}
