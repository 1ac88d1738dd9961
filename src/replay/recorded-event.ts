/**
 * Parses one line of a recording (`-o FILE.ndjson`). A file is trusted no more than a peer: a line that does not
 * follow cli/EVENTS.md is no event, and all text is cleaned, except a message's, which is cleaned where it is drawn.
 */

import type { WordedOutput } from "../chat/model/output.ts";
import { type StateWord, stateWords } from "../chat/records/connection-state.ts";
import { addressMaxUnits, messageMaxBytes, wirePayloadMaxBytes } from "../protocol/limits.ts";
import { type CallName, callNames } from "../protocol/sockets/socket-call.ts";
import type { TransportName } from "../protocol/sockets/socket-event.ts";
import { cleanName } from "../protocol/text/nicknames.ts";
import { type Fields, count, fieldsOf, hexadecimal, words, wordsOrNone } from "./recorded-fields.ts";
import { recordedCallLedger, recordedConnection, recordedMessageLedger } from "./recorded-ledger.ts";

/** The events that a replay shows. */
export type RecordedEvent = Extract<
  WordedOutput,
  { readonly type: "state" | "peer" | "message" | "call" | "error" }
>;

/** The event; undefined if the line is none, or none that is shown. */
export function parseRecorded(line: string): RecordedEvent | undefined {
  const fields = parseObject(line);
  const atMs = typeof fields["at"] === "string" ? Date.parse(fields["at"]) : Number.NaN;
  const transport = fields["transport"];
  if (!Number.isFinite(atMs) || (transport !== "tcp" && transport !== "udp")) return undefined;
  const told: Told = { atMs, transport: transport as TransportName };
  switch (fields["type"]) {
    case "state":
      return recordedState(told, fields);
    case "peer":
      return recordedPeer(told, fields);
    case "message":
      return recordedMessage(told, fields);
    case "call":
      return recordedCall(told, fields);
    case "error":
      return recordedError(told, fields);
    default:
      return undefined;
  }
}

interface Told {
  readonly atMs: number;
  readonly transport: TransportName;
}

function parseObject(line: string): Fields {
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return {}; // An incomplete line, or no recording.
  }
}

function recordedState(told: Told, fields: Fields): RecordedEvent | undefined {
  const from = stateOf(fields["from"]);
  const to = stateOf(fields["to"]);
  if (from === undefined || to === undefined) return undefined;
  const places = { local: wordsOrNone(fields["local"]), peer: wordsOrNone(fields["peer"]) };
  return { ...told, type: "state", from, to, ...places, reason: words(fields["reason"]) };
}

function recordedPeer(told: Told, fields: Fields): RecordedEvent | undefined {
  const { event, kind } = fields;
  if (event !== "connected" && event !== "identified" && event !== "disconnected") return undefined;
  const who = { peer: words(fields["peer"]), name: nameOf(fields["name"]) };
  return { ...told, type: "peer", event, ...who, kind: kind === "duet" ? "duet" : "raw" };
}

function recordedMessage(told: Told, fields: Fields): RecordedEvent | undefined {
  const { direction, text, action } = fields;
  if ((direction !== "in" && direction !== "out") || typeof text !== "string") return undefined;
  return {
    ...told,
    type: "message",
    id: count(fields["id"]) ?? 0,
    direction,
    peer: words(fields["peer"]),
    name: nameOf(fields["name"]),
    text: text.slice(0, messageMaxBytes),
    bytes: count(fields["bytes"]) ?? 0,
    action: action === true,
    ...(fields["private"] === true ? { private: true } : {}),
    ...recordedMessageLedger(fields),
  };
}

function recordedCall(told: Told, fields: Fields): RecordedEvent | undefined {
  const call = callNames.find((name) => name === fields["call"]);
  if (call === undefined) return undefined;
  return {
    ...told,
    type: "call",
    call: call satisfies CallName,
    result: words(fields["result"]),
    bytes: count(fields["bytes"]),
    ofBytes: count(fields["ofBytes"]),
    offset: count(fields["offset"]),
    local: wordsOrNone(fields["local"]),
    peer: wordsOrNone(fields["peer"]),
    connection: recordedConnection(fields["connection"]),
    payload: hexadecimal(fields["payload"], wirePayloadMaxBytes),
    ...recordedCallLedger(fields),
  };
}

function recordedError(told: Told, fields: Fields): RecordedEvent {
  const message = words(fields["message"]);
  // The recorded code is not shown.
  return { ...told, type: "error", code: "EUNKNOWN", message, hint: words(fields["hint"]) };
}

function stateOf(value: unknown): StateWord | undefined {
  return stateWords.find((word) => word === value);
}

function nameOf(value: unknown): string {
  return cleanName(typeof value === "string" ? value.slice(0, addressMaxUnits) : "");
}
