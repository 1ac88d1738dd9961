/**
 * Entries of the stream that the hubs of a room share, as JSON: messages, joins and leaves of one hub's members.
 * The stream's order is the room's order on every hub.
 */

import type { ReceiptStage } from "../frames/frame.ts";
import { isFields } from "../frames/frame-fields.ts";
import { hubReceiptsMax, messageMaxBytes, roomEntryMaxUnits } from "../limits.ts";
import { cleanName } from "../text/nicknames.ts";
import { cleanText } from "../text/text.ts";
import { cleanMemberKey } from "./member-key.ts";

/** `member`: the member's number at its hub; 1 is the hub's own person. */
export type RoomEntry =
  | {
      readonly type: "message";
      readonly member: number;
      readonly name: string;
      readonly text: string;
      readonly action: boolean;
    }
  /** `duet`: the text of a duet's key (member-key.ts); without it the member is a raw program. */
  | {
      readonly type: "joined";
      readonly member: number;
      readonly name: string;
      readonly duet?: string | undefined;
    }
  /** A private line for one member of one hub; no other hub shows it. `sealed`: as of a message frame; `text` is empty then. */
  | {
      readonly type: "private";
      readonly member: number;
      readonly name: string;
      readonly toHub: string;
      readonly to: number;
      readonly text: string;
      readonly sealed?: string | undefined;
      readonly action: boolean;
    }
  /** The private line of that hub with that number was not delivered. */
  | { readonly type: "undelivered"; readonly toHub: string; readonly entry: number; readonly reason: string }
  /** Receipts of this hub's members for messages of the others. */
  | { readonly type: "receipts"; readonly of: readonly HubReceipt[] }
  | { readonly type: "renamed"; readonly member: number; readonly name: string }
  | { readonly type: "left"; readonly member: number; readonly reason: string }
  /** A hub begins, with the name that it is shown by. */
  | { readonly type: "begun"; readonly label: string }
  /** A hub ends: all its members leave. */
  | { readonly type: "ended" }
  /** A hub has put out another one. */
  | { readonly type: "removed"; readonly removed: string };

/** `reader` has received, or read, the entries of `hub` from `first` to `last` that `author` has written. */
export interface HubReceipt {
  readonly hub: string;
  readonly author: number;
  readonly reader: number;
  readonly stage: ReceiptStage;
  readonly first: number;
  readonly last: number;
}

/** An entry in the stream. */
export interface PlacedEntry {
  /** The stream's id, as `1764500000000-0`: the place of the entry in the room's order. */
  readonly id: string;
  /** The hub that wrote it. */
  readonly hub: string;
  /** The hub's own number of the entry, which tells a repetition. */
  readonly number: number;
  readonly entry: RoomEntry;
}

const version = 1;

/** The id of a hub: the public key of its process, in the one form that base64url has for it. */
export function isHubId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(value);
}

/** The fingerprint of a hub's id, which people compare: 24 hexadecimal digits. */
export function fingerprintHub(hub: string): string {
  const hash = new Bun.CryptoHasher("sha256").update("duet/1 hub\0").update(Buffer.from(hub, "base64url"));
  return hash
    .digest("hex")
    .slice(0, 24)
    .replaceAll(/.{4}(?=.)/g, "$& ");
}

/** The place in the stream before all others. */
export const noPlace = "0-0";

/** Negative if the first id of the stream is before the second. */
export function comparePlaces(one: string, other: string): number {
  const [ms = 0, sequence = 0] = one.split("-").map(Number);
  const [otherMs = 0, otherSequence = 0] = other.split("-").map(Number);
  return ms - otherMs || sequence - otherSequence;
}

export function formatRoomEntry(hub: string, number: number, entry: RoomEntry): string {
  // Without a copy of the entry: copies were a sixth of a hub's time in a profile.
  return `{"v":${version},"hub":"${hub}","n":${number},${JSON.stringify(entry).slice(1)}`;
}

/**
 * Reads an entry of the stream, in which anybody may have written. `later`: of a version that this program does not know;
 * undefined: malformed, or too large.
 */
export function parseRoomEntry(id: string, text: string): PlacedEntry | "later" | undefined {
  const fields = parseFields(text);
  const { v, hub, n } = fields;
  if (typeof v === "number" && v > version) return "later";
  if (v !== version || !isHubId(hub) || !isNumber(n)) return undefined;
  const entry = readEntry(fields);
  return typeof entry === "object" ? { id, hub, number: n, entry } : entry;
}

/** The fields of an item of the engine; none if it is too large, or no object. */
export function parseFields(text: string): Readonly<Record<string, unknown>> {
  if (text.length > roomEntryMaxUnits) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function readEntry(fields: Readonly<Record<string, unknown>>): RoomEntry | "later" | undefined {
  const { type, member, name, text, reason, label } = fields;
  if (type === "ended") return { type };
  if (type === "receipts") return readReceipts(fields["of"]);
  if (type === "undelivered") return readUndelivered(fields);
  if (type === "removed")
    return isHubId(fields["removed"]) ? { type, removed: fields["removed"] } : undefined;
  if (type === "begun") return typeof label === "string" ? { type, label: cleanName(label) } : undefined;
  if (!isMemberType(type)) return "later";
  if (!isNumber(member)) return undefined;
  if (type === "left") return { type, member, reason: readReason(reason) };
  if (typeof name !== "string") return undefined;
  const base = { member, name: cleanName(name) };
  if (type === "renamed") return { type, ...base };
  if (type === "joined") return { type, ...base, ...readDuet(fields["duet"]) };
  if (typeof text !== "string" || Buffer.byteLength(text) > messageMaxBytes) return undefined;
  const content = { ...base, text, action: fields["action"] === true };
  return type === "message" ? { type, ...content } : readPrivate(fields, content);
}

function isMemberType(type: unknown): type is Extract<RoomEntry, { readonly member: number }>["type"] {
  return (
    type === "message" || type === "joined" || type === "renamed" || type === "left" || type === "private"
  );
}

function readDuet(duet: unknown): { readonly duet?: string } {
  return typeof duet === "string" ? { duet: cleanMemberKey(duet) } : {};
}

function readReason(reason: unknown): string {
  return typeof reason === "string" ? cleanText(reason.slice(0, 500)) : "";
}

function readPrivate(
  { toHub, to, sealed }: Readonly<Record<string, unknown>>,
  content: Pick<Extract<RoomEntry, { type: "private" }>, "member" | "name" | "text" | "action">,
): RoomEntry | undefined {
  if (!isHubId(toHub) || !isNumber(to)) return undefined;
  if (sealed === undefined) return { type: "private", ...content, toHub, to };
  if (typeof sealed !== "string" || sealed.length > messageMaxBytes) return undefined;
  return { type: "private", ...content, toHub, to, sealed };
}

function readUndelivered({ toHub, entry, reason }: Readonly<Record<string, unknown>>): RoomEntry | undefined {
  if (!isHubId(toHub) || !isNumber(entry)) return undefined;
  return { type: "undelivered", toHub, entry, reason: readReason(reason) };
}

function readReceipts(list: unknown): RoomEntry | undefined {
  if (!Array.isArray(list) || list.length > hubReceiptsMax) return undefined;
  const of = (list as readonly unknown[]).map(readReceipt).filter((one) => one !== undefined);
  return { type: "receipts", of };
}

function readReceipt(value: unknown): HubReceipt | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { hub, author, reader, stage, first, last } = value as Readonly<Record<string, unknown>>;
  if (!isHubId(hub) || !isNumber(author) || !isNumber(reader)) return undefined;
  if ((stage !== "received" && stage !== "read") || !isNumber(first) || !isNumber(last)) return undefined;
  return { hub, author, reader, stage, first, last };
}
