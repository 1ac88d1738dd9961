/** Spans of received messages: the line or datagram of each in its peer's stream. */

import type { MessageFrame } from "../../protocol/frames/frame.ts";
import type { Peer } from "../model/peer.ts";
import type { MessageSpans, MessageSpan } from "../log/entry.ts";
import { type Span, makeSpan } from "../spans/span.ts";
import { addSpan } from "./enqueued-spans.ts";
import { addRelayedSpans } from "./relayed-spans.ts";
import { setReceivedParts } from "../spans/peer-trace.ts";
import type { Link } from "../peer/link.ts";

/** The span of the last `bytes` received from the peer; undefined if nothing is traced. */
export function makeLastReceivedSpan(
  { trace, inbound: { bytesIn } }: Pick<Peer, "inbound" | "trace">,
  bytes: number,
): Span | undefined {
  return makeSpan(trace, bytesIn - bytes, bytesIn);
}

/** Begins the spans of a message with its line or datagram; undefined if nothing is traced. */
export function beginReceivedSpans(
  peer: Pick<Peer, "link" | "trace">,
  span: Span | undefined,
): MessageSpans | undefined {
  if (span === undefined) return undefined;
  const spans: MessageSpans = { list: [makeReceivedSpan(peer.link, "text", span)] };
  addRelayedSpans(peer.trace, spans, span.start, span.end);
  return spans;
}

/** The bytes of a line or datagram, as a span of the message that they carry or report on. */
export function makeReceivedSpan(
  { connection }: Link,
  what: MessageSpan["what"],
  { start, end }: Span,
): MessageSpan {
  return { what, way: "in", on: connection, start, end };
}

/** As `beginReceivedSpans`, including earlier parts of the same message. The parts of a message arrive one after another. */
export function beginSpansInParts(
  peer: Pick<Peer, "link" | "trace">,
  { id, from, parts }: MessageFrame,
  span: Span | undefined,
): MessageSpans | undefined {
  const { trace } = peer;
  const spans = beginReceivedSpans(peer, span);
  if (trace === undefined || spans === undefined || parts === undefined) return spans;
  const begun = trace.receivedParts;
  if (begun?.id === id && begun.from === from) {
    for (const range of spans.list) addSpan(begun.spans, range);
    return begun.spans;
  }
  setReceivedParts(trace, { id, from, spans });
  return spans;
}

/** Adds a line or datagram of the peer to known messages, as a duplicate, receipt or acknowledgement. */
export function noteReceivedSpan(
  peer: Pick<Peer, "link" | "trace">,
  what: MessageSpan["what"],
  of: readonly MessageSpans[],
  span: Span | undefined,
): void {
  if (of.length === 0 || span === undefined) return;
  const range = makeReceivedSpan(peer.link, what, span);
  for (const spans of of) addSpan(spans, range);
  peer.trace?.unreported?.received.add({ what, of, start: range.start, end: range.end });
}
