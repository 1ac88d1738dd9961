/** Spans of messages that are received: the line or datagram that is being read. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import type { Peer } from "../model/peer.ts";
import type { Carried, CarriedRange } from "../log/entry.ts";
import { noteCarried } from "./message-spans.ts";
import { carryPassedBytes } from "./relayed-spans.ts";

/** Where what a peer is being heard to say came: the line, or the datagram, that is taken up now. */
export function carriedFrom(peer: Peer): Carried | undefined {
  if (peer.trace === undefined) return undefined;
  const carried: Carried = { ranges: [takenUp(peer, "text")] };
  carryPassedBytes(peer, carried, peer.inbound.spanStart, peer.inbound.spanEnd);
  return carried;
}

/** The line, or the datagram, of a peer that is taken up now. */
export function takenUp(
  { link: { connection }, inbound: { spanStart: lineStart, spanEnd: lineEnd } }: Peer,
  what: CarriedRange["what"],
): CarriedRange {
  return { what, way: "in", on: connection, start: lineStart, end: lineEnd };
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

/** What comes now, the line or the datagram that is taken up, is this of messages that are known already. */
export function noteCame(peer: Peer, what: CarriedRange["what"], of: readonly Carried[]): void {
  if (of.length === 0) return;
  const range = takenUp(peer, what);
  for (const carried of of) noteCarried(carried, range);
  peer.trace?.untold?.came.add({ what, of, start: range.start, end: range.end });
}
