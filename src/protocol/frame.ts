/**
 * duet/1 frames: `duet/1 ` and one JSON object. Values ↔ text only: no sockets, no room, no keys are checked here.
 * A frame from outside is untrusted: each field is checked for type and size before it becomes a value.
 */

import { messageMaxBytes } from "./limits.ts";

export const framePrefix = "duet/1 ";

/** `from` and members' numbers are given by the listening side; 1 is its own person. */
export interface Member {
  readonly number: number;
  readonly name: string;
  readonly address?: string;
}

export type Frame =
  /** First, both ways. `session` tells one process from another, `key` must be in every later datagram to its sender. */
  | { readonly type: "hello"; readonly name: string; readonly session: string; readonly key: string }
  | {
      readonly type: "welcome";
      readonly you: number;
      readonly key: string;
      readonly members: readonly Member[];
    }
  | { readonly type: "joined"; readonly number: number; readonly name: string; readonly address?: string }
  | { readonly type: "left"; readonly number: number; readonly reason: string }
  /** From a member: its new name, without a number. From the listening side: whose. */
  | { readonly type: "renamed"; readonly number?: number; readonly name: string }
  /** `part` of `parts` (from 1): one long text in several frames with the same id. */
  | {
      readonly type: "message";
      readonly id: number;
      readonly from?: number;
      readonly to?: number;
      readonly text: string;
      readonly action?: boolean;
      readonly part?: number;
      readonly parts?: number;
    }
  /** From the listening side: the private message `id` has not reached member `to`. */
  | { readonly type: "undelivered"; readonly id: number; readonly to: number; readonly reason: string }
  /** From the listening side: we speak too fast for a stranger, and what we say waits. */
  | { readonly type: "slowed"; readonly reason: string }
  | { readonly type: "ping"; readonly number: number }
  | { readonly type: "pong"; readonly number: number }
  | { readonly type: "goodbye"; readonly reason: string };

export type HelloFrame = Extract<Frame, { type: "hello" }>;
export type MessageFrame = Extract<Frame, { type: "message" }>;

export type ParsedFrame =
  /** `key`: the secret that proves a datagram comes from who we gave it to. */
  | { readonly kind: "frame"; readonly frame: Frame; readonly key: string | undefined }
  /** A type this version does not know: to be passed over. */
  | { readonly kind: "unknown"; readonly key: string | undefined }
  /** A later version's frame: to be answered in ours. */
  | { readonly kind: "later-version"; readonly version: number }
  | { readonly kind: "malformed"; readonly why: string; readonly key?: string | undefined }
  /** Not a frame at all. */
  | { readonly kind: "text" };

/** The line of a frame, without newline. `key` is the receiver's, over UDP; `padTo` fills a hello to so many bytes. */
export function encodeFrame(frame: Frame, key?: string, padTo = 0): string {
  const body = key === undefined ? frame : { ...frame, k: key };
  const line = framePrefix + JSON.stringify(body);
  const missing = padTo - Buffer.byteLength(line);
  // `,"pad":""` itself takes 9 bytes.
  return missing < 9 ? line : `${line.slice(0, -1)},"pad":"${"-".repeat(missing - 9)}"}`;
}

/** Reads one line or datagram, without its newline. */
export function parseFrame(line: string): ParsedFrame {
  if (!line.startsWith("duet/")) return { kind: "text" };
  if (!line.startsWith(framePrefix)) return parseLaterVersion(line);
  if (line.charCodeAt(framePrefix.length) !== 0x7b) return { kind: "text" };
  let fields: unknown;
  try {
    fields = JSON.parse(line.slice(framePrefix.length));
  } catch {
    return { kind: "malformed", why: "its JSON does not parse" };
  }
  if (!isFields(fields)) return { kind: "malformed", why: "it is no JSON object" };
  if (typeof fields["type"] !== "string") return { kind: "malformed", why: "it has no type" };
  const frame = readFrame(fields["type"], fields);
  const key = shortText(fields["k"]);
  if (frame === "unknown") return { kind: "unknown", key };
  if (frame === undefined)
    return {
      kind: "malformed",
      why: `a field of ${JSON.stringify(fields["type"])} is missing or wrong`,
      key,
    };
  return { kind: "frame", frame, key };
}

/** The line that a listening duet sends a silent peer: a person can read it, a duet can tell it. */
export function encodeBanner(name: string, members: number): string {
  return `${framePrefix}${name}'s room, ${members} here. Type a line and press Enter.`;
}

/** Whether a line is the banner of a listening duet. */
export function isBanner(line: string): boolean {
  return /^duet\/1 .{1,200}'s room, \d{1,6} here\. Type a line and press Enter\.$/u.test(line);
}

/** Whether text so far could still become a frame or a banner as more of the line comes. */
export function mayBecomeFrame(head: string): boolean {
  return head.length < framePrefix.length ? framePrefix.startsWith(head) : head.startsWith(framePrefix);
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseLaterVersion(line: string): ParsedFrame {
  const match = /^duet\/(\d{1,4}) \{"type":"hello"/.exec(line);
  const version = Number(match?.[1]);
  return version > 1 ? { kind: "later-version", version } : { kind: "text" };
}

function readFrame(type: string, fields: Fields): Frame | "unknown" | undefined {
  switch (type) {
    case "hello":
      return readHello(fields);
    case "welcome":
      return readWelcome(fields);
    case "joined":
      return readJoined(fields);
    case "left":
      return readLeft(fields);
    case "renamed":
      return readRenamed(fields);
    case "message":
      return readMessage(fields);
    case "undelivered":
      return readUndelivered(fields);
    case "ping":
    case "pong": {
      const number = count(fields["number"]);
      return number === undefined ? undefined : { type, number };
    }
    case "slowed":
    case "goodbye":
      return { type, reason: text(fields["reason"], 500) ?? "" };
    default:
      return "unknown";
  }
}

function readHello(fields: Fields): Frame | undefined {
  const name = text(fields["name"], 500);
  const session = shortText(fields["session"]);
  const key = shortText(fields["key"]);
  if (name === undefined || session === undefined || key === undefined) return undefined;
  return { type: "hello", name, session, key };
}

function readWelcome(fields: Fields): Frame | undefined {
  const you = count(fields["you"]);
  const key = shortText(fields["key"]);
  const list = fields["members"];
  if (you === undefined || key === undefined || !Array.isArray(list)) return undefined;
  const members: Member[] = [];
  for (const item of list) {
    const member = isFields(item) ? readMember(item) : undefined;
    if (member === undefined) return undefined;
    members.push(member);
  }
  return { type: "welcome", you, key, members };
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
  return number === undefined
    ? undefined
    : { type: "left", number, reason: text(fields["reason"], 500) ?? "" };
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
  return { type: "undelivered", id, to, reason: text(fields["reason"], 500) ?? "" };
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function text(value: unknown, maxUnits: number): string | undefined {
  return typeof value === "string" && value.length <= maxUnits ? value : undefined;
}

function shortText(value: unknown): string | undefined {
  return typeof value === "string" && value.length > 0 && value.length <= 64 ? value : undefined;
}
