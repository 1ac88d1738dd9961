/**
 * Whom the words of the person here go to, by which path, and when they must wait. What is said is elsewhere.
 */

import { helloDeadlineMs } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer, LocalMember } from "../model/peer.ts";
import type { Side } from "../model/side.ts";

/** Whom a line typed on a side goes to: the peer we went to, or everybody in the room. Nobody who is not known yet. */
export function recipients(chat: Chat, side: Side): readonly Peer[] {
  if (side.socket.role !== "listen") {
    const peer = chosenPeer(side);
    return peer === undefined || peer.identity.kind === "unknown" || !canHear(peer) ? [] : [peer];
  }
  return [...chat.room.members.values()].map((member) => pathOn(member, side.transport)).filter(canHear);
}

/** A member's path on the tab that was typed in, or else the one it last spoke on. */
export function pathOn(member: LocalMember, transport: TransportName): Peer {
  if (member.via.link.transport === transport) return member.via;
  return [...member.paths].find((path) => path.link.transport === transport && canHear(path)) ?? member.via;
}

/** Whether a peer still takes words. A duet over UDP does once it has used its key. */
export function canHear(peer: Peer): boolean {
  return (
    peer.link.endReason === undefined &&
    !peer.link.isFinSent &&
    (peer.identity.kind !== "duet" || peer.handshake.isReachable)
  );
}

/** The peer that a side connected to, or chose. */
export function chosenPeer(side: Side): Peer | undefined {
  if (side.socket.role === "listen") return undefined;
  for (const peer of side.peers.values()) if (!peer.link.isInbound) return peer;
  return undefined;
}

/** Our name where we are: the hub's for us, or our own. */
export function nameHere(chat: Chat, side: Side): string {
  return chosenPeer(side)?.hubRoom.ourName ?? chat.self.name;
}

/** Whether what is typed must wait: nobody is decided on yet, or a queue is full. It waits in order. */
export function mustWait(chat: Chat): boolean {
  const side = chat.sides[chat.focus.active];
  if (chat.exit.code !== undefined) return false;
  if (side.socket.pairing !== undefined || side.socket.reopen !== undefined) return true;
  const peers = recipients(chat, side);
  if (peers.some((peer) => peer.outbound.isBacklogged)) return true;
  switch (side.socket.role) {
    case "pair":
      return side.socket.isOpen;
    case "connect": {
      const peer = chosenPeer(side);
      return (
        side.socket.isOpen &&
        side.socket.endReason === undefined &&
        (peer === undefined || peer.identity.kind === "unknown")
      );
    }
    case "listen":
      return (
        peers.length === 0 && side.socket.isOpen && (chat.config.headless || somebodyIsComing(chat, side))
      );
    case undefined:
      return false;
  }
}

/** A duet over UDP that is shown already and uses its key within a round trip; a forged one never does. */
function isAboutToProve(chat: Chat, peer: Peer): boolean {
  return (
    peer.identity.kind === "duet" &&
    !peer.handshake.isReachable &&
    chat.nowMs - peer.link.sinceMs < helloDeadlineMs
  );
}

/** A connection that is not in the room yet and will be, or will be gone, within seconds. */
function somebodyIsComing(chat: Chat, side: Side): boolean {
  for (const peer of side.peers.values()) {
    if (peer.link.endReason !== undefined) continue;
    if (side.transport === "tcp" ? !peer.identity.isIntroduced : isAboutToProve(chat, peer)) return true;
  }
  return false;
}
