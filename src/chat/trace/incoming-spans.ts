/** Spans of received messages: the line or datagram of each in its peer's stream. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import type { Peer } from "../model/peer.ts";
import type { Carried, CarriedRange } from "../log/entry.ts";
import { type Span, spanOf } from "../spans/span.ts";
import { noteCarried } from "./message-spans.ts";
import { carryPassedBytes } from "./relayed-spans.ts";

/** The span of the last `bytes` received from the peer; undefined if nothing is traced. */
export function lastReceived({ trace, inbound: { bytesIn } }: Peer, bytes: number): Span | undefined {
  return spanOf(trace, bytesIn - bytes, bytesIn);
}

/** Begins the spans of a message with its line or datagram; undefined if nothing is traced. */
export function carriedFrom(peer: Peer, span: Span | undefined): Carried | undefined {
  if (span === undefined) return undefined;
  const carried: Carried = { ranges: [receivedRange(peer, "text", span)] };
  carryPassedBytes(peer, carried, span.start, span.end);
  return carried;
}

/** A line or datagram of the peer, as a range of a message. */
export function receivedRange(
  { link: { connection } }: Peer,
  what: CarriedRange["what"],
  { start, end }: Span,
): CarriedRange {
  return { what, way: "in", on: connection, start, end };
}

/** As `carriedFrom`, including earlier parts of the same message. The parts of a message arrive one after another. */
export function carriedInParts(
  peer: Peer,
  { id, from, parts }: MessageFrame,
  span: Span | undefined,
): Carried | undefined {
  const { trace } = peer;
  const carried = carriedFrom(peer, span);
  if (trace === undefined || carried === undefined || parts === undefined) return carried;
  const came = trace.partsCame;
  if (came?.id === id && came.from === from) {
    for (const range of carried.ranges) noteCarried(came.carried, range);
    return came.carried;
  }
  trace.partsCame = { id, from, carried };
  return carried;
}

/** Adds a line or datagram of the peer to known messages, as a duplicate, receipt or acknowledgement. */
export function noteCame(
  peer: Peer,
  what: CarriedRange["what"],
  of: readonly Carried[],
  span: Span | undefined,
): void {
  if (of.length === 0 || span === undefined) return;
  const range = receivedRange(peer, what, span);
  for (const carried of of) noteCarried(carried, range);
  peer.trace?.untold?.came.add({ what, of, start: range.start, end: range.end });
}
