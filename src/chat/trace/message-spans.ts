/**
 * Where in each connection's stream a message is, and word of it, for a screen that may trace them to their calls, or for
 * events that tell it. Without these nothing is noted. It sends nothing by itself, and knows no calls: those are in
 * ledger.ts and told-calls.ts.
 */

import type { MessageFrame } from "../../protocol/frame.ts";
import { carriedPeersMax, carriedRangesMax } from "../../protocol/limits.ts";
import { bytesGivenTo } from "../outbound/audience.ts";
import type { Carried, CarriedRange, StreamPlace } from "../records/entry.ts";
import { carryPassedBytes } from "./relayed-spans.ts";
import { isTraced } from "../records/peer-trace.ts";
import { flushRelay } from "../outbound/relay.ts";
import type { Chat, Peer } from "../model/chat.ts";

/** What is given now is the text of these messages, or word of them. */
export interface Carrying {
  readonly what: CarriedRange["what"];
  readonly of: readonly Carried[];
}

/** Where what a peer is being heard to say came: the line, or the datagram, that is taken up now. */
export function carriedFrom(peer: Peer): Carried | undefined {
  if (peer.trace === undefined) return undefined;
  const carried: Carried = { ranges: [takenUp(peer, "text")] };
  carryPassedBytes(peer, carried, peer.lineStart, peer.lineEnd);
  return carried;
}

/** The line, or the datagram, of a peer that is taken up now. */
export function takenUp({ connection, lineStart, lineEnd }: Peer, what: CarriedRange["what"]): CarriedRange {
  return { what, way: "in", on: connection, start: lineStart, end: lineEnd };
}

/** Of a message that comes in parts: which one, and where those so far came. */
export interface PartsCame {
  readonly id: number;
  readonly from: number | undefined;
  readonly carried: Carried;
}

/** As `carriedFrom`, with the earlier parts of the same message. Each message's parts come one after another. */
export function carriedInParts(peer: Peer, { id, from, parts }: MessageFrame): Carried | undefined {
  const { trace } = peer;
  const carried = carriedFrom(peer);
  if (trace === undefined || carried === undefined || parts === undefined) return carried;
  const came = trace.partsCame;
  if (came?.id === id && came.from === from) {
    for (const range of carried.ranges) noteCarried(came.carried, range);
    return came.carried;
  }
  trace.partsCame = { id, from, carried };
  return carried;
}

/** Adds a piece: what begins where the last one ends goes on with it, and what is past carriedRangesMax is not noted. */
export function noteCarried(carried: Carried, range: CarriedRange): void {
  const { ranges } = carried;
  const last = ranges.at(-1);
  if (last !== undefined && goesOn(last, range)) ranges[ranges.length - 1] = { ...last, end: range.end };
  else if (ranges.length < carriedRangesMax) ranges.push(range);
  else carried.isCut = true;
}

function goesOn(last: CarriedRange, { what, way, on, start }: CarriedRange): boolean {
  return last.end === start && last.on === on && last.way === way && last.what === what;
}

/** What comes now, the line or the datagram that is taken up, is this of messages that are known already. */
export function noteCame(peer: Peer, what: CarriedRange["what"], of: readonly Carried[]): void {
  if (of.length === 0) return;
  const range = takenUp(peer, what);
  for (const carried of of) noteCarried(carried, range);
  peer.trace?.untold?.came.add({ what, of, start: range.start, end: range.end });
}

/**
 * Gives the message that events call `id`, and tells where the bytes of it are: of more peers than carriedPeersMax for
 * the first. undefined: nothing is traced.
 */
export function carriedTo(chat: Chat, id: number, giveIt: () => void): Carried | undefined {
  if (!isTraced(chat.config)) return void giveIt();
  // What others have said goes before it.
  flushRelay(chat);
  const carried: Carried = { id, ranges: [] };
  whileCarrying(chat, { what: "text", of: [carried] }, giveIt);
  return carried;
}

/** Whatever is given by it is of these messages; with undefined of none. */
export function whileCarrying(chat: Chat, carrying: Carrying | undefined, giveIt: () => void): void {
  const before = chat.carrying;
  chat.carrying = carrying;
  giveIt();
  chat.carrying = before;
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
  const start = peers.length === 1 ? bytesGivenTo(only) : 0;
  const on = peers.length === 1 ? only.connection : placesIn(peers);
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
    const at = bytesGivenTo(peer);
    left.add({ what, of: followed < carriedPeersMax ? of : [], start: at + start, end: at + end });
    followed += 1;
  }
}

/** Where each of the first of these peers is, but for one of them. */
export function placesIn(peers: readonly Peer[], but?: Peer): readonly StreamPlace[] {
  const places: StreamPlace[] = [];
  for (const peer of peers) {
    if (places.length === carriedPeersMax) break;
    if (peer !== but) places.push({ connection: peer.connection, at: bytesGivenTo(peer) });
  }
  return places;
}
