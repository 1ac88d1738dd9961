/**
 * In a raw room, where a peer's bytes have gone that were passed on as they came, before it is known which lines they are.
 * It is there only where messages are traced, and passes nothing on itself.
 */

import { tracedPeersMax, tracedDatagramsMax } from "../../protocol/limits.ts";
import type { Peer } from "../model/peer.ts";
import type { Carried } from "../log/entry.ts";
import type { PassedBytes } from "../spans/peer-trace.ts";
import type { Span } from "../spans/span.ts";
import { noteCarried, placesIn } from "./message-spans.ts";

/**
 * A piece of a peer is about to be given to all of these lists. Kept until the line it is of has ended; `lineStart`: where
 * the peer's unfinished line begins.
 */
export function notePassedBytes(
  origin: Peer,
  lists: readonly (readonly Peer[])[],
  { start, end }: Span,
  lineStart: number,
): void {
  const { trace } = origin;
  const others = lists.flat().filter((peer) => peer !== origin.membership.member?.via);
  if (trace === undefined || others.length === 0) return;
  const on = placesIn(others).map(({ connection, at }) => ({ connection, at: at - start }));
  const isNeeded = (piece: PassedBytes): boolean => piece.end > lineStart;
  const isCut = others.length > tracedPeersMax;
  const passed = [...trace.passed.filter(isNeeded), { on, start, end, isCut }];
  trace.passed = passed.length > tracedDatagramsMax ? withoutOldest(passed) : passed;
}

function withoutOldest([, next, ...rest]: readonly PassedBytes[]): readonly PassedBytes[] {
  return next === undefined ? [] : [{ ...next, isCut: true }, ...rest];
}

/** A line, or more of one, is known to be these of the peer's bytes. */
export function carryPassedBytes({ trace }: Peer, carried: Carried, start: number, end: number): void {
  for (const piece of trace?.passed ?? []) {
    const from = Math.max(start, piece.start);
    const to = Math.min(end, piece.end);
    if (from >= to) continue;
    noteCarried(carried, { what: "text", way: "out", on: piece.on, start: from, end: to });
    if (piece.isCut) carried.isCut = true;
  }
}
