/**
 * Whom the words of the person here go to, by which path, and when they must wait. What is said is elsewhere.
 */

import { helloDeadlineMs } from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer, RoomMember } from "../model/peer.ts";
import type { Side } from "../model/side.ts";

/** Whom a line typed on a side goes to: the peer we went to, or everybody in the room. Nobody who is not known yet. */
export function recipients(chat: Chat, side: Side): readonly Peer[] {
  if (side.role !== "listen") {
    const peer = chosenPeer(side);
    return peer === undefined || peer.kind === "unknown" || !canHear(peer) ? [] : [peer];
  }
  return [...chat.members.values()].map((member) => pathOn(member, side.transport)).filter(canHear);
}

/** A member's path on the tab that was typed in, or else the one it last spoke on. */
export function pathOn(member: RoomMember, transport: TransportName): Peer {
  if (member.via.transport === transport) return member.via;
  return [...member.paths].find((path) => path.transport === transport && canHear(path)) ?? member.via;
}

/** Whether a peer still takes words. A duet over UDP does once it has used its key. */
export function canHear(peer: Peer): boolean {
  return peer.ending === undefined && !peer.weShutDown && (peer.kind !== "duet" || peer.proven);
}

/** The peer that a side connected to, or chose. */
export function chosenPeer(side: Side): Peer | undefined {
  if (side.role === "listen") return undefined;
  for (const peer of side.peers.values()) if (!peer.accepted) return peer;
  return undefined;
}

/** Our name where we are: the hub's for us, or our own. */
export function nameHere(chat: Chat, side: Side): string {
  return chosenPeer(side)?.ourName ?? chat.name;
}

/** Whether what is typed must wait: nobody is decided on yet, or a queue is full. It waits in order. */
export function mustWait(chat: Chat): boolean {
  const side = chat.sides[chat.active];
  if (chat.leaving !== undefined) return false;
  if (side.pairing !== undefined || side.reopen !== undefined) return true;
  const peers = recipients(chat, side);
  if (peers.some((peer) => peer.backlogged)) return true;
  switch (side.role) {
    case "pair":
      return side.open;
    case "connect": {
      const peer = chosenPeer(side);
      return side.open && side.endReason === undefined && (peer === undefined || peer.kind === "unknown");
    }
    case "listen":
      return peers.length === 0 && side.open && (chat.config.headless || somebodyIsComing(chat, side));
    case undefined:
      return false;
  }
}

/** A duet over UDP that is shown already and uses its key within a round trip; a forged one never does. */
function isAboutToProve(chat: Chat, peer: Peer): boolean {
  return peer.kind === "duet" && !peer.proven && chat.nowMs - peer.sinceMs < helloDeadlineMs;
}

/** A connection that is not in the room yet and will be, or will be gone, within seconds. */
function somebodyIsComing(chat: Chat, side: Side): boolean {
  for (const peer of side.peers.values()) {
    if (peer.ending !== undefined) continue;
    if (side.transport === "tcp" ? !peer.announced : isAboutToProve(chat, peer)) return true;
  }
  return false;
}
