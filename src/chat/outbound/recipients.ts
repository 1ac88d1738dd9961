/** The recipients of the person's messages, their paths, and when a message must wait. */

import {
  crossingsMax,
  crossingsUnderWayMax,
  helloDeadlineMs,
  lightSenderMaxBytes,
} from "../../protocol/limits.ts";
import type { TransportName } from "../../protocol/sockets/socket-event.ts";
import type { Config } from "../config/config.ts";
import type { Chat, ReportContext, SendContext } from "../model/chat.ts";
import { isHeavy } from "../records/sending-pace.ts";
import type { Peer, LocalMember } from "../model/peer.ts";
import type { SharedRoom } from "../model/shared-room.ts";
import type { Side } from "../model/side.ts";
import type { Room } from "../model/room.ts";
import { mayReceivePiped } from "./enqueue.ts";
import type { Self } from "../model/chat.ts";
import { mayReceiveFrames } from "../peer/seal.ts";

/**
 * The recipients of a line typed on a side: the peer that the side connected to, or all members of the room. Peers
 * that are not recognised yet are excluded.
 */
export function listRecipients(
  room: Room,
  side: Pick<Side, "transport" | "socket" | "peers">,
): readonly Peer[] {
  if (side.socket.role !== "listen") {
    const peer = getOutboundPeer(side);
    return peer === undefined || peer.identity.kind === "unknown" || !canReceive(peer) ? [] : [peer];
  }
  return [...room.members.values()].map((member) => findPath(member, side.transport)).filter(canReceive);
}

/** The member's path on this transport, or else the one it used last. */
export function findPath(member: LocalMember, transport: TransportName): Peer {
  if (member.via.link.transport === transport) return member.via;
  return (
    [...member.paths].find((path) => path.link.transport === transport && canReceive(path)) ?? member.via
  );
}

/** True if the peer can still receive. A duet over UDP can once it has used its key. */
export function canReceive(peer: Pick<Peer, "link" | "identity" | "handshake" | "seal">): boolean {
  return (
    peer.link.endReason === undefined &&
    !peer.link.isFinSent &&
    mayReceiveFrames(peer.seal) &&
    (peer.identity.kind !== "duet" || peer.handshake.isProven)
  );
}

/** True for a raw peer over TCP, for which an empty line is a newline. */
export function isRawStream({ link, identity }: Pick<Peer, "link" | "identity">): boolean {
  return link.transport === "tcp" && identity.kind !== "duet";
}

/** The peer that a side connected to. */
export function getOutboundPeer(side: Pick<Side, "socket" | "peers">): Peer | undefined {
  if (side.socket.role === "listen") return undefined;
  for (const peer of side.peers.values()) if (!peer.link.isInbound) return peer;
  return undefined;
}

/** Our name on this side: the one that the host assigned, or our own. */
export function getNameHere(self: Self, side: Pick<Side, "socket" | "peers">): string {
  return getOutboundPeer(side)?.hostRoom.ourName ?? self.name;
}

/** The next line or piece of the input. */
interface NextInput {
  readonly nextBytes: number;
}

/**
 * True if input must wait, in order: the peer is not recognised yet, its queue is full, or the input is piped and nobody may
 * receive that much of it. In a room, much input waits for a full queue, and a line now and then does not, so that no
 * member holds up what is for the others.
 */
export function mustInputWait(
  chat: ReportContext & Pick<Chat, "exit" | "room" | "input">,
  next: NextInput,
): boolean {
  const side = chat.sides[chat.focus.active];
  if (chat.exit.code !== undefined) return false;
  if (side.socket.pairing !== undefined || side.socket.reopen !== undefined) return true;
  const peers = listRecipients(chat.room, side);
  const mayOvertake =
    peers.length > 1 && !isHeavy(chat.input.pace, chat.nowMs) && next.nextBytes <= lightSenderMaxBytes;
  if (!mayOvertake && peers.some((peer) => peer.outbound.isBacklogged)) return true;
  switch (side.socket.role) {
    case "pair":
      return side.socket.isOpen;
    case "connect": {
      const peer = getOutboundPeer(side);
      return (
        side.socket.isOpen &&
        side.socket.endReason === undefined &&
        (peer === undefined || peer.identity.kind === "unknown")
      );
    }
    case "listen":
      if (chat.room.shared?.isClosed === false) return mustWaitToCross(chat.room.shared);
      if (peers.length > 0) return !mayAnyReceive(chat.config, peers, next);
      return side.socket.isOpen && (chat.config.headless || isPeerExpected(chat.nowMs, side));
    case undefined:
      return false;
  }
}

/** Input leaves room among the entries that wait for those of members, which are not paused while the engine is away. */
function mustWaitToCross({ state, crossings }: SharedRoom): boolean {
  return crossings.size >= (state.is === "up" ? crossingsUnderWayMax : crossingsMax / 2);
}

/** True if the active side has lost what it was connected to, and can be connected to it again. */
export function canReconnect({
  config,
  sides,
  focus,
  exit,
}: Pick<Chat, "config" | "sides" | "focus" | "exit">): boolean {
  const { socket } = sides[focus.active];
  const isEnded = !socket.isOpen && socket.pairing === undefined;
  return (
    isEnded &&
    socket.role === "connect" &&
    socket.request !== undefined &&
    !config.headless &&
    exit.code === undefined
  );
}

/** True if one of the recipients may be sent the next input; its end, and an empty line, are sent to nobody. */
function mayAnyReceive(config: Config, peers: readonly Peer[], next: NextInput): boolean {
  if (config.isInputTyped) return true;
  const { nextBytes } = next;
  return nextBytes === 0 || peers.some((peer) => mayReceivePiped(peer, nextBytes));
}

/** The recipients that may be sent that many bytes of the input: see mayReceivePiped() for piped input. */
export function listInputRecipients(
  { config, room }: Pick<SendContext, "config" | "room">,
  side: Pick<Side, "transport" | "socket" | "peers">,
  bytes: number,
): readonly Peer[] {
  const peers = listRecipients(room, side);
  return config.isInputTyped ? peers : peers.filter((peer) => mayReceivePiped(peer, bytes));
}

/** A duet over UDP that is shown already and should use its key within a round trip; a forged one never does. */
function isAboutToProve(nowMs: number, peer: Pick<Peer, "link" | "identity" | "handshake">): boolean {
  return (
    peer.identity.kind === "duet" && !peer.handshake.isProven && nowMs - peer.link.sinceMs < helloDeadlineMs
  );
}

/** True if a connection will join the room, or be closed, within seconds. */
function isPeerExpected(nowMs: number, side: Pick<Side, "transport" | "peers">): boolean {
  for (const peer of side.peers.values()) {
    if (peer.link.endReason !== undefined) continue;
    if (side.transport === "tcp" ? !peer.identity.isIntroduced : isAboutToProve(nowMs, peer)) return true;
  }
  return false;
}

/** How many members the other hubs have. */
export function countHubMembers({ hubs }: SharedRoom): number {
  let count = 0;
  for (const { names } of hubs.values()) count += names.size;
  return count;
}

/** All members, the person included. */
export function countMembers({ members, shared }: Pick<Room, "members" | "shared">): number {
  return 1 + members.size + (shared === undefined ? 0 : countHubMembers(shared));
}
