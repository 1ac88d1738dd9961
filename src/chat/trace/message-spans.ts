/**
 * Notes the spans of messages and receipts as their bytes are enqueued. Calls are linked with them by call-ledger.ts
 * for a screen and by reported-calls.ts for outputs.
 */

import { tracedPeersMax, messageSpansMax } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import { type Peer, bytesEnqueued } from "../model/peer.ts";
import type { Carried, CarriedRange, StreamPlace } from "../log/entry.ts";
import type { Carrying } from "../spans/message-spans.ts";
import { isTraced } from "../spans/peer-trace.ts";

/** Adds a span. A span that continues the last one extends it; spans above messageSpansMax are dropped. */
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

/** Begins the spans of the sent message `id`; undefined if nothing is traced. */
export function spansOf({ config }: Pick<Chat, "config">, id: number): Carrying | undefined {
  return isTraced(config) ? { what: "text", of: [{ id, ranges: [] }] } : undefined;
}

/** The link of our receipts to their messages; undefined if nothing is traced. */
export function wordOf(messages: readonly Carried[] | undefined): Carrying | undefined {
  return messages === undefined || messages.length === 0 ? undefined : { what: "receipt", of: messages };
}

/** Notes `bytes` that are about to be enqueued for each of these peers. */
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
 * Notes the part of the next enqueued bytes that belongs to these messages, for outputs that link it to calls. For
 * peers beyond tracedPeersMax only the existence of the span is kept.
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

/** The stream offsets of these peers but one, at most tracedPeersMax of them. */
export function placesIn(peers: readonly Peer[], but?: Peer): readonly StreamPlace[] {
  const places: StreamPlace[] = [];
  for (const peer of peers) {
    if (places.length === tracedPeersMax) break;
    if (peer !== but) places.push({ connection: peer.link.connection, at: bytesEnqueued(peer) });
  }
  return places;
}
