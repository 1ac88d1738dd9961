/** Notes where a raw peer's bytes were relayed unchanged, before the lines in them are recognised. */

import { tracedPeersMax, tracedDatagramsMax } from "../../protocol/limits.ts";
import type { Peer } from "../model/peer.ts";
import type { Carried } from "../log/entry.ts";
import type { PassedBytes } from "../spans/peer-trace.ts";
import type { Span } from "../spans/span.ts";
import { noteCarried, placesIn } from "./message-spans.ts";

/**
 * Notes bytes that are about to be enqueued for all of these lists, until their line has ended. `lineStart`: where the
 * peer's unfinished line begins.
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

/** Adds to a line the relayed spans of these bytes of the peer. */
export function carryPassedBytes({ trace }: Peer, carried: Carried, start: number, end: number): void {
  for (const piece of trace?.passed ?? []) {
    const from = Math.max(start, piece.start);
    const to = Math.min(end, piece.end);
    if (from >= to) continue;
    noteCarried(carried, { what: "text", way: "out", on: piece.on, start: from, end: to });
    if (piece.isCut) carried.isCut = true;
  }
}
