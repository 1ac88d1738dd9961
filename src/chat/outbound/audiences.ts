/**
 * Audiences: groups of the room's members that receive the same bytes (raw over TCP, duets over TCP, all over UDP).
 * Those over TCP are fan-out groups of the transport. The group of a peer is decided when its state changes.
 */

import type { Chat } from "../model/chat.ts";
import type { Audience, Peer } from "../model/peer.ts";
import type { AudienceName, FanoutShare } from "../peer/outbound.ts";
import type { Room } from "../model/room.ts";
import type { Outbound } from "../peer/outbound.ts";
import type { Effect } from "../model/effect.ts";
import type { Link } from "../peer/link.ts";

/** Moves a peer to the audience that it belongs to now. Called after each change of the facts that audienceFor uses. */
export function placeInAudience(chat: Pick<Chat, "effects" | "room">, peer: Peer): void {
  const { outbound } = peer;
  const audience = audienceFor(chat.room, peer);
  if (outbound.share?.group === audience) return;
  if (outbound.share !== undefined) leaveAudience(chat, peer, outbound.share);
  if (audience === undefined) return;
  audience.peers.add(peer);
  outbound.share = { group: audience, missedBytes: audience.enqueuedBytes };
  moveInTransport(chat.effects, "join-fanout", audience.name, peer.link);
}

/** The audience of a peer: only the path on which a member receives is in one. */
export function audienceFor(
  room: Room,
  peer: Pick<Peer, "link" | "identity" | "membership">,
): Audience | undefined {
  const { member } = peer.membership;
  const isVia = member?.via === peer && room.members.get(member.number) === member;
  if (!isVia || peer.link.isFinSent) return undefined;
  if (peer.link.transport === "udp") return room.audiences.datagrams;
  return peer.identity.kind === "duet" ? room.audiences.duets : room.audiences.raw;
}

function leaveAudience(
  chat: Pick<Chat, "effects" | "room">,
  peer: Peer,
  { group: { name } }: FanoutShare,
): void {
  chat.room.audiences[name].peers.delete(peer);
  moveInTransport(chat.effects, "leave-fanout", name, peer.link);
  countShare(peer.outbound);
  peer.outbound.share = undefined;
}

/** Adds what the peer's group was sent so far to the peer's own count. */
function countShare(outbound: Outbound): void {
  const { share } = outbound;
  if (share === undefined) return;
  outbound.enqueuedAlone += share.group.enqueuedBytes - share.missedBytes;
  share.missedBytes = share.group.enqueuedBytes;
}

/** Subtracts bytes that were counted as enqueued, and that the peer's queue has refused. */
export function uncountRefused(outbound: Outbound, bytes: number): void {
  countShare(outbound);
  outbound.enqueuedAlone -= bytes;
}

function moveInTransport(
  effects: Effect[],
  type: "join-fanout" | "leave-fanout",
  group: AudienceName,
  { connection }: Link,
): void {
  if (group !== "datagrams") effects.push({ type, group, connection });
}
