/** Waits for a peer that is being ended to acknowledge its frames. */

import { deliveryFlushMs, goodbyeFlushMs } from "../../protocol/limits.ts";
import { type Chat, getSide } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { Effect } from "../model/effect.ts";
import type { Link } from "../peer/link.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** True if the close must wait for acknowledgements; `flushed` continues it. A silent peer is not waited for. */
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

/** Continues a close after the last acknowledgement or the time-out. */
export function continueClose(chat: Chat, link: Link): void {
  if (!link.isFlushing) return;
  link.isFlushing = false;
  chat.timers.clear({ kind: "flush", of: link.connection });
  const side = getSide(chat, link);
  if (side.socket.endReason !== undefined) {
    if (!isFlushing(side)) stopSide(chat.effects, side.transport);
    return;
  }
  const { transport, connection } = link;
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
}

/** True while a peer of the side still has to acknowledge. */
export function isFlushing(side: Side): boolean {
  return [...side.peers.values()].some(({ link: { isFlushing: flushing } }) => flushing);
}

/** Stops the transport of a side. */
export function stopSide(effects: Effect[], transport: TransportName): void {
  effects.push({ type: "stop", transport, flushMs: goodbyeFlushMs });
}
