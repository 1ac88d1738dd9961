/**
 * The fields of duet/1 frames, each checked for type and size before it becomes a value: they come from outside. It
 * knows no lines and no JSON.
 */

import type { Frame, FrameOrder, Member, NumberRange } from "./frame.ts";
import { ackDelayMs, ackRangesMax, transmissionNumberMax, messageMaxBytes } from "../limits.ts";

type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Over UDP, the place of a frame that must arrive; undefined: it has none. */
export function readOrder(fields: Fields): FrameOrder | undefined {
  const number = count(fields["n"]);
  if (number === undefined || number === 0) return undefined;
  return { number, transmission: Math.min(transmissionNumberMax, Math.max(1, count(fields["t"]) ?? 1)) };
}

/** The reader of each type of frame. */
const readers: Readonly<Record<Frame["type"], (fields: Fields) => Frame | undefined>> = {
  hello: readHello,
  welcome: readWelcome,
  joined: readJoined,
  left: readLeft,
  renamed: readRenamed,
  message: readMessage,
  undelivered: readUndelivered,
  receipt: readReceipt,
  ack: readAck,
  skip: readSkip,
  ping: (fields) => readPing("ping", fields),
  pong: (fields) => readPing("pong", fields),
  slowed: (fields) => ({ type: "slowed", reason: readReason(fields) }),
  goodbye: (fields) => ({ type: "goodbye", reason: readReason(fields) }),
};

/** One frame's fields as a value; undefined when one of them is missing or wrong. */
export function readFrame(type: string, fields: Fields): Frame | "unknown" | undefined {
  return isFrameType(type) ? readers[type](fields) : "unknown";
}

function isFrameType(type: string): type is Frame["type"] {
  return Object.hasOwn(readers, type);
}

function readHello(fields: Fields): Frame | undefined {
  const name = text(fields["name"], 500);
  const session = readShortText(fields["session"]);
  const key = readShortText(fields["key"]);
  if (name === undefined || session === undefined || key === undefined) return undefined;
  return { type: "hello", name, session, key, ...(fields["delivery"] === 1 ? { delivery: 1 } : {}) };
}

function readWelcome(fields: Fields): Frame | undefined {
  const you = count(fields["you"]);
  const key = readShortText(fields["key"]);
  const list = fields["members"];
  if (you === undefined || key === undefined || !Array.isArray(list)) return undefined;
  const members: Member[] = [];
  for (const item of list) {
    const member = isFields(item) ? readMember(item) : undefined;
    if (member === undefined) return undefined;
    members.push(member);
  }
  const rest = count(fields["rest"]);
  return { type: "welcome", you, key, members, ...(rest === undefined ? {} : { rest }) };
}

function readMember(fields: Fields): Member | undefined {
  const number = count(fields["number"]);
  const name = text(fields["name"], 500);
  const address = text(fields["address"], 200);
  if (number === undefined || name === undefined) return undefined;
  return { number, name, ...(address === undefined ? {} : { address }) };
}

function readJoined(fields: Fields): Frame | undefined {
  const member = readMember(fields);
  return member === undefined ? undefined : { type: "joined", ...member };
}

function readLeft(fields: Fields): Frame | undefined {
  const number = count(fields["number"]);
  return number === undefined ? undefined : { type: "left", number, reason: readReason(fields) };
}

function readRenamed(fields: Fields): Frame | undefined {
  const name = text(fields["name"], 500);
  const number = count(fields["number"]);
  if (name === undefined) return undefined;
  return number === undefined ? { type: "renamed", name } : { type: "renamed", number, name };
}

function readMessage(fields: Fields): Frame | undefined {
  const id = count(fields["id"]);
  const said = text(fields["text"], messageMaxBytes);
  if (id === undefined || said === undefined) return undefined;
  const part = count(fields["part"]);
  const parts = count(fields["parts"]);
  if ((part === undefined) !== (parts === undefined)) return undefined;
  if (part !== undefined && parts !== undefined && (part < 1 || part > parts)) return undefined;
  const from = count(fields["from"]);
  const to = count(fields["to"]);
  return {
    type: "message",
    id,
    text: said,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(fields["action"] === true ? { action: true } : {}),
    ...(part === undefined || parts === undefined ? {} : { part, parts }),
  };
}

function readUndelivered(fields: Fields): Frame | undefined {
  const id = count(fields["id"]);
  const to = count(fields["to"]);
  if (id === undefined || to === undefined) return undefined;
  return { type: "undelivered", id, to, reason: readReason(fields) };
}

function readReceipt(fields: Fields): Frame | undefined {
  const { stage } = fields;
  const first = count(fields["first"]);
  const last = count(fields["last"]);
  if ((stage !== "received" && stage !== "read") || first === undefined || last === undefined)
    return undefined;
  const from = count(fields["from"]);
  return { type: "receipt", stage, first, last, ...(from === undefined ? {} : { from }) };
}

function readAck(fields: Fields): Frame | undefined {
  const upTo = count(fields["upTo"]);
  const delayMs = Math.min(ackDelayMs, count(fields["delayMs"]) ?? 0);
  const list: unknown = fields["also"];
  if (upTo === undefined) return undefined;
  const busy = fields["busy"] === true ? ({ busy: true } as const) : {};
  if (list === undefined) return { type: "ack", upTo, delayMs, ...busy };
  if (!Array.isArray(list) || list.length > ackRangesMax) return undefined;
  const also: NumberRange[] = [];
  for (const pair of list) {
    const [first, last] = Array.isArray(pair) ? [count(pair[0]), count(pair[1])] : [];
    if (first === undefined || last === undefined) return undefined;
    also.push([first, last]);
  }
  return { type: "ack", upTo, also, delayMs, ...busy };
}

function readSkip(fields: Fields): Frame | undefined {
  const upTo = count(fields["upTo"]);
  return upTo === undefined ? undefined : { type: "skip", upTo };
}

function readPing(type: "ping" | "pong", fields: Fields): Frame | undefined {
  const number = count(fields["number"]);
  return number === undefined ? undefined : { type, number };
}

function readReason(fields: Fields): string {
  return text(fields["reason"], 500) ?? "";
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function text(value: unknown, maxUnits: number): string | undefined {
  return typeof value === "string" && value.length <= maxUnits ? value : undefined;
}

/** A key, a session: 1 to 64 units. */
export function readShortText(value: unknown): string | undefined {
  return typeof value === "string" && value.length > 0 && value.length <= 64 ? value : undefined;
}
