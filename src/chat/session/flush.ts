/** A peer that is being ended is given a moment to acknowledge what it was sent. */

import { deliveryFlushMs, goodbyeFlushMs } from "../../protocol/limits.ts";
import { type Chat, sideOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";

/** Whether a peer that is being ended is to be waited for; then `flushed` goes on. One that is silent is not. */
export function mustFlush(chat: Chat, peer: Peer): boolean {
  if (
    peer.outbound.delivery === undefined ||
    peer.outbound.delivery.sender.isEmpty ||
    peer.link.state !== "OPEN"
  )
    return false;
  peer.link.isFlushing = true;
  chat.timers.set({ kind: "flush", of: peer.link.connection }, chat.nowMs + deliveryFlushMs);
  return true;
}

/** All that was sent is acknowledged, or its time is over: what waited for that goes on. */
export function flushed(chat: Chat, peer: Peer): void {
  if (!peer.link.isFlushing) return;
  peer.link.isFlushing = false;
  chat.timers.clear({ kind: "flush", of: peer.link.connection });
  const side = sideOf(chat, peer);
  if (side.socket.endReason !== undefined) {
    if (!isFlushing(side)) stopSide(chat, side);
    return;
  }
  const { transport, connection } = peer.link;
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
}

/** Somebody of the side is still waited for. */
export function isFlushing(side: Side): boolean {
  return [...side.peers.values()].some(({ link: { isFlushing: flushing } }) => flushing);
}

/** Nothing more is to be waited for. */
export function stopSide(chat: Chat, { transport }: Side): void {
  chat.effects.push({ type: "stop", transport, flushMs: goodbyeFlushMs });
}
