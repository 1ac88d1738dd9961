/**
 * Where in each connection's stream a message is, and word of it, for a screen that may trace them to their calls, or for
 * events that tell it. Without these nothing is noted. It sends nothing by itself, and knows no calls: those are in
 * ledger.ts and told-calls.ts.
 */

import { tracedPeersMax, messageSpansMax } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import { type Peer, bytesEnqueued } from "../model/peer.ts";
import type { Carried, CarriedRange, StreamPlace } from "../log/entry.ts";
import type { Carrying } from "../spans/message-spans.ts";
import { isTraced } from "../spans/peer-trace.ts";

/** Adds a piece: what begins where the last one ends goes on with it, and what is past messageSpansMax is not noted. */
export function noteCarried(carried: Carried, range: CarriedRange): void {
  const { ranges } = carried;
  const last = ranges.at(-1);
  if (last !== undefined && goesOn(last, range)) ranges[ranges.length - 1] = { ...last, end: range.end };
  else if (ranges.length < messageSpansMax) ranges.push(range);
  else carried.isCut = true;
}

function goesOn(last: CarriedRange, { what, way, on, start }: CarriedRange): boolean {
  return last.end === start && last.on === on && last.way === way && last.what === what;
}

/** Begins the spans of the message that events call `id`, for its sends; undefined: nothing is traced. */
export function spansOf({ config }: Pick<Chat, "config">, id: number): Carrying | undefined {
  return isTraced(config) ? { what: "text", of: [{ id, ranges: [] }] } : undefined;
}

/** What carries our receipts for these messages; undefined: nothing is to be traced. */
export function wordOf(messages: readonly Carried[] | undefined): Carrying | undefined {
  return messages === undefined || messages.length === 0 ? undefined : { what: "receipt", of: messages };
}

/** So many bytes are about to be given to each of these peers. */
export function noteGiven(carrying: Carrying, peers: readonly Peer[], bytes: number): void {
  const { what, of } = carrying;
  const [only] = peers;
  if (only === undefined) return;
  const start = peers.length === 1 ? bytesEnqueued(only) : 0;
  const on = peers.length === 1 ? only.link.connection : placesIn(peers);
  const range: CarriedRange = { what, way: "out", on, start, end: start + bytes };
  for (const carried of of) noteCarried(carried, range);
  noteLeaving(carrying, peers, { start: 0, end: bytes });
}

/**
 * For events that tell what left by which call: where in what is about to be given to these peers, but for one of them,
 * it is. Of all but the first it is known only that there is something.
 */
export function noteLeaving(
  { what, of }: Carrying,
  peers: readonly Peer[],
  { start, end }: { readonly start: number; readonly end: number },
  but?: Peer,
): void {
  let followed = 0;
  for (const peer of peers) {
    const left = peer.trace?.untold?.left;
    if (left === undefined || peer === but) continue;
    const at = bytesEnqueued(peer);
    left.add({ what, of: followed < tracedPeersMax ? of : [], start: at + start, end: at + end });
    followed += 1;
  }
}

/** Where each of the first of these peers is, but for one of them. */
export function placesIn(peers: readonly Peer[], but?: Peer): readonly StreamPlace[] {
  const places: StreamPlace[] = [];
  for (const peer of peers) {
    if (places.length === tracedPeersMax) break;
    if (peer !== but) places.push({ connection: peer.link.connection, at: bytesEnqueued(peer) });
  }
  return places;
}
