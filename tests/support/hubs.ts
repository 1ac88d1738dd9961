/** Real duets as hubs of one room, and what they have shown. */

import { type Duet, type DuetOptions, startDuet } from "./duet.ts";
import type { Redis } from "./redis.ts";
import { until } from "./wait.ts";

/** A hub of the room at that URL, and its notices on standard error. */
export function startHubAt(url: string, name: string, options: DuetOptions = {}): Duet {
  return startDuet(["-l", "0", "--json", "-v", "--name", name, "--room", url], options);
}

/** A hub that shares its room. */
export async function startHub(redis: Pick<Redis, "url">, name: string): Promise<Duet> {
  const hub = startHubAt(redis.url(), name);
  await waitShared(hub);
  return hub;
}

/** The hub shares its room now. */
export async function waitShared(hub: Duet): Promise<void> {
  await hub.waitFor(() => roomOf(hub)["state"] === "shared", "the room to be shared");
}

/** The room as the hub reported it last. */
export function roomOf(hub: Duet): Readonly<Record<string, unknown>> {
  return hub.eventsOf("room").at(-1) ?? {};
}

/** What the hub said of its engine. */
export function troublesOf(hub: Duet): readonly string[] {
  return hub.eventsOf("error").flatMap(({ code, message }) => (code === "EROOM" ? [String(message)] : []));
}

/** Every message that a hub has shown, in its order. */
export function textsOf(hub: Duet): readonly string[] {
  return hub.eventsOf("message").map(({ text }) => String(text));
}

/** The places in the stream of the messages that a hub has shown; undefined: shown here only, so far. */
export function placesOf(hub: Duet): readonly unknown[] {
  return hub.eventsOf("message").map(({ place }) => place);
}

/** The texts of the messages in the stream, by redis-cli. */
export async function readStream(redis: Redis): Promise<readonly string[]> {
  const printed = await redis.ask("XRANGE", "duet:{lobby}:stream", "-", "+");
  return printed
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { readonly type: string; readonly text: string })
    .flatMap(({ type, text }) => (type === "message" ? [text] : []));
}

/** Ends the lease of a hub at once, as 15 s without a renewal do. */
export async function endLease(redis: Redis, label: string): Promise<void> {
  const hubs = (await redis.ask("SMEMBERS", "duet:{lobby}:hubs")).trim().split("\n");
  const records = await Promise.all(hubs.map((id) => redis.ask("HGETALL", `duet:{lobby}:hub:${id}`)));
  const id = hubs[records.findIndex((record) => record.includes(`"label":"${label}"`))];
  if (id === undefined) throw new Error(`no hub of ${label}`);
  await redis.ask("DEL", `duet:{lobby}:hub:${id}`);
}

/** Both hubs share the room, and each knows the other. */
export async function waitTogether(...hubs: readonly Duet[]): Promise<void> {
  const isTogether = (hub: Duet): boolean =>
    roomOf(hub)["state"] === "shared" && roomOf(hub)["hubs"] === hubs.length;
  await until(() => hubs.every(isTogether), "each hub to know the others");
}
