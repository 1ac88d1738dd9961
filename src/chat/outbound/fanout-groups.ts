/**
 * Audiences: groups of members who receive the same bytes (raw over TCP, duets over TCP, all over UDP). An audience is
 * gathered when it is needed and kept until a member leaves or changes, so that a message or a join costs nothing for
 * each member.
 */

import type { Chat } from "../model/chat.ts";
import type { Audience, AudienceName, Peer } from "../model/peer.ts";

/** The members of an audience at present. */
export function gatherAudience(chat: Chat, name: AudienceName): Audience {
  return (chat.room.audiences[name] ??= gather(chat, name));
}

/** Adds a new member's path to its audience. */
export function addToAudience(chat: Chat, path: Peer): void {
  const audience = path.link.isFinSent ? undefined : chat.room.audiences[chooseAudience(path)];
  if (audience === undefined) return;
  audience.peers.push(path);
  audience.connections.push(path.link.connection);
  path.outbound.audience = audience;
  path.outbound.enqueuedAlone -= audience.enqueuedBytes;
}

/** Dissolves the audience of a path that joined or left it. */
export function moveAudience(chat: Chat, path: Peer): void {
  dissolve(chat, chooseAudience(path));
}

/** Dissolves the audience of a member's path that receives differently from now on. */
export function dissolveAudience(chat: Chat, path: Peer): void {
  if (path.membership.member?.via === path) moveAudience(chat, path);
}

/** Settles each peer's count of enqueued bytes before the audience is dropped. */
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
    if (!via.link.isFinSent && chooseAudience(via) === name) peers.push(via);
  const audience = {
    peers,
    connections: peers.map(({ link: { connection } }) => connection),
    enqueuedBytes: 0,
  };
  for (const peer of peers) peer.outbound.audience = audience;
  return audience;
}

function chooseAudience({ link: { transport }, identity: { kind } }: Peer): AudienceName {
  if (transport === "udp") return "datagrams";
  return kind === "duet" ? "duets" : "raw";
}
