/**
 * A room's engine over Redis or Valkey: entries by one stream, presence by one hash a hub with a lease. Loses its connections
 * like any client, and begins again where it was.
 */

import type { EngineEvent, EngineProblem, EngineWork } from "../../protocol/hubs/engine-event.ts";
import { parseRoomEntry, type PlacedEntry } from "../../protocol/hubs/room-entry.ts";
import type { RoomPlace } from "../../protocol/hubs/room-place.ts";
import {
  engineReadAgainMs,
  engineReadEntriesMax,
  engineReadMs,
  engineRetryMaxMs,
  engineRetryMinMs,
  hubLeaseRenewMs,
  roomEntriesMax,
} from "../../protocol/limits.ts";
import { diagnoseEngine, readEngineReply } from "./engine-diagnosis.ts";
import { type EngineLink, EngineSilence, openEngineLink } from "./engine-link.ts";
import { getKeyField, makeRoomKeys, type RoomKeys } from "./room-keys.ts";
import {
  listAlive,
  type OwnHub,
  readHub,
  readRun,
  readStreamFacts,
  register,
  renewLease,
  type StreamFacts,
  unregister,
} from "./room-records.ts";

type Epoch = Extract<EngineEvent, { type: "up" }>["epoch"];

/** How far the stream was read. */
interface ReadPlace {
  readonly run: string;
  readonly id: string;
  /** The count of entries that were ever added up to it; undefined: unknown, after a failover. */
  readonly index: number | undefined;
}

export class RedisEngine {
  readonly #place: RoomPlace;
  readonly #keys: RoomKeys;
  readonly #emit: (event: EngineEvent) => void;
  readonly #members = new Map<number, string>();
  readonly #duets = new Map<number, string>();
  #hub = "";
  #label = "";
  #link: EngineLink | undefined;
  #read: ReadPlace | undefined;
  /** The other hubs that were reported. */
  #known: ReadonlySet<string> = new Set();
  /** Counts links, so that what is awaited on an earlier one changes nothing. */
  #opening = 0;
  #retryMs = engineRetryMinMs;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #lease: ReturnType<typeof setInterval> | undefined;
  #awaySince: string | undefined;
  #isClosed = false;

  /** `emit` is called from the event loop, never from inside a call. */
  constructor(place: RoomPlace, emit: (event: EngineEvent) => void) {
    this.#place = place;
    this.#keys = makeRoomKeys(place.room);
    this.#emit = emit;
  }

  perform(work: EngineWork): void {
    switch (work.type) {
      case "open":
        this.#hub = work.hub;
        this.#label = work.label;
        return void this.#open();
      case "append":
        return void this.#append(work.payload);
      case "set-member":
        return void this.#setMember(work);
      case "close":
        return void this.#close();
    }
    work satisfies never;
  }

  async #open(): Promise<void> {
    const opening = (this.#opening += 1);
    const isStale = (): boolean => opening !== this.#opening;
    try {
      const link = await openEngineLink(this.#place, () => void this.#fail(opening, undefined));
      if (isStale()) return link.close();
      this.#link = link;
      const up = await this.#enter(link);
      if (isStale()) return;
      this.#retryMs = engineRetryMinMs;
      this.#awaySince = undefined;
      this.#emit(up);
      this.#lease = setInterval(() => void this.#renew(opening, link), hubLeaseRenewMs);
      await this.#readEntries(opening, link);
    } catch (error) {
      await this.#fail(opening, error);
    }
  }

  /** Registers the hub, and finds where to read on. Later changes are in the stream behind that place. */
  async #enter(link: EngineLink): Promise<EngineEvent> {
    const run = await readRun(link, this.#keys, makeRun());
    const facts = await readStreamFacts(link, this.#keys, this.#read?.id ?? "0-0");
    const epoch = findEpoch(this.#read, run, facts);
    const missed = epoch === "same" ? countMissed(this.#read, facts) : 0;
    this.#read = findReadPlace(epoch, this.#read, run, facts);
    await register(link, this.#keys, this.#own);
    const alive = await listAlive(link, this.#keys, this.#hub);
    const hubs = (await Promise.all(alive.map((id) => readHub(link, this.#keys, id)))).filter(
      (one) => one !== undefined,
    );
    this.#known = new Set(hubs.map(({ hub }) => hub));
    return { type: "up", epoch, missed, hubs };
  }

  get #own(): OwnHub {
    return { hub: this.#hub, label: this.#label, members: this.#members, duets: this.#duets };
  }

  async #readEntries(opening: number, link: EngineLink): Promise<void> {
    while (opening === this.#opening && this.#read !== undefined) {
      const { id: from } = this.#read;
      const options = ["COUNT", String(engineReadEntriesMax), "BLOCK", String(engineReadMs), "STREAMS"];
      const reply = await link.wait("XREAD", ...options, this.#keys.stream, from);
      if (opening !== this.#opening) return;
      const raw = readStreamReply(reply, this.#keys.stream);
      const last = raw.at(-1);
      if (last === undefined) continue;
      const { run, index } = this.#read;
      this.#read = { run, id: last.id, index: index === undefined ? undefined : index + raw.length };
      const parsed = raw.map(({ id, text }) => parseRoomEntry(id, text));
      const entries = parsed.filter((one): one is PlacedEntry => typeof one === "object");
      this.#emit({ type: "entries", entries, skipped: raw.length - entries.length });
    }
  }

  async #append(payload: string): Promise<void> {
    const [link, opening] = [this.#link, this.#opening];
    if (link === undefined) return;
    try {
      await link.ask("XADD", this.#keys.stream, "MAXLEN", "~", String(roomEntriesMax), "*", "e", payload);
    } catch (error) {
      await this.#handleWriteError(opening, error);
    }
  }

  async #setMember({ member, name, duet }: Extract<EngineWork, { type: "set-member" }>): Promise<void> {
    const keyField = getKeyField(member);
    if (name === undefined) for (const map of [this.#members, this.#duets]) map.delete(member);
    else this.#members.set(member, name);
    if (duet !== undefined) this.#duets.set(member, duet);
    const [link, opening, key] = [this.#link, this.#opening, this.#keys.hub(this.#hub)];
    if (link === undefined) return;
    try {
      const keyFields = duet === undefined ? [] : [keyField, duet];
      if (name === undefined) await link.ask("HDEL", key, String(member), keyField);
      else await link.ask("HSET", key, String(member), name, ...keyFields);
    } catch (error) {
      await this.#handleWriteError(opening, error);
    }
  }

  /** A refusal leaves the connection as it is: entries of other hubs are still read. */
  async #handleWriteError(opening: number, error: unknown): Promise<void> {
    if (opening !== this.#opening) return;
    const problem = findRefusal(error);
    if (problem === undefined) await this.#fail(opening, error);
    else this.#emit({ type: "refused", problem });
  }

  async #renew(opening: number, link: EngineLink): Promise<void> {
    try {
      const isKept = await renewLease(link, this.#keys, this.#hub);
      const run = await link.ask("HGET", this.#keys.room, "run");
      if (opening !== this.#opening) return;
      if (run !== this.#read?.run) return this.#begin();
      if (!isKept) await register(link, this.#keys, this.#own);
      const alive = await listAlive(link, this.#keys, this.#hub);
      const fresh = alive.filter((id) => !this.#known.has(id));
      const news = (await Promise.all(fresh.map((id) => readHub(link, this.#keys, id)))).filter(
        (one) => one !== undefined,
      );
      if (opening !== this.#opening) return;
      this.#known = new Set(alive);
      this.#emit({ type: "leases", alive, news });
    } catch (error) {
      await this.#handleWriteError(opening, error);
    }
  }

  /** Opens the connections anew, since the room is another one. */
  #begin(): void {
    this.#endLink();
    void this.#open();
  }

  #endLink(): void {
    this.#opening += 1;
    clearInterval(this.#lease);
    clearTimeout(this.#retry);
    this.#link?.close();
    this.#link = undefined;
  }

  async #fail(opening: number, error: unknown): Promise<void> {
    if (opening !== this.#opening || this.#isClosed) return;
    this.#endLink();
    const failure = this.#opening;
    const problem =
      findRefusal(error) ?? (error instanceof EngineSilence ? silence : await diagnoseEngine(this.#place));
    if (failure !== this.#opening || this.#isClosed) return;
    const text = JSON.stringify(problem);
    if (text !== this.#awaySince) this.#emit({ type: "away", problem });
    this.#awaySince = text;
    this.#retry = setTimeout(() => void this.#open(), this.#retryMs);
    this.#retryMs = Math.min(engineRetryMaxMs, 2 * this.#retryMs);
  }

  async #close(): Promise<void> {
    const link = this.#link;
    this.#isClosed = true;
    try {
      if (link !== undefined) await unregister(link, this.#keys, this.#hub);
    } catch {
      // The lease ends by itself.
    }
    this.#endLink();
    this.#emit({ type: "closed" });
  }
}

const silence: EngineProblem = { is: "silent" };

function makeRun(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex");
}

/** An entry that was read, and is neither there nor older than what was trimmed, was lost in a failover. */
function findEpoch(
  read: ReadPlace | undefined,
  run: string,
  { lastId, firstId, hasRead }: StreamFacts,
): Epoch {
  if (read === undefined) return "first";
  if (read.run !== run) return "emptied";
  if (compareIds(lastId, read.id) < 0) return "failed-over";
  const isTrimmed = firstId === undefined || compareIds(read.id, firstId) < 0;
  return hasRead || isTrimmed ? "same" : "failed-over";
}

/** Entries that were added after the last one that was read, and are not there any more. */
function countMissed(read: ReadPlace | undefined, { length, added }: StreamFacts): number {
  return read?.index === undefined ? 0 : Math.max(0, added - length - read.index);
}

function findReadPlace(
  epoch: Epoch,
  read: ReadPlace | undefined,
  run: string,
  { lastId, added }: StreamFacts,
): ReadPlace {
  if (epoch === "first" || read === undefined) return { run, id: lastId, index: added };
  if (epoch === "emptied") return { run, id: "0-0", index: 0 };
  if (epoch === "same") return read;
  // Entries that were read already are known by their hub and number.
  const againMs = Math.max(0, readMs(read.id) - engineReadAgainMs);
  return { run, id: `${againMs}-0`, index: undefined };
}

function readMs(id: string): number {
  return Number(id.split("-")[0] ?? 0);
}

/** Negative if the first id is before the second. */
function compareIds(one: string, other: string): number {
  const [ms = 0, sequence = 0] = one.split("-").map(Number);
  const [otherMs = 0, otherSequence = 0] = other.split("-").map(Number);
  return ms - otherMs || sequence - otherSequence;
}

/** The problem in an error reply; undefined: the connection is lost. */
function findRefusal(error: unknown): EngineProblem | undefined {
  const isReply = error instanceof Error && "code" in error && error.code === "ERR_REDIS_SERVER_ERROR";
  return isReply ? readEngineReply(error.message) : undefined;
}

/** The id and text of each entry in the reply of an XREAD, an object in RESP3 and a list in RESP2. */
function readStreamReply(
  reply: unknown,
  stream: string,
): readonly { readonly id: string; readonly text: string }[] {
  if (typeof reply !== "object" || reply === null) return [];
  const list: unknown = Array.isArray(reply)
    ? (reply as readonly (readonly unknown[])[])[0]?.[1]
    : (reply as Readonly<Record<string, unknown>>)[stream];
  if (!Array.isArray(list)) return [];
  return (list as readonly (readonly [string, readonly string[] | null])[]).map(([id, fields]) => ({
    id,
    text: fields?.[0] === "e" ? (fields[1] ?? "") : "",
  }));
}
