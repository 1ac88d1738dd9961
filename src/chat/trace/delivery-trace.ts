/** Tracing of delivery over UDP: the message of each transmitted or received frame, and of each acknowledgement. */

import type { Frame, ReceiptFrame } from "../../protocol/frames/frame.ts";
import { tracedDatagramsMax } from "../../protocol/limits.ts";
import type { Peer } from "../model/peer.ts";
import type { Arrived, DeliveryTrace, FrameTag } from "../peer/delivery.ts";
import type { Carried } from "../log/entry.ts";
import type { Carrying } from "../spans/message-spans.ts";
import type { Span } from "../spans/span.ts";
import { noteCame } from "./incoming-spans.ts";
import { noteCarried } from "./message-spans.ts";

export function createDeliveryTrace(): DeliveryTrace {
  return { arrived: [], early: new Map(), receipts: new Map() };
}

export function tagFor(frame: Frame, carrying: Carrying | undefined): FrameTag | undefined {
  const id = frame.type === "message" ? frame.id : undefined;
  return carrying === undefined ? id : { id, carrying };
}

/** The message that a transmitted frame belongs to; undefined if it is a receipt. */
export function messageIdOfTag(tag: FrameTag): number | undefined {
  return typeof tag === "number" ? tag : tag.id;
}

/** The traced messages that a transmitted frame belongs to. */
export function carryingOfTag(tag: FrameTag | undefined): Carrying | undefined {
  return typeof tag === "object" ? tag.carrying : undefined;
}

/** Notes frames that a peer has just acknowledged. A message in parts has one tag for each part. */
export function noteAcknowledged(peer: Peer, tags: readonly FrameTag[], span: Span | undefined): void {
  if (span === undefined) return;
  for (const carrying of new Set(tags.map(carryingOfTag)))
    if (carrying?.what === "text") noteCame(peer, "ack", carrying.of, span);
}

/** Notes that a peer's message is about to be shown, with the spans collected before. */
export function noteHeard(peer: Peer, id: number, carried: Carried | undefined): void {
  if (carried === undefined) return;
  peer.trace?.heard.note(id, carried);
  const early = peer.outbound.delivery?.trace?.early;
  for (const range of early?.get(id)?.ranges ?? []) noteCarried(carried, range);
  early?.delete(id);
}

/** Notes the messages of a receipt, so that its datagram can be linked to them if it is received again. */
export function noteReceiptHeard(
  { outbound: { delivery } }: Peer,
  frame: ReceiptFrame,
  of: readonly Carried[],
): void {
  if (delivery?.trace !== undefined && of.length > 0) keep(delivery.trace.receipts, sayingOf(frame), of);
}

function sayingOf({ stage, first, last, from }: ReceiptFrame): string {
  return `${stage} ${first} ${last} ${from}`;
}

/**
 * Notes a received numbered datagram, so that our next acknowledgement can be linked to its message. `isAgain`: the
 * datagram is a duplicate, whose span is noted here.
 */
export function noteArrived(
  peer: Peer,
  trace: DeliveryTrace,
  { parsed, span }: Arrived,
  isAgain: boolean,
): void {
  if (parsed.kind !== "frame") return;
  const { frame } = parsed;
  if (frame.type === "message") {
    const { arrived } = trace;
    if (arrived.length < tracedDatagramsMax && arrived.at(-1) !== frame.id) arrived.push(frame.id);
    if (isAgain) noteCame(peer, "text", [carriedOf(peer, trace, frame.id)], span);
  } else if (frame.type === "receipt" && isAgain) {
    noteCame(peer, "receipt", trace.receipts.get(sayingOf(frame)) ?? [], span);
  }
}

/** The messages that the acknowledgement we send now is about. */
export function acknowledging(peer: Peer, trace: DeliveryTrace): Carrying | undefined {
  const { arrived } = trace;
  if (arrived.length === 0) return undefined;
  const of = arrived.map((id) => carriedOf(peer, trace, id));
  arrived.length = 0;
  return { what: "ack", of };
}

/** The spans of a message that was shown or is still to be shown. */
function carriedOf({ trace }: Peer, { early }: DeliveryTrace, id: number): Carried {
  const known = trace?.heard.get(id) ?? early.get(id);
  if (known !== undefined) return known;
  const carried: Carried = { ranges: [] };
  keep(early, id, carried);
  return carried;
}

function keep<Key, Value>(kept: Map<Key, Value>, key: Key, value: Value): void {
  kept.delete(key);
  const [oldest] = kept.size < tracedDatagramsMax ? [] : kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(key, value);
}
