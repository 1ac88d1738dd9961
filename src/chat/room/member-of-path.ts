/**
 * Decides which member a new connection belongs to. The rule of duet/1 without lasting identities: a connection is a
 * path of a member if it proves the key that we gave on another path of that member (PROTOCOL.md, Another path).
 */

import { type Endpoint, formatEndpoint } from "../../protocol/address/endpoint.ts";
import { computePathProof } from "../../protocol/frames/path-proof.ts";
import { memberPathsMax } from "../../protocol/limits.ts";
import type { LocalMember, Peer } from "../model/peer.ts";
import { haveSameEnd } from "../peer/seal.ts";
import type { Room } from "../model/room.ts";

/**
 * The member that a connection is another path of; undefined: it is a member of its own. `bound`: where we listen for
 * it.
 *
 * A proof is bound to the key of its connection and to our endpoint. So a program that the process mistook for us, at
 * an endpoint that is not ours, cannot pass the proof on and join as that process. What is sealed on one path is sealed on
 * all, with the same key at the other end (SEALED.md, What changes inside a session).
 */
export function findMemberOfPath(
  room: Pick<Room, "members">,
  { link, handshake, seal }: Pick<Peer, "link" | "handshake" | "seal">,
  bound: Endpoint | undefined,
): LocalMember | undefined {
  const { claim, ourKey: newKey } = handshake;
  if (claim?.proof === undefined || bound === undefined) return undefined;
  const { at, hash } = claim.proof;
  const member = room.members.get(claim.member);
  if (member === undefined || member.paths.size >= memberPathsMax || !isBoundAt(bound, at)) return undefined;
  const scope = { newKey, transport: link.transport, at };
  const paths = [...member.paths];
  if (paths.some((path) => !haveSameEnd(path.seal, seal))) return undefined;
  return paths.some((path) => computePathProof(path.handshake.ourKey, scope) === hash) ? member : undefined;
}

/** A socket that is bound to all addresses does not know by which of them it was reached, but knows its port. */
function isBoundAt(bound: Endpoint, at: string): boolean {
  if (bound.family === "unix") return false;
  const isWildcard = bound.address === "0.0.0.0" || bound.address === "::";
  return isWildcard ? at.endsWith(`:${bound.port}`) : at === formatReached(bound);
}

/** An endpoint as both ends write it: a zone has a meaning on one machine only. */
export function formatReached(endpoint: Endpoint): string {
  return formatEndpoint(endpoint).replace(/%[^\]]*/, "");
}
