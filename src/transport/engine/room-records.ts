/** The records in the engine beside the stream's entries: the room's run, the hubs and their members. */

import type { HubPresence } from "../../protocol/hubs/engine-event.ts";
import {
  findBucket,
  formatBucket,
  formatHubRecord,
  type HubRecord,
  listBucket,
  parseBucket,
  parseHubRecord,
  parseRemoval,
} from "../../protocol/hubs/hub-record.ts";
import type { Item } from "../../protocol/hubs/item-proof.ts";
import { cleanMemberKey } from "../../protocol/hubs/member-key.ts";
import { isHubId } from "../../protocol/hubs/room-entry.ts";
import type { RoomItems } from "../../protocol/hubs/room-items.ts";
import {
  hubLeaseMs,
  hubMembersMax,
  hubsMax,
  removedHubsMax,
  roomEntriesMaxAgeMs,
  roomKeysMaxAgeMs,
} from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import type { EngineLink } from "./engine-link.ts";
import {
  getBucketField,
  getKeyField,
  readBucketField,
  readKeyField,
  readRemovedField,
  recordField,
  type RoomKeys,
} from "./room-keys.ts";

/** A hub as it is registered: its members by number. */
export interface OwnHub extends HubRecord {
  readonly hub: string;
  readonly members: ReadonlyMap<number, string>;
  /** The texts of the keys of the duets among them. */
  readonly duets: ReadonlyMap<number, string>;
}

/** The room's run: random, and another one once the engine was emptied. `wanted`: the one that begins if there is none. */
export async function readRun(link: EngineLink, keys: RoomKeys, wanted: string): Promise<string> {
  const known = await link.ask("HGET", keys.room, "run");
  // Read first: an engine that takes nothing may have one.
  if (typeof known === "string") return known;
  await link.ask("HSETNX", keys.room, "run", wanted);
  const run = await link.ask("HGET", keys.room, "run");
  return typeof run === "string" ? run : wanted;
}

export interface StreamFacts {
  readonly lastId: string;
  /** Entries that the stream has, and all that were ever added. */
  readonly length: number;
  readonly added: number;
  /** The oldest entry; undefined: the stream is empty. */
  readonly firstId: string | undefined;
  /** The entry that was read last is there. */
  readonly hasRead: boolean;
}

/** `readId`: the entry that was read last. */
export async function readStreamFacts(
  link: EngineLink,
  keys: RoomKeys,
  readId: string,
): Promise<StreamFacts> {
  const hasStream = Number(await link.ask("EXISTS", keys.stream)) > 0;
  const info = hasStream ? toFields(await link.ask("XINFO", "STREAM", keys.stream)) : {};
  const [firstId] = toList(info["first-entry"]);
  return {
    lastId: String(info["last-generated-id"] ?? "0-0"),
    length: Number(info["length"] ?? 0),
    added: Number(info["entries-added"] ?? 0),
    firstId: typeof firstId === "string" ? firstId : undefined,
    hasRead: toList(await link.ask("XRANGE", keys.stream, readId, readId)).length > 0,
  };
}

/** A field of the hub's hash. */
export interface HubField {
  readonly field: string;
  readonly item: Item;
}

export function makeRecordField(own: OwnHub): HubField {
  return { field: recordField, item: { kind: "hub", text: formatHubRecord(own.hub, own) } };
}

/** The members of a bucket, of which it may have none any more. */
export function makeBucketField({ hub, members, duets }: OwnHub, bucket: number): HubField {
  const fields: Record<string, string> = {};
  for (const number of listBucket(bucket)) {
    const [name, duet] = [members.get(number), duets.get(number)];
    if (name !== undefined) fields[number] = name;
    if (duet !== undefined) fields[getKeyField(number)] = duet;
  }
  return {
    field: getBucketField(bucket),
    item: { kind: "members", text: formatBucket(hub, bucket, fields) },
  };
}

/**
 * Writes the hub's whole hash, and its lease. The hash is never away meanwhile: a hub that looks then would take ours for
 * ended, and all its members for gone.
 */
export async function register(
  link: EngineLink,
  keys: RoomKeys,
  own: OwnHub,
  items: Pick<RoomItems, "write">,
): Promise<void> {
  const key = keys.hub(own.hub);
  const buckets = new Set([...own.members.keys()].map(findBucket));
  const fields = [makeRecordField(own), ...[...buckets].map((bucket) => makeBucketField(own, bucket))];
  const values = items.write(fields.map(({ item }) => item));
  const words = fields.flatMap(({ field }, index) => [field, values[index] ?? ""]);
  const written = new Set(fields.map(({ field }) => field));
  const stale = Object.keys(toFields(await link.ask("HGETALL", key))).filter((field) => !written.has(field));
  for (let at = 0; at < words.length; at += fieldsPerCommand)
    await link.ask("HSET", key, ...words.slice(at, at + fieldsPerCommand));
  await Promise.all([
    link.ask("PEXPIRE", key, String(hubLeaseMs)),
    link.ask("SADD", keys.hubs, own.hub),
    ...(stale.length === 0 ? [] : [link.ask("HDEL", key, ...stale)]),
    extendRoom(link, keys),
  ]);
}

/** An even number: fields and values. */
const fieldsPerCommand = 200;

async function extendRoom(link: EngineLink, keys: RoomKeys): Promise<void> {
  const age = String(roomKeysMaxAgeMs);
  await Promise.all([keys.stream, keys.room, keys.hubs].map((key) => link.ask("PEXPIRE", key, age)));
}

/** Renews the hub's lease and the room's expiry, and trims what is old by the engine's clock. False: the lease was lost. */
export async function renewLease(link: EngineLink, keys: RoomKeys, hub: string): Promise<boolean> {
  const oldest = Math.max(0, (await readEngineTime(link)) - roomEntriesMaxAgeMs);
  const [renewed, record] = await Promise.all([
    link.ask("PEXPIRE", keys.hub(hub), String(hubLeaseMs)),
    // A change of a member after the lease had ended leaves a hash with that member alone.
    link.ask("HGET", keys.hub(hub), recordField),
    // Another hub may have taken ours out while its lease had ended.
    link.ask("SADD", keys.hubs, hub),
    link.ask("XTRIM", keys.stream, "MINID", "~", String(oldest)),
    extendRoom(link, keys),
  ]);
  return Number(renewed) === 1 && typeof record === "string";
}

/** The other hubs whose lease lasts. One whose lease has ended is taken out of the set. */
export async function listAlive(link: EngineLink, keys: RoomKeys, own: string): Promise<readonly string[]> {
  const all = toList(await link.ask("SMEMBERS", keys.hubs)).filter(isHubId);
  const others = all.filter((id) => id !== own).slice(0, hubsMax);
  const lasting = await Promise.all(others.map((id) => link.ask("EXISTS", keys.hub(id))));
  const ended = others.filter((_, index) => Number(lasting[index]) === 0);
  // An engine that takes nothing keeps them, and they are left out here.
  if (ended.length > 0) await link.ask("SREM", keys.hubs, ...ended).catch(() => undefined);
  return others.filter((id) => !ended.includes(id));
}

/** A hub and its members, as it has signed them; undefined: its lease has ended, or its record proves nothing. */
export async function readHub(
  link: EngineLink,
  keys: RoomKeys,
  hub: string,
  items: Pick<RoomItems, "read">,
): Promise<HubPresence | undefined> {
  const fields = toFields(await link.ask("HGETALL", keys.hub(hub)));
  const record = readText(items, "hub", hub, fields[recordField]);
  const parsed = record === undefined ? undefined : parseHubRecord(record);
  if (parsed === undefined) return undefined;
  const members = new Map<number, string>();
  const duets = new Map<number, string>();
  for (const [field, value] of Object.entries(fields)) {
    const bucket = readBucketField(field);
    const text = bucket === undefined ? undefined : readText(items, "members", hub, value);
    if (bucket === undefined || text === undefined) continue;
    for (const pair of parseBucket(text, bucket) ?? []) readMember({ members, duets }, bucket, pair);
  }
  return { hub, ...parsed, members, duets };
}

/** The text of an item that this hub has written. */
function readText(
  items: Pick<RoomItems, "read">,
  kind: Item["kind"],
  hub: string,
  value: unknown,
): string | undefined {
  const item = typeof value === "string" ? items.read(kind, value) : undefined;
  return item?.hub === hub ? item.text : undefined;
}

/** Reads a field of a bucket: the name of a member, or the text of its key. */
function readMember(
  { members, duets }: Record<"members" | "duets", Map<number, string>>,
  bucket: number,
  [field, value]: readonly [string, string],
): void {
  const isOf = (number: number): boolean => number >= 1 && findBucket(number) === bucket;
  if (isOf(Number(field)) && members.size < hubMembersMax) members.set(Number(field), cleanName(value));
  const duet = readKeyField(field);
  if (isOf(duet) && duets.size < hubMembersMax) duets.set(duet, cleanMemberKey(value));
}

/** The hubs that were removed, by whoever knows the room's password. */
export async function readRemoved(
  link: EngineLink,
  keys: RoomKeys,
  items: Pick<RoomItems, "read">,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const [field, value] of Object.entries(toFields(await link.ask("HGETALL", keys.room)))) {
    const hub = readRemovedField(field);
    if (hub === undefined || typeof value !== "string" || removed.length >= removedHubsMax) continue;
    const item = items.read("removed", value);
    if (item !== undefined && parseRemoval(item.text) === hub) removed.push(hub);
  }
  return removed;
}

/** The time by the engine's clock, in milliseconds. */
export async function readEngineTime(link: EngineLink): Promise<number> {
  const [seconds = "0"] = (await link.ask("TIME")) as readonly string[];
  return Number(seconds) * 1000;
}

export async function unregister(link: EngineLink, keys: RoomKeys, hub: string): Promise<void> {
  await Promise.all([link.ask("DEL", keys.hub(hub)), link.ask("SREM", keys.hubs, hub)]);
}

/** A map is an object in RESP3, and a list of fields and values in RESP2. */
function toFields(reply: unknown): Readonly<Record<string, unknown>> {
  if (!Array.isArray(reply)) return (reply ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    reply.flatMap((field, index) => (index % 2 === 0 ? [[field, reply[index + 1]]] : [])),
  );
}

function toList(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : reply instanceof Set ? [...reply] : [];
}
