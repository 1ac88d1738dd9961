/**
 * Our paths to hosts: a second path to a host, over the other transport or after a reconnect, proves one before it, so
 * that this process stays one member (PROTOCOL.md, Another path).
 */

import { setBounded } from "../../protocol/bounded-map.ts";
import { type Endpoint, formatEndpoint, isLoopback } from "../../protocol/address/endpoint.ts";
import { computePathProof } from "../../protocol/frames/path-proof.ts";
import { knownPathsMax } from "../../protocol/limits.ts";
import type { Chat, Self } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { Link } from "../peer/link.ts";
import type { KnownPath } from "../records/known-path.ts";
import { formatReached } from "../room/member-of-path.ts";

/** Remembers a path after the host's welcome. */
export function rememberPath(
  self: Self,
  { link, handshake, hostRoom }: Pick<Peer, "link" | "handshake" | "hostRoom">,
): void {
  if (handshake.theirKey === undefined || hostRoom.ourNumber === undefined) return;
  const { connection, endpoint, transport } = link;
  const path = { connection, endpoint, number: hostRoom.ourNumber, key: handshake.theirKey };
  const name = `${transport} ${formatEndpoint(endpoint)}`;
  self.knownPaths.delete(name);
  setBounded(self.knownPaths, name, path, knownPathsMax);
}

/** Another path of ours to the host at a link's endpoint: one that is still connected, else the latest. */
export function findEarlierPath(chat: Pick<Chat, "self" | "peers">, link: Link): KnownPath | undefined {
  const known = [...chat.self.knownPaths.values()].filter(
    (path) => path.connection !== link.connection && isSameHost(path.endpoint, link.endpoint),
  );
  return known.findLast(({ connection }) => chat.peers.has(connection)) ?? known.at(-1);
}

/** The same port of the same machine. Another endpoint must not learn that we are a member here. */
function isSameHost(one: Endpoint, other: Endpoint): boolean {
  if (one.family === "unix" || other.family === "unix" || one.port !== other.port) return false;
  return one.address === other.address || (isLoopback(one) && isLoopback(other));
}

/** The fields of a ping that prove our earlier path; none if there is no path, or the host has named us already. */
export function makeProofFields({
  link,
  handshake,
  hostRoom,
}: Pick<Peer, "link" | "handshake" | "hostRoom">): { readonly at?: string; readonly proof?: string } {
  const { earlierPath, theirKey: newKey } = handshake;
  if (earlierPath === undefined || newKey === undefined || hostRoom.ourNumber !== undefined) return {};
  const at = formatReached(link.endpoint);
  return { at, proof: computePathProof(earlierPath.key, { newKey, transport: link.transport, at }) };
}
