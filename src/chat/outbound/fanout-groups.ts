/**
 * The room as those who hear the same bytes: raw members over TCP, duets over TCP, and who is here by UDP. A list is made
 * when something is to be said and kept until somebody of it goes or changes, so that neither a line to thousands nor the
 * coming of one costs anything for each of them here. What they are given is in sending.ts.
 */

import type { Chat } from "../model/chat.ts";
import type { Audience, AudienceName, Peer } from "../model/peer.ts";

/** Whoever hears so now. */
export function audienceOf(chat: Chat, name: AudienceName): Audience {
  return (chat.room.audiences[name] ??= gather(chat, name));
}

/** Somebody comes to where their path belongs: they hear what is said from now on. */
export function audienceGains(chat: Chat, path: Peer): void {
  const audience = path.link.isFinSent ? undefined : chat.room.audiences[belongsTo(path)];
  if (audience === undefined) return;
  audience.peers.push(path);
  audience.connections.push(path.link.connection);
  path.outbound.audience = audience;
  path.outbound.enqueuedAlone -= audience.enqueuedBytes;
}

/** Somebody goes from where their path belongs, or comes there from elsewhere. */
export function audienceMoves(chat: Chat, path: Peer): void {
  dissolve(chat, belongsTo(path));
}

/** A path is to hear otherwise than before, or not at all. Who is no member's path is in no list. */
export function audienceChanges(chat: Chat, path: Peer): void {
  if (path.membership.member?.via === path) audienceMoves(chat, path);
}

/** What was given is settled with each. */
function dissolve(chat: Chat, name: AudienceName): void {
  const audience = chat.room.audiences[name];
  if (audience === undefined) return;
  delete chat.room.audiences[name];
  for (const peer of audience.peers) {
    peer.outbound.enqueuedAlone += audience.enqueuedBytes;
    peer.outbound.audience = undefined;
  }
}

function gather(chat: Chat, name: AudienceName): Audience {
  const peers: Peer[] = [];
  for (const { via } of chat.room.members.values())
    if (!via.link.isFinSent && belongsTo(via) === name) peers.push(via);
  const audience = {
    peers,
    connections: peers.map(({ link: { connection } }) => connection),
    enqueuedBytes: 0,
  };
  for (const peer of peers) peer.outbound.audience = audience;
  return audience;
}

function belongsTo({ link: { transport }, identity: { kind } }: Peer): AudienceName {
  if (transport === "udp") return "datagrams";
  return kind === "duet" ? "duets" : "raw";
}
