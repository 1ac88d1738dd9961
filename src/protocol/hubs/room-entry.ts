/**
 * Entries of the stream that the hubs of a room share, as JSON: what one hub's members wrote, and who joined and left there.
 * The stream's order is the room's order on every hub.
 */

import { messageMaxBytes, roomEntryMaxUnits } from "../limits.ts";
import { cleanName } from "../text/nicknames.ts";
import { cleanText } from "../text/text.ts";

/** `member`: the member's number at its hub; 1 is the hub's own person. */
export type RoomEntry =
  | {
      readonly type: "message";
      readonly member: number;
      readonly name: string;
      readonly text: string;
      readonly action: boolean;
    }
  | { readonly type: "joined"; readonly member: number; readonly name: string }
  | { readonly type: "renamed"; readonly member: number; readonly name: string }
  | { readonly type: "left"; readonly member: number; readonly reason: string }
  /** A hub begins, with the name that it is shown by. */
  | { readonly type: "begun"; readonly label: string }
  /** A hub ends: all its members leave. */
  | { readonly type: "ended" };

/** An entry in the stream. */
export interface PlacedEntry {
  /** The stream's id, as `1764500000000-0`: the place of the entry in the room's order. */
  readonly id: string;
  /** The hub that wrote it. */
  readonly hub: string;
  /** The hub's own number of the entry, by which one that was written twice is known. */
  readonly number: number;
  readonly entry: RoomEntry;
}

const version = 1;

/** The id of a hub: of one process, and random. */
export function isHubId(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{16}$/.test(value);
}

export function formatRoomEntry(hub: string, number: number, entry: RoomEntry): string {
  return JSON.stringify({ v: version, hub, n: number, ...entry });
}

/**
 * Reads an entry of the stream, in which anybody may have written. `later`: of a version that this program does not know;
 * undefined: malformed, or too large.
 */
export function parseRoomEntry(id: string, text: string): PlacedEntry | "later" | undefined {
  if (text.length > roomEntryMaxUnits) return undefined;
  const fields = parseFields(text);
  const { v, hub, n } = fields;
  if (typeof v === "number" && v > version) return "later";
  if (v !== version || !isHubId(hub) || !isNumber(n)) return undefined;
  const entry = readEntry(fields);
  return typeof entry === "object" ? { id, hub, number: n, entry } : entry;
}

function parseFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
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
  if (type === "begun") return typeof label === "string" ? { type, label: cleanName(label) } : undefined;
  if (type !== "message" && type !== "joined" && type !== "renamed" && type !== "left") return "later";
  if (!isNumber(member)) return undefined;
  if (type === "left")
    return { type, member, reason: typeof reason === "string" ? cleanText(reason).slice(0, 500) : "" };
  if (typeof name !== "string") return undefined;
  const base = { member, name: cleanName(name) };
  if (type !== "message") return { type, ...base };
  if (typeof text !== "string" || Buffer.byteLength(text) > messageMaxBytes) return undefined;
  return { type, ...base, text, action: fields["action"] === true };
}
