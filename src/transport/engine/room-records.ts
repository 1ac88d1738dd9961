/** The records in the engine beside the stream's entries: the room's run, the hubs and their members. */

import type { HubPresence } from "../../protocol/hubs/engine-event.ts";
import { cleanMemberKey } from "../../protocol/hubs/member-key.ts";
import { isHubId } from "../../protocol/hubs/room-entry.ts";
import {
  hubLeaseMs,
  hubMembersMax,
  hubsMax,
  roomEntriesMaxAgeMs,
  roomKeysMaxAgeMs,
} from "../../protocol/limits.ts";
import { cleanName } from "../../protocol/text/nicknames.ts";
import type { EngineLink } from "./engine-link.ts";
import { getKeyField, labelField, readKeyField, type RoomKeys } from "./room-keys.ts";

/** A hub as it is registered: its members by number. */
export interface OwnHub {
  readonly hub: string;
  readonly label: string;
  readonly members: ReadonlyMap<number, string>;
  /** The texts of the keys of the duets among them. */
  readonly duets: ReadonlyMap<number, string>;
}

/** The room's run: random, and another one once the engine was emptied. `wanted`: the one that begins if there is none. */
export async function readRun(link: EngineLink, keys: RoomKeys, wanted: string): Promise<string> {
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

/** Writes the hub's whole hash, and its lease. */
export async function register(link: EngineLink, keys: RoomKeys, own: OwnHub): Promise<void> {
  const key = keys.hub(own.hub);
  const fields = [
    ...[...own.members].flatMap(([number, name]) => [String(number), name]),
    ...[...own.duets].flatMap(([number, text]) => [getKeyField(number), text]),
  ];
  await link.ask("DEL", key);
  for (let at = 0; at === 0 || at < fields.length; at += fieldsPerCommand)
    await link.ask("HSET", key, labelField, own.label, ...fields.slice(at, at + fieldsPerCommand));
  await Promise.all([
    link.ask("PEXPIRE", key, String(hubLeaseMs)),
    link.ask("SADD", keys.hubs, own.hub),
    extendRoom(link, keys),
  ]);
}

/** An even number: fields and values. */
const fieldsPerCommand = 2000;

async function extendRoom(link: EngineLink, keys: RoomKeys): Promise<void> {
  const age = String(roomKeysMaxAgeMs);
  await Promise.all([keys.stream, keys.room, keys.hubs].map((key) => link.ask("PEXPIRE", key, age)));
}

/** Renews the hub's lease and the room's expiry, and trims what is old by the engine's clock. False: the lease was lost. */
export async function renewLease(link: EngineLink, keys: RoomKeys, hub: string): Promise<boolean> {
  const [seconds = "0"] = (await link.ask("TIME")) as readonly string[];
  const oldest = Math.max(0, Number(seconds) * 1000 - roomEntriesMaxAgeMs);
  const [renewed] = await Promise.all([
    link.ask("PEXPIRE", keys.hub(hub), String(hubLeaseMs)),
    link.ask("XTRIM", keys.stream, "MINID", "~", String(oldest)),
    extendRoom(link, keys),
  ]);
  return Number(renewed) === 1;
}

/** The other hubs whose lease lasts. One whose lease has ended is taken out of the set. */
export async function listAlive(link: EngineLink, keys: RoomKeys, own: string): Promise<readonly string[]> {
  const all = toList(await link.ask("SMEMBERS", keys.hubs)).filter(isHubId);
  const others = all.filter((id) => id !== own).slice(0, hubsMax);
  const lasting = await Promise.all(others.map((id) => link.ask("EXISTS", keys.hub(id))));
  const ended = others.filter((_, index) => Number(lasting[index]) === 0);
  if (ended.length > 0) await link.ask("SREM", keys.hubs, ...ended);
  return others.filter((id) => !ended.includes(id));
}

/** A hub and its members; undefined if its lease has ended. */
export async function readHub(
  link: EngineLink,
  keys: RoomKeys,
  hub: string,
): Promise<HubPresence | undefined> {
  const fields = toFields(await link.ask("HGETALL", keys.hub(hub)));
  const label = fields[labelField];
  if (typeof label !== "string") return undefined;
  const members = new Map<number, string>();
  const duets = new Map<number, string>();
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value !== "string") continue;
    if (isMemberNumber(Number(field)) && members.size < hubMembersMax)
      members.set(Number(field), cleanName(value));
    const duet = readKeyField(field);
    if (isMemberNumber(duet) && duets.size < hubMembersMax) duets.set(duet, cleanMemberKey(value));
  }
  return { hub, label: cleanName(label), members, duets };
}

function isMemberNumber(number: number): boolean {
  return Number.isSafeInteger(number) && number > 0;
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
