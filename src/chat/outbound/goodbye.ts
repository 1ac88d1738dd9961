/**
 * Parting from duets over UDP: a goodbye, and what was said before it, waits for its acknowledgement for a moment; and
 * whoever said goodbye to us may ask for ours again. It decides nothing about who leaves or why.
 */

import type { ParsedFrame } from "../../protocol/frame.ts";
import { deliveryFlushMs, farewellsMax } from "../../protocol/limits.ts";
import { stopSide } from "../session/sides.ts";
import { give, encodeLines } from "./sending.ts";
import { type Chat, type Peer, type Side, sideOf } from "../model/chat.ts";

/** A duet that said goodbye: what its keys were, and up to where its frames had come. */
export interface Farewell {
  readonly ourKey: string;
  readonly theirKey: string | undefined;
  readonly upTo: number;
}

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

/** Remembers who said goodbye, for when our acknowledgement is lost. */
export function rememberFarewell(side: Side, peer: Peer): void {
  if (peer.delivery === undefined) return;
  const { address, ourKey, theirKey, delivery } = peer;
  side.farewells.delete(address);
  side.farewells.set(address, { ourKey, theirKey, upTo: delivery.receiver.upTo });
  const [oldest] = side.farewells.keys();
  if (side.farewells.size > farewellsMax && oldest !== undefined) side.farewells.delete(oldest);
}

/** A frame of who has said goodbye already: acknowledged again, with fewer bytes than it has, and forgotten again. */
export function answersFarewell(chat: Chat, side: Side, peer: Peer, parsed: ParsedFrame): boolean {
  const farewell = side.farewells.get(peer.address);
  if (farewell === undefined || !("key" in parsed) || parsed.key !== farewell.ourKey) return false;
  const ack = { type: "ack", upTo: farewell.upTo, delayMs: 0 } as const;
  const { transport, connection } = peer;
  for (const line of encodeLines(ack, { ...peer, theirKey: farewell.theirKey })) {
    const bytes = Buffer.from(line);
    if (peer.bytesGiven + bytes.length <= peer.bytesIn) give(chat, [peer], bytes);
  }
  peer.ending = "it had said goodbye";
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
  return true;
}
