/** Notes where a raw peer's bytes were relayed unchanged, before the lines in them are recognised. */

import { tracedPeersMax, tracedDatagramsMax } from "../../protocol/limits.ts";
import type { Peer } from "../model/peer.ts";
import type { MessageSpans } from "../log/entry.ts";
import type { RelayedSpan } from "../spans/peer-trace.ts";
import type { Span } from "../spans/span.ts";
import { addSpan, listStreamPlaces } from "./enqueued-spans.ts";
import type { PeerTrace } from "../spans/peer-trace.ts";

/**
 * Notes bytes that are about to be enqueued for these peers, until their line has ended. `lineStart`: where the
 * peer's unfinished line begins.
 */
export function noteRelayedBytes(
  author: Pick<Peer, "membership" | "trace">,
  peers: readonly Pick<Peer, "link" | "outbound">[],
  { start, end }: Span,
  lineStart: number,
): void {
  const { trace } = author;
  const others = peers.filter((peer) => peer !== author.membership.member?.via);
  if (trace === undefined || others.length === 0) return;
  const on = listStreamPlaces(others).map(({ connection, at }) => ({ connection, at: at - start }));
  const isNeeded = (piece: RelayedSpan): boolean => piece.end > lineStart;
  const isCut = others.length > tracedPeersMax;
  const spans = [...trace.relayedSpans.filter(isNeeded), { on, start, end, isCut }];
  trace.relayedSpans = spans.length > tracedDatagramsMax ? dropOldest(spans) : spans;
}

function dropOldest([, next, ...rest]: readonly RelayedSpan[]): readonly RelayedSpan[] {
  return next === undefined ? [] : [{ ...next, isCut: true }, ...rest];
}

/** Adds to a line the relayed spans of these bytes of the peer. */
export function addRelayedSpans(
  trace: PeerTrace | undefined,
  spans: MessageSpans,
  start: number,
  end: number,
): void {
  for (const piece of trace?.relayedSpans ?? []) {
    const from = Math.max(start, piece.start);
    const to = Math.min(end, piece.end);
    if (from >= to) continue;
    addSpan(spans, { what: "text", way: "out", on: piece.on, start: from, end: to });
    if (piece.isCut) spans.isCut = true;
  }
}
