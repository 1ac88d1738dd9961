/** Reads the span fields of recorded events. Malformed ones, and those above the bound of one event, are dropped. */

import type { CarriedRange } from "../chat/log/entry.ts";
import type { CallLedger, CarriedTold, CarriesTold, MessageLedger } from "../chat/spans/reported-spans.ts";
import { recordedConnectionsMax, reportedSpansMax } from "../protocol/limits.ts";
import { callNames } from "../protocol/sockets/socket-call.ts";
import type { ConnectionId } from "../protocol/sockets/socket-event.ts";
import { type Fields, count, fieldsOf, words } from "./recorded-fields.ts";

export function recordedConnection(value: unknown): ConnectionId | undefined {
  const connection = count(value);
  if (connection === undefined || connection >= recordedConnectionsMax) return undefined;
  return connection as ConnectionId;
}

/** The span fields of a `call`. */
export function recordedCallLedger(fields: Fields): CallLedger {
  const carries = listOf(fields["carries"], recordedCarries);
  const earlier = listOf(fields["earlier"], recordedCarries);
  return {
    ...(carries.length > 0 && { carries }),
    ...(earlier.length > 0 && { earlier }),
    ...(fields["carriesMore"] === true && { carriesMore: true }),
  };
}

/** The span fields of a `message`. */
export function recordedMessageLedger(fields: Fields): MessageLedger {
  const carried = listOf(fields["carried"], recordedCarried);
  return {
    ...(carried.length > 0 && { carried }),
    ...(fields["carriedMore"] === true && { carriedMore: true }),
  };
}

function listOf<Item>(value: unknown, parse: (fields: Fields) => Item | undefined): readonly Item[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, reportedSpansMax).flatMap((each) => parse(fieldsOf(each)) ?? []);
}

type Place = Omit<CarriesTold, "id">;

function recordedPlace(fields: Fields): Place | undefined {
  const what = kinds.find((kind) => kind === fields["what"]);
  const start = count(fields["start"]);
  const end = count(fields["end"]);
  return what === undefined || start === undefined || end === undefined ? undefined : { what, start, end };
}

const kinds: readonly CarriedRange["what"][] = ["text", "receipt", "ack"];

function recordedCarries(fields: Fields): CarriesTold | undefined {
  const id = count(fields["id"]);
  const place = recordedPlace(fields);
  return id === undefined || place === undefined ? undefined : { id, ...place };
}

function recordedCarried(fields: Fields): CarriedTold | undefined {
  const call = callNames.find((name) => name === fields["call"]);
  const connection = recordedConnection(fields["connection"]);
  const place = recordedPlace(fields);
  if (call === undefined || connection === undefined || place === undefined) return undefined;
  const { what, start, end } = place;
  return { what, call, connection, peer: words(fields["peer"]), start, end };
}
