/**
 * In a raw room, where a peer's bytes have gone that were passed on as they came, before it is known which lines they are:
 * for a screen that may trace these. It passes nothing on itself.
 */

import { carriedPeersMax, tracedDatagramsMax } from "../protocol/limits.ts";
import { noteCarried, placesIn } from "./carried.ts";
import type { Carried, StreamPlace } from "./entry.ts";
import type { Peer } from "./state.ts";

/** A piece of what a peer has sent, from one of its offsets to another, and where that peer's first byte would be in the others. */
export interface PassedBytes {
  readonly on: readonly StreamPlace[];
  readonly start: number;
  readonly end: number;
}

/** A piece of a peer is about to be given to all of these lists. Kept until the line it is of has ended. */
export function notePassedBytes(
  origin: Peer,
  lists: readonly (readonly Peer[])[],
  start: number,
  end: number,
): void {
  const { trace } = origin;
  const places = lists.flatMap((peers) => placesIn(peers, origin.member?.via));
  if (trace === undefined || places.length === 0) return;
  const on = places.slice(0, carriedPeersMax).map(({ connection, at }) => ({ connection, at: at - start }));
  const isNeeded = (piece: PassedBytes): boolean => piece.end > origin.lineStart;
  trace.passed = [...trace.passed.filter(isNeeded), { on, start, end }].slice(-tracedDatagramsMax);
}

/** A line, or more of one, is known to be these of the peer's bytes. */
export function carryPassedBytes({ trace }: Peer, carried: Carried, start: number, end: number): void {
  for (const piece of trace?.passed ?? []) {
    const from = Math.max(start, piece.start);
    const to = Math.min(end, piece.end);
    if (from < to) noteCarried(carried, { what: "text", way: "out", on: piece.on, start: from, end: to });
  }
}
