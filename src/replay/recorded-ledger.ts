/** Reads the span fields of recorded events. Malformed ones, and those above the bound of one event, are dropped. */

import type { MessageSpan } from "../chat/log/entry.ts";
import type { CallLedger, ReportedSpan, SpanInCall, MessageLedger } from "../chat/spans/reported-spans.ts";
import { recordedConnectionsMax, reportedSpansMax } from "../protocol/limits.ts";
import { callNames } from "../protocol/sockets/socket-call.ts";
import type { ConnectionId } from "../protocol/sockets/socket-event.ts";
import { type Fields, count, readFields, readWords } from "./recorded-fields.ts";

export function readConnection(value: unknown): ConnectionId | undefined {
  const connection = count(value);
  if (connection === undefined || connection >= recordedConnectionsMax) return undefined;
  return connection as ConnectionId;
}

/** The span fields of a `call`. */
export function readCallLedger(fields: Fields): CallLedger {
  const carries = listOf(fields["carries"], readSpanInCall);
  const earlier = listOf(fields["earlier"], readSpanInCall);
  return {
    ...(carries.length > 0 && { carries }),
    ...(earlier.length > 0 && { earlier }),
    ...(fields["carriesMore"] === true && { carriesMore: true }),
  };
}

/** The span fields of a `message`. */
export function readMessageLedger(fields: Fields): MessageLedger {
  const carried = listOf(fields["carried"], readReportedSpan);
  return {
    ...(carried.length > 0 && { carried }),
    ...(fields["carriedMore"] === true && { carriedMore: true }),
  };
}

function listOf<Item>(value: unknown, parse: (fields: Fields) => Item | undefined): readonly Item[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, reportedSpansMax).flatMap((each) => parse(readFields(each)) ?? []);
}

type Place = Omit<SpanInCall, "id">;

function readPlace(fields: Fields): Place | undefined {
  const what = kinds.find((kind) => kind === fields["what"]);
  const start = count(fields["start"]);
  const end = count(fields["end"]);
  return what === undefined || start === undefined || end === undefined ? undefined : { what, start, end };
}

const kinds: readonly MessageSpan["what"][] = ["text", "receipt", "ack"];

function readSpanInCall(fields: Fields): SpanInCall | undefined {
  const id = count(fields["id"]);
  const place = readPlace(fields);
  return id === undefined || place === undefined ? undefined : { id, ...place };
}

function readReportedSpan(fields: Fields): ReportedSpan | undefined {
  const call = callNames.find((name) => name === fields["call"]);
  const connection = readConnection(fields["connection"]);
  const place = readPlace(fields);
  if (call === undefined || connection === undefined || place === undefined) return undefined;
  const { what, start, end } = place;
  return { what, call, connection, peer: readWords(fields["peer"]), start, end };
}
