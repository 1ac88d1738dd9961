/** Tracing of delivery over UDP: the message of each transmitted or received frame, and of each acknowledgement. */

import type { Frame, ReceiptFrame } from "../../protocol/frames/frame.ts";
import { tracedDatagramsMax } from "../../protocol/limits.ts";
import type { Peer } from "../model/peer.ts";
import type { ReceivedFrame, DeliveryTrace, FrameTag } from "../peer/delivery.ts";
import type { MessageSpans } from "../log/entry.ts";
import type { SpanOwners } from "../spans/message-spans.ts";
import type { Span } from "../spans/span.ts";
import { noteReceivedSpan } from "./incoming-spans.ts";
import { addSpan, noteEnqueued } from "./enqueued-spans.ts";
import { setBounded } from "../../protocol/bounded-map.ts";
import type { Outbound } from "../peer/outbound.ts";
import type { PeerTrace } from "../spans/peer-trace.ts";

export function createDeliveryTrace(): DeliveryTrace {
  return { unacknowledged: [], early: new Map(), receipts: new Map() };
}

export function makeTag(frame: Frame, owners: SpanOwners | undefined): FrameTag | undefined {
  const id = frame.type === "message" ? frame.id : undefined;
  return owners === undefined ? id : { id, owners };
}

/** The id of the message that a transmitted frame belongs to; undefined if the frame is a receipt. */
export function getTagMessageId(tag: FrameTag): number | undefined {
  return typeof tag === "number" ? tag : tag.id;
}

/** The traced messages that a transmitted frame belongs to. */
function getTagOwners(tag: FrameTag | undefined): SpanOwners | undefined {
  return typeof tag === "object" ? tag.owners : undefined;
}

/**
 * Notes the frames of a datagram that is about to be enqueued, each of which is a line of it. `tags`: of those frames and
 * later ones. Returns the number of its frames.
 */
export function noteEnqueuedFrames(
  peer: Peer,
  datagram: Uint8Array,
  tags: readonly (FrameTag | undefined)[],
): number {
  let frames = 0;
  for (let start = 0; start < datagram.length; frames += 1) {
    const newline = datagram.indexOf(lineFeed, start);
    const end = newline === -1 ? datagram.length : newline;
    const owners = getTagOwners(tags[frames]);
    if (owners !== undefined) noteEnqueued(owners, [peer], end - start, start);
    start = end + 1;
  }
  return frames;
}

const lineFeed = 0x0a;

/** Notes frames that a peer has just acknowledged. A message in parts has one tag for each part. */
export function noteAcknowledged(
  peer: Pick<Peer, "link" | "trace">,
  tags: readonly FrameTag[],
  span: Span | undefined,
): void {
  if (span === undefined) return;
  for (const owners of new Set(tags.map(getTagOwners)))
    if (owners?.what === "text") noteReceivedSpan(peer, "ack", owners.of, span);
}

/** Notes that a peer's message is about to be shown, with the spans collected before. */
export function noteShown(
  peer: Pick<Peer, "outbound" | "trace">,
  id: number,
  spans: MessageSpans | undefined,
): void {
  if (spans === undefined) return;
  peer.trace?.shownMessages.note(id, spans);
  const early = peer.outbound.delivery?.trace?.early;
  for (const range of early?.get(id)?.list ?? []) addSpan(spans, range);
  early?.delete(id);
}

/** Notes the messages of a receipt, so that its datagram can be linked to them if it is received again. */
export function noteReceivedReceipt(
  { delivery }: Outbound,
  frame: ReceiptFrame,
  of: readonly MessageSpans[],
): void {
  if (delivery?.trace !== undefined && of.length > 0)
    setBounded(delivery.trace.receipts, makeReceiptKey(frame), of, tracedDatagramsMax);
}

function makeReceiptKey({ stage, first, last, from }: ReceiptFrame): string {
  return `${stage} ${first} ${last} ${from}`;
}

/**
 * Notes a received numbered datagram, so that our next acknowledgement can be linked to its message. `isAgain`: the
 * datagram is a duplicate, whose span is noted here.
 */
export function noteReceivedFrame(
  peer: Pick<Peer, "link" | "trace">,
  trace: DeliveryTrace,
  { parsed, span }: ReceivedFrame,
  isAgain: boolean,
): void {
  if (parsed.kind !== "frame") return;
  const { frame } = parsed;
  if (frame.type === "message") {
    const { unacknowledged: arrived } = trace;
    if (arrived.length < tracedDatagramsMax && arrived.at(-1) !== frame.id) arrived.push(frame.id);
    if (isAgain) noteReceivedSpan(peer, "text", [findMessageSpans(peer.trace, trace, frame.id)], span);
  } else if (frame.type === "receipt" && isAgain) {
    noteReceivedSpan(peer, "receipt", trace.receipts.get(makeReceiptKey(frame)) ?? [], span);
  }
}

/** The messages that the acknowledgement we send now is about. */
export function takeAcknowledged(peer: Pick<Peer, "trace">, trace: DeliveryTrace): SpanOwners | undefined {
  const { unacknowledged: arrived } = trace;
  if (arrived.length === 0) return undefined;
  const of = arrived.map((id) => findMessageSpans(peer.trace, trace, id));
  arrived.length = 0;
  return { what: "ack", of };
}

/** The spans of a message that was shown or is still to be shown. */
function findMessageSpans(trace: PeerTrace | undefined, { early }: DeliveryTrace, id: number): MessageSpans {
  const known = trace?.shownMessages.get(id) ?? early.get(id);
  if (known !== undefined) return known;
  const spans: MessageSpans = { list: [] };
  setBounded(early, id, spans, tracedDatagramsMax);
  return spans;
}
