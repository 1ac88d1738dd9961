/**
 * Parses one line of a recording (`-o FILE.ndjson`). A file is trusted no more than a peer: a line that does not
 * follow cli/EVENTS.md is no event, and all text is cleaned, except a message's, which is cleaned where it is drawn.
 */

import { type KeyMark, keyMarks } from "../chat/log/key-marks.ts";
import { outputErrorCodes, type WordedOutput } from "../chat/model/output.ts";
import { securities, type Security } from "../chat/peer/seal.ts";
import { type StateWord, stateWords } from "../chat/records/connection-state.ts";
import { formatKey, parseKey } from "../protocol/identity/key-text.ts";
import { addressMaxUnits, messageMaxBytes, wirePayloadMaxBytes } from "../protocol/limits.ts";
import { type CallName, callNames } from "../protocol/sockets/socket-call.ts";
import type { TransportName } from "../protocol/sockets/socket-event.ts";
import { cleanName } from "../protocol/text/nicknames.ts";
import { type Fields, count, readFields, readHex, readWords, readOptionalWords } from "./recorded-fields.ts";
import { readCallLedger, readConnection, readMessageLedger } from "./recorded-ledger.ts";

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
  const base: RecordedBase = { atMs, transport: transport as TransportName };
  switch (fields["type"]) {
    case "state":
      return readState(base, fields);
    case "peer":
      return readPeer(base, fields);
    case "message":
      return readMessage(base, fields);
    case "call":
      return readCall(base, fields);
    case "error":
      return readError(base, fields);
    default:
      return undefined;
  }
}

interface RecordedBase {
  readonly atMs: number;
  readonly transport: TransportName;
}

function parseObject(line: string): Fields {
  try {
    return readFields(JSON.parse(line));
  } catch {
    return {}; // An incomplete line, or no recording.
  }
}

function readState(base: RecordedBase, fields: Fields): RecordedEvent | undefined {
  const from = readStateWord(fields["from"]);
  const to = readStateWord(fields["to"]);
  if (from === undefined || to === undefined) return undefined;
  const places = { local: readOptionalWords(fields["local"]), peer: readOptionalWords(fields["peer"]) };
  return { ...base, type: "state", from, to, ...places, reason: readWords(fields["reason"]) };
}

function readPeer(base: RecordedBase, fields: Fields): RecordedEvent | undefined {
  const { event, kind } = fields;
  if (event !== "connected" && event !== "identified" && event !== "disconnected") return undefined;
  const who = { peer: readWords(fields["peer"]), name: readName(fields["name"]) };
  return {
    ...base,
    type: "peer",
    event,
    ...who,
    kind: kind === "duet" ? "duet" : "raw",
    security: readSecurity(fields),
  };
}

/** Recordings of earlier releases have none. */
function readSecurity({ security }: Fields): Security {
  return securities.find((one) => one === security) ?? "plain";
}

function readMessage(base: RecordedBase, fields: Fields): RecordedEvent | undefined {
  const { direction, text, action } = fields;
  if ((direction !== "in" && direction !== "out") || typeof text !== "string") return undefined;
  return {
    ...base,
    type: "message",
    id: count(fields["id"]) ?? 0,
    direction,
    peer: readWords(fields["peer"]),
    name: readName(fields["name"]),
    text: text.slice(0, messageMaxBytes),
    bytes: count(fields["bytes"]) ?? 0,
    action: action === true,
    ...(fields["private"] === true ? { private: true } : {}),
    security: fields["security"] === "end-to-end" ? "end-to-end" : readSecurity(fields),
    ...readKeyFacts(fields),
    ...readMessageLedger(fields),
  };
}

function readKeyFacts({ key, marks }: Fields): {
  readonly key?: string;
  readonly marks?: readonly KeyMark[];
} {
  const bytes = typeof key === "string" ? parseKey(key) : undefined;
  const known = Array.isArray(marks) ? keyMarks.filter((mark) => marks.includes(mark)) : [];
  return { ...(bytes && { key: formatKey(bytes) }), ...(known.length > 0 && { marks: known }) };
}

function readCall(base: RecordedBase, fields: Fields): RecordedEvent | undefined {
  const call = callNames.find((name) => name === fields["call"]);
  if (call === undefined) return undefined;
  return {
    ...base,
    type: "call",
    call: call satisfies CallName,
    result: readWords(fields["result"]),
    bytes: count(fields["bytes"]),
    ofBytes: count(fields["ofBytes"]),
    offset: count(fields["offset"]),
    local: readOptionalWords(fields["local"]),
    peer: readOptionalWords(fields["peer"]),
    connection: readConnection(fields["connection"]),
    payload: readHex(fields["payload"], wirePayloadMaxBytes),
    ...readOpened(fields),
    ...readCallLedger(fields),
  };
}

/** Of a sealed call: its plain text. */
function readOpened(fields: Fields): { readonly opened?: number; readonly openedPayload?: string } {
  const opened = count(fields["opened"]);
  if (opened === undefined) return {};
  const openedPayload = readHex(fields["openedPayload"], wirePayloadMaxBytes);
  return openedPayload === undefined ? { opened } : { opened, openedPayload };
}

function readError(base: RecordedBase, fields: Fields): RecordedEvent {
  const message = readWords(fields["message"]);
  return { ...base, type: "error", code: readCode(fields["code"]), message, hint: readWords(fields["hint"]) };
}

/** EUNKNOWN for a code that this version does not know. */
function readCode(value: unknown): (typeof outputErrorCodes)[number] {
  return outputErrorCodes.find((code) => code === value) ?? "EUNKNOWN";
}

function readStateWord(value: unknown): StateWord | undefined {
  return stateWords.find((word) => word === value);
}

function readName(value: unknown): string {
  return cleanName(typeof value === "string" ? value.slice(0, addressMaxUnits) : "");
}
