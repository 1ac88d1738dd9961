/** A peer that is being ended is given a moment to acknowledge what it was sent. */

import { deliveryFlushMs, goodbyeFlushMs } from "../../protocol/limits.ts";
import { type Chat, sideOf } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";

/** Whether a peer that is being ended is to be waited for; then `flushed` goes on. One that is silent is not. */
export function mustFlush(chat: Chat, peer: Peer): boolean {
  if (peer.delivery === undefined || peer.delivery.sender.isEmpty || peer.state !== "OPEN") return false;
  peer.flushing = true;
  chat.timers.set(`flush ${peer.connection}`, chat.nowMs + deliveryFlushMs);
  return true;
}

/** All that was sent is acknowledged, or its time is over: what waited for that goes on. */
export function flushed(chat: Chat, peer: Peer): void {
  if (!peer.flushing) return;
  peer.flushing = false;
  chat.timers.clear(`flush ${peer.connection}`);
  const side = sideOf(chat, peer);
  if (side.endReason !== undefined) {
    if (!isFlushing(side)) stopSide(chat, side);
    return;
  }
  const { transport, connection } = peer;
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
}

/** Somebody of the side is still waited for. */
export function isFlushing(side: Side): boolean {
  return [...side.peers.values()].some(({ flushing }) => flushing);
}

/** Nothing more is to be waited for. */
export function stopSide(chat: Chat, { transport }: Side): void {
  chat.effects.push({ type: "stop", transport, flushMs: goodbyeFlushMs });
}
