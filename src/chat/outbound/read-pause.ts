/**
 * Whose bytes we leave where they are: for a room that waits, for standard output that nobody reads, for a stranger's
 * pace or by /buffer. What such a peer has said lies unread, so its silence means nothing.
 */

import { acceptSilenceMs, bannerWaitMs, helloDeadlineMs, unfinishedLineMs } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";

/** Whether nothing is read from the peer now. */
export function isUnread(
  chat: Chat,
  { link: { transport }, inbound: { isHeld: held, strangerPace: pace } }: Peer,
): boolean {
  return transport === "tcp" && (!chat.input.isReading || held || pace?.isPaused === true);
}

/** Nothing is read from anybody over TCP, or it is again. */
export function readingSet(chat: Chat, reading: boolean): void {
  chat.input.isReading = reading;
  if (reading) for (const peer of chat.peers.values()) readAgain(chat, peer);
}

/** The peer is read from again: if it is silent, it is from now on. */
export function readAgain(chat: Chat, peer: Peer): void {
  if (chat.timers.has(`line ${peer.link.connection}`)) awaitRest(chat, peer);
  // A room that often waits puts off only so long who came and is silent.
  const isNew = chat.nowMs - peer.link.sinceMs < helloDeadlineMs;
  if (isNew && chat.timers.has(`classify ${peer.link.connection}`)) awaitFirstWords(chat, peer);
}

/** What a peer says first tells what it is: so long it has for that, before its silence tells something. */
export function awaitFirstWords(chat: Chat, peer: Peer): void {
  const waitMs = peer.link.isInbound
    ? acceptSilenceMs
    : bannerWaitMs * (peer.handshake.isPresumedDuet ? 4 : 1);
  chat.timers.set(`classify ${peer.link.connection}`, chat.nowMs + waitMs);
}

/** The rest of a line has its time from now on. */
export function awaitRest(chat: Chat, peer: Peer): void {
  chat.timers.set(`line ${peer.link.connection}`, chat.nowMs + unfinishedLineMs);
}
