/** Waits for a peer that is being ended to acknowledge its frames. */

import { deliveryFlushMs, goodbyeFlushMs, stalledPeerMs } from "../../protocol/limits.ts";
import { type Chat, getSide } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Side } from "../model/side.ts";
import type { Link } from "../peer/link.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";

/** True if the close must wait for acknowledgements; `continueClose` continues it. A silent peer is not waited for. */
export function mustAwaitAcks(
  chat: Pick<Chat, "nowMs" | "timers">,
  peer: Pick<Peer, "link" | "outbound">,
): boolean {
  if (
    peer.outbound.delivery === undefined ||
    peer.outbound.delivery.sender.isEmpty ||
    peer.link.state !== "OPEN"
  )
    return false;
  peer.link.isAwaitingAcks = true;
  chat.timers.set({ kind: "flush", of: peer.link.connection }, chat.nowMs + deliveryFlushMs);
  return true;
}

/** Continues a close after the last acknowledgement or the time-out. */
export function continueClose(chat: Pick<Chat, "timers" | "effects" | "sides" | "config">, link: Link): void {
  if (!link.isAwaitingAcks) return;
  link.isAwaitingAcks = false;
  chat.timers.clear({ kind: "flush", of: link.connection });
  const side = getSide(chat, link);
  if (side.socket.endReason !== undefined) {
    if (!isAwaitingAcks(side)) stopSide(chat, side.transport);
    return;
  }
  const { transport, connection } = link;
  chat.effects.push({ type: "close", transport, connection, how: "flush" });
}

/** True while a peer of the side still has to acknowledge. */
export function isAwaitingAcks(side: Pick<Side, "peers">): boolean {
  return [...side.peers.values()].some(({ link: { isAwaitingAcks: flushing } }) => flushing);
}

/** Stops the transport of a side. At a screen a person waits; a program's last bytes have as long as any others. */
export function stopSide(
  { effects, config }: Pick<Chat, "effects" | "config">,
  transport: TransportName,
): void {
  effects.push({ type: "stop", transport, idleMs: config.headless ? stalledPeerMs : goodbyeFlushMs });
}
