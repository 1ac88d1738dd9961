/**
 * Notes the spans of messages and receipts as their bytes are enqueued. Calls are linked with them by call-links.ts
 * for a screen and by reported-calls.ts for outputs.
 */

import { tracedPeersMax, messageSpansMax } from "../../protocol/limits.ts";
import type { Chat } from "../model/chat.ts";
import { type Peer, countEnqueuedBytes } from "../model/peer.ts";
import type { MessageSpans, MessageSpan, StreamPlace } from "../log/entry.ts";
import type { SpanOwners } from "../spans/message-spans.ts";
import { isTraced } from "../spans/peer-trace.ts";

/** Adds a span. A span that continues the last one extends it; spans above messageSpansMax are dropped. */
export function addSpan(spans: MessageSpans, range: MessageSpan): void {
  const { list: ranges } = spans;
  const last = ranges.at(-1);
  if (last !== undefined && isContinuation(last, range))
    ranges[ranges.length - 1] = { ...last, end: range.end };
  else if (ranges.length < messageSpansMax) ranges.push(range);
  else spans.isCut = true;
}

function isContinuation(last: MessageSpan, { what, way, on, start }: MessageSpan): boolean {
  return last.end === start && last.on === on && last.way === way && last.what === what;
}

/** Begins the spans of the sent message `id`; undefined if nothing is traced. */
export function beginSentSpans({ config }: Pick<Chat, "config">, id: number): SpanOwners | undefined {
  return isTraced(config) ? { what: "text", of: [{ id, list: [] }] } : undefined;
}

/** The link of our receipts to their messages; undefined if nothing is traced. */
export function makeReceiptOwners(messages: readonly MessageSpans[] | undefined): SpanOwners | undefined {
  return messages === undefined || messages.length === 0 ? undefined : { what: "receipt", of: messages };
}

/** Notes `bytes` that are about to be enqueued for each of these peers, after `offset` others. */
export function noteEnqueued(owners: SpanOwners, peers: readonly Peer[], bytes: number, offset = 0): void {
  const { what, of } = owners;
  const [only] = peers;
  if (only === undefined) return;
  const start = offset + (peers.length === 1 ? countEnqueuedBytes(only) : 0);
  const on = peers.length === 1 ? only.link.connection : listStreamPlaces(peers);
  const range: MessageSpan = { what, way: "out", on, start, end: start + bytes };
  for (const spans of of) addSpan(spans, range);
  noteUnreported(owners, peers, { start: offset, end: offset + bytes });
}

/**
 * Notes the part of the next enqueued bytes that belongs to these messages, for outputs that link it to calls. For
 * peers beyond tracedPeersMax only the existence of the span is kept.
 */
export function noteUnreported(
  { what, of }: SpanOwners,
  peers: Iterable<Pick<Peer, "outbound" | "trace">>,
  { start, end }: { readonly start: number; readonly end: number },
  except?: Peer,
): void {
  let traced = 0;
  for (const peer of peers) {
    const left = peer.trace?.unreported?.sent;
    if (left === undefined || peer === except) continue;
    const at = countEnqueuedBytes(peer);
    left.add({ what, of: traced < tracedPeersMax ? of : [], start: at + start, end: at + end });
    traced += 1;
  }
}

/** The stream offsets of these peers but one, at most tracedPeersMax of them. */
export function listStreamPlaces(
  peers: Iterable<Pick<Peer, "link" | "outbound">>,
  except?: Peer,
): readonly StreamPlace[] {
  const places: StreamPlace[] = [];
  for (const peer of peers) {
    if (places.length === tracedPeersMax) break;
    if (peer !== except) places.push({ connection: peer.link.connection, at: countEnqueuedBytes(peer) });
  }
  return places;
}
