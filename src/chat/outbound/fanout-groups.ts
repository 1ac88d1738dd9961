/**
 * Audiences: groups of the room's members that receive the same bytes (raw over TCP, duets over TCP, all over UDP).
 * Those over TCP are fan-out groups of the transport. The group of a peer is decided when its state changes.
 */

import type { Chat } from "../model/chat.ts";
import type { Audience, Peer } from "../model/peer.ts";
import type { AudienceName, FanoutShare } from "../peer/outbound.ts";

/** Moves a peer to the audience that it belongs to now. Called after each change of the facts that audienceFor uses. */
export function placeInAudience(chat: Chat, peer: Peer): void {
  const { outbound } = peer;
  const audience = audienceFor(chat, peer);
  if (outbound.share?.group === audience) return;
  if (outbound.share !== undefined) leaveAudience(chat, peer, outbound.share);
  if (audience === undefined) return;
  audience.peers.add(peer);
  outbound.share = { group: audience, missedBytes: audience.enqueuedBytes };
  moveInTransport(chat, "join-fanout", audience.name, peer);
}

/** The audience of a peer: only the path on which a member receives is in one. */
export function audienceFor({ room }: Chat, peer: Peer): Audience | undefined {
  const { member } = peer.membership;
  const isVia = member?.via === peer && room.members.get(member.number) === member;
  if (!isVia || peer.link.isFinSent) return undefined;
  if (peer.link.transport === "udp") return room.audiences.datagrams;
  return peer.identity.kind === "duet" ? room.audiences.duets : room.audiences.raw;
}

function leaveAudience(chat: Chat, peer: Peer, { group: { name } }: FanoutShare): void {
  chat.room.audiences[name].peers.delete(peer);
  moveInTransport(chat, "leave-fanout", name, peer);
  countShare(peer);
  peer.outbound.share = undefined;
}

/** Adds what the peer's group was sent so far to the peer's own count. */
function countShare({ outbound }: Peer): void {
  const { share } = outbound;
  if (share === undefined) return;
  outbound.enqueuedAlone += share.group.enqueuedBytes - share.missedBytes;
  share.missedBytes = share.group.enqueuedBytes;
}

/** Subtracts bytes that were counted as enqueued, and that the peer's queue has refused. */
export function uncountRefused(peer: Peer, bytes: number): void {
  countShare(peer);
  peer.outbound.enqueuedAlone -= bytes;
}

function moveInTransport(
  chat: Chat,
  type: "join-fanout" | "leave-fanout",
  group: AudienceName,
  { link: { connection } }: Peer,
): void {
  if (group !== "datagrams") chat.effects.push({ type, group, connection });
}
