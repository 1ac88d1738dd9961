/** Opens a room in the engine: compares its seal with the password of this hub (ROOMS.md, With a password). */

import type { EngineProblem } from "../../protocol/hubs/engine-event.ts";
import { deriveRoomKey, openSeal, parseSeal, type RoomKey, saltBytes } from "../../protocol/hubs/room-key.ts";
import type { EngineLink } from "./engine-link.ts";
import type { RoomKeys } from "./room-keys.ts";
import { listAlive, readRun } from "./room-records.ts";

/** The room has another password than this hub. */
export class RoomRefusal extends Error {
  readonly problem: EngineProblem;

  constructor(problem: EngineProblem) {
    super(problem.is);
    this.problem = problem;
  }
}

/** Derives keys from a password, and keeps the last one: a hub that is refused asks again every 2 s. */
export function makeKeyDeriver(password: string): (salt: Uint8Array) => RoomKey {
  let last: { readonly salt: string; readonly key: RoomKey } | undefined;
  return (salt) => {
    const text = Buffer.from(salt).toString("hex");
    if (last?.salt !== text) last = { salt: text, key: deriveRoomKey(password, salt) };
    return last.key;
  };
}

/** `derive`: undefined without a password; `known`: the key of the room that this hub has joined. */
interface Opening {
  readonly hub: string;
  readonly derive: ((salt: Uint8Array) => RoomKey) | undefined;
  readonly known: RoomKey | undefined;
}

/** The room's run, and its key; undefined: it has no password. Rejects with RoomRefusal. */
export async function openRoom(
  link: EngineLink,
  keys: RoomKeys,
  opening: Opening,
): Promise<{ readonly run: string; readonly key: RoomKey | undefined }> {
  const found = await link.ask("HGET", keys.room, "seal");
  if (typeof found !== "string") await setSeal(link, keys, opening);
  const seal = await link.ask("HGET", keys.room, "seal");
  const matched = matchSeal(typeof seal === "string" ? seal : openSeal, opening);
  if ("key" in matched) return { run: await readRun(link, keys, makeRun()), key: matched.key };
  if ((await listAlive(link, keys, opening.hub)).length > 0) throw new RoomRefusal(matched.problem);
  return await beginAnew(link, keys, opening);
}

async function setSeal(link: EngineLink, keys: RoomKeys, opening: Opening): Promise<void> {
  await link.ask("HSETNX", keys.room, "seal", makeSeal(opening)?.seal ?? openSeal);
}

/** Nobody is in the room that has the other seal. */
async function beginAnew(
  link: EngineLink,
  keys: RoomKeys,
  opening: Opening,
): Promise<{ readonly run: string; readonly key: RoomKey | undefined }> {
  const [run, key] = [makeRun(), makeSeal(opening)];
  await link.ask("DEL", keys.room);
  await link.ask("HSET", keys.room, "run", run, "seal", key?.seal ?? openSeal);
  return { run, key };
}

/** The seal of a room that this hub begins; undefined: it has no password. */
function makeSeal({ derive, known }: Opening): RoomKey | undefined {
  if (derive === undefined) return undefined;
  return known ?? derive(crypto.getRandomValues(new Uint8Array(saltBytes)));
}

function matchSeal(
  text: string,
  { derive, known }: Opening,
): { readonly key: RoomKey | undefined } | { readonly problem: EngineProblem } {
  if (known?.seal === text) return { key: known };
  const seal = parseSeal(text);
  if (seal === undefined) return { problem: { is: "later-seal" } };
  if (seal.is === "none") return derive === undefined ? { key: undefined } : { problem: { is: "no-seal" } };
  if (derive === undefined) return { problem: { is: "needs-password" } };
  const key = derive(seal.salt);
  return key.seal === text ? { key } : { problem: { is: "wrong-password" } };
}

function makeRun(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex");
}
