/**
 * Where in each connection's stream a message is, for a screen that may trace it to its calls. Without one nothing is
 * noted. It sends nothing by itself.
 */

import { carriedPeersMax } from "../protocol/limits.ts";
import { bytesGivenTo } from "./audience.ts";
import type { CarriedRange } from "./entry.ts";
import { flushRelay } from "./relay.ts";
import type { Chat, Peer, Side } from "./state.ts";

interface Carried {
  readonly carried?: readonly CarriedRange[];
}

/** Where what a peer is being heard to say came: the line, or the datagram, that is taken up now. */
export function carriedFrom(
  side: Side,
  { connection, lineStart, lineEnd }: Peer,
): readonly CarriedRange[] | undefined {
  return side.wire === undefined ? undefined : [{ connection, start: lineStart, end: lineEnd }];
}

/** Does `give`, and tells where its bytes are for each of these peers: of more than carriedPeersMax, for the first. */
export function carriedTo(chat: Chat, side: Side, peers: readonly Peer[], give: () => void): Carried {
  if (side.wire === undefined) {
    give();
    return {};
  }
  // What others have said goes before it.
  flushRelay(chat);
  const traced = peers.slice(0, carriedPeersMax);
  const starts = traced.map(bytesGivenTo);
  give();
  const carried = traced.map((peer, index) => ({
    connection: peer.connection,
    start: starts[index] ?? 0,
    end: bytesGivenTo(peer),
  }));
  return { carried };
}
