/**
 * Pauses and resumes reading over TCP. Reading is paused while a set of reasons is not empty, one set for the chat
 * (room, stdout, engine) and one for each peer (stranger, buffer, room); this file alone changes them. A paused room reads the
 * members that send little. Bytes of a paused peer stay unread, so its silence means nothing.
 */

import { acceptSilenceMs, bannerWaitMs, helloDeadlineMs, unfinishedLineMs } from "../../protocol/limits.ts";
import type { Chat, SendContext, ReportContext } from "../model/chat.ts";
import { countWrittenBytes, isHeavy } from "../records/sending-pace.ts";
import type { PeerPauseReason } from "../peer/inbound.ts";
import type { Peer } from "../model/peer.ts";
import type { Link } from "../peer/link.ts";

/** True while no bytes are read from the peer. */
export function isReadPaused(
  { pausedBy }: Pick<Chat, "pausedBy">,
  { link, inbound }: Pick<Peer, "link" | "inbound">,
): boolean {
  return (
    link.transport === "tcp" &&
    (pausedBy.has("stdout") || pausedBy.has("engine") || inbound.pausedBy.size > 0)
  );
}

/** Counts bytes of a peer's messages. One that sends much waits while the room is paused. */
export function noteMessageBytes(
  chat: Pick<Chat, "effects" | "pausedBy" | "nowMs">,
  peer: Pick<Peer, "link" | "inbound">,
  bytes: number,
): void {
  const isHeavyNow = countWrittenBytes(peer.inbound.pace, chat.nowMs, bytes);
  if (isHeavyNow && chat.pausedBy.has("room")) pausePeer(chat, peer, "room");
}

/** Pauses reading of the peers that send much: a member of the room reads slowly. */
export function pauseRoomReading(chat: Pick<Chat, "effects" | "pausedBy" | "nowMs" | "peers">): void {
  chat.pausedBy.add("room");
  for (const peer of chat.peers.values())
    if (isHeavy(peer.inbound.pace, chat.nowMs)) pausePeer(chat, peer, "room");
}

/** Ends the pause of the room. */
export function resumeRoomReading(chat: SendContext): void {
  if (!chat.pausedBy.delete("room")) return;
  for (const peer of chat.peers.values()) resumePeer(chat, peer, "room");
}

/** Standard output, or the engine of a shared room, is congested, or takes more again. */
export function pauseAll(chat: SendContext, reason: "stdout" | "engine", paused: boolean): void {
  const { pausedBy, effects, peers } = chat;
  if (paused === pausedBy.has(reason)) return;
  effects.push({ type: "read-peers" });
  if (paused) return void pausedBy.add(reason);
  pausedBy.delete(reason);
  for (const peer of peers.values()) if (!isReadPaused(chat, peer)) restartSilence(chat, peer);
}

/** Pauses reading from one TCP peer. For `/buffer` the transport itself leaves the bytes in the kernel. */
export function pausePeer(
  chat: Pick<Chat, "effects" | "pausedBy">,
  peer: Pick<Peer, "link" | "inbound">,
  reason: PeerPauseReason,
): void {
  const { pausedBy } = peer.inbound;
  if (pausedBy.has(reason) || peer.link.transport !== "tcp") return;
  pausedBy.add(reason);
  if (reason !== "buffer") updateReading(chat, peer);
}

/** Removes this reason for one TCP peer. */
export function resumePeer(
  chat: ReportContext & Pick<Chat, "pausedBy">,
  peer: Pick<Peer, "link" | "handshake" | "inbound">,
  reason: PeerPauseReason,
): void {
  if (!peer.inbound.pausedBy.delete(reason)) return;
  if (reason !== "buffer") updateReading(chat, peer);
  if (!isReadPaused(chat, peer)) restartSilence(chat, peer);
}

/** Pauses a peer that connects while reading is paused. */
export function pauseNewPeer(
  chat: Pick<Chat, "effects" | "pausedBy">,
  peer: Pick<Peer, "link" | "inbound">,
): void {
  if (isReadPaused(chat, peer)) updateReading(chat, peer);
}

function updateReading(chat: Pick<Chat, "effects" | "pausedBy">, peer: Pick<Peer, "link" | "inbound">): void {
  const reading = !isReadPaused(chat, peer);
  chat.effects.push({ type: "read-peer", connection: peer.link.connection, reading });
}

/** Restarts the timers that measure a peer's silence, since it could not be read until now. */
function restartSilence(chat: Pick<Chat, "nowMs" | "timers">, peer: Pick<Peer, "link" | "handshake">): void {
  if (chat.timers.has({ kind: "unfinished-line", of: peer.link.connection })) awaitRest(chat, peer.link);
  // Frequent pauses of the room must not postpone the recognition of a silent peer for ever.
  const isNew = chat.nowMs - peer.link.sinceMs < helloDeadlineMs;
  if (isNew && chat.timers.has({ kind: "recognition", of: peer.link.connection }))
    awaitFirstBytes(chat, peer);
}

/** Starts the time in which a peer's first bytes, or its silence, decide what it is. */
export function awaitFirstBytes(
  chat: Pick<Chat, "nowMs" | "timers">,
  peer: Pick<Peer, "link" | "handshake">,
): void {
  const waitMs = peer.link.isInbound
    ? acceptSilenceMs
    : bannerWaitMs * (peer.handshake.isPresumedDuet ? 4 : 1);
  chat.timers.set({ kind: "recognition", of: peer.link.connection }, chat.nowMs + waitMs);
}

/** Starts the time in which the rest of a line must arrive. */
export function awaitRest(chat: Pick<Chat, "nowMs" | "timers">, link: Link): void {
  chat.timers.set({ kind: "unfinished-line", of: link.connection }, chat.nowMs + unfinishedLineMs);
}
