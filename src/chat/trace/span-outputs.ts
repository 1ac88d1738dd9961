/**
 * Links messages and calls in outputs: the messages in a call's bytes, and the spans of a message or receipt. Offsets
 * count as `offset` of a call does.
 */

import { reportedSpansMax } from "../../protocol/limits.ts";
import type { CallName } from "../../protocol/sockets/socket-call.ts";
import type { Chat } from "../model/chat.ts";
import type { Peer } from "../model/peer.ts";
import type { MessageSpans, MessageSpan } from "../log/entry.ts";
import type { CallLedger, ReportedSpan, SpanInCall, MessageLedger } from "../spans/reported-spans.ts";
import type { UnreportedSpan } from "../spans/unreported-spans.ts";
import type { Link } from "../peer/link.ts";

/** The spans within a call for `bytes` from `offset` on, and those of earlier calls that were recognised only now. */
export function makeCallLedger(pieces: readonly UnreportedSpan[], offset: number, bytes: number): CallLedger {
  const carries: SpanInCall[] = [];
  const earlier: SpanInCall[] = [];
  let carriesMore = false;
  for (const { what, of, start, end } of pieces) {
    const isWithin = start < offset + bytes && end > offset;
    carriesMore ||= of.length === 0;
    for (const { id } of of) {
      // A message that is not reported yet will report its own spans.
      if (id === undefined) continue;
      if (carries.length + earlier.length < reportedSpansMax)
        (isWithin ? carries : earlier).push({ id, what, start, end });
      else carriesMore = true;
    }
  }
  return {
    ...(carries.length > 0 && { carries }),
    ...(earlier.length > 0 && { earlier }),
    ...(carriesMore && { carriesMore }),
  };
}

/** Gives a message of this peer its id in outputs, and returns its spans so far; undefined if outputs carry none. */
export function assignOutputId(
  chat: Pick<Chat, "config" | "peers">,
  author: Peer,
  id: number,
  spans: MessageSpans | undefined,
): MessageLedger | undefined {
  if (spans === undefined || !chat.config.reportSpans) return undefined;
  spans.id = id;
  return makeMessageLedger(chat, author, spans);
}

function makeMessageLedger(
  chat: Pick<Chat, "peers">,
  author: Peer,
  { list: ranges, isCut = false }: MessageSpans,
): MessageLedger {
  const spans: ReportedSpan[] = [];
  let carriedMore = isCut;
  for (const range of ranges) {
    const places = typeof range.on === "number" ? [{ connection: range.on, at: 0 }] : range.on;
    for (const { connection, at } of places) {
      const peer = connection === author.link.connection ? author : chat.peers.get(connection);
      // A peer that has left can no longer be matched with its calls.
      if (peer === undefined || spans.length === reportedSpansMax) carriedMore = true;
      else spans.push(makeReportedSpan(peer.link, range, at));
    }
  }
  return carriedMore ? { carried: spans, carriedMore } : { carried: spans };
}

/** One span of a peer's stream, as outputs show it. */
export function makeReportedSpan(link: Link, { what, way, start, end }: MessageSpan, at = 0): ReportedSpan {
  const { transport, connection, address } = link;
  const call = getCallName(transport, way);
  return { what, call, connection, peer: address, start: at + start, end: at + end };
}

function getCallName(transport: Peer["link"]["transport"], way: MessageSpan["way"]): CallName {
  if (transport === "tcp") return way === "in" ? "recv" : "send";
  return way === "in" ? "recvfrom" : "sendto";
}
