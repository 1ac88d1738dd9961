/**
 * A room's engine over Redis or Valkey: entries by one stream, presence by one hash a hub with a lease. Loses its connections
 * like any client, and begins again where it was.
 */

import type {
  EngineEvent,
  EngineProblem,
  EngineWork,
  HubPresence,
} from "../../protocol/hubs/engine-event.ts";
import type { HubSigner } from "../../protocol/hubs/hub-key.ts";
import { findBucket, formatRemoval } from "../../protocol/hubs/hub-record.ts";
import { noPlace, type PlacedEntry } from "../../protocol/hubs/room-entry.ts";
import { readStreamItems, RoomItems } from "../../protocol/hubs/room-items.ts";
import type { RoomKey } from "../../protocol/hubs/room-key.ts";
import type { RoomPlace } from "../../protocol/hubs/room-place.ts";
import {
  engineReadEntriesMax,
  engineReadMs,
  engineRetryMaxMs,
  engineRetryMinMs,
  hubLeaseRenewMs,
  roomEntriesMax,
} from "../../protocol/limits.ts";
import { diagnoseEngine, readEngineReply } from "./engine-diagnosis.ts";
import { type EngineLink, EngineSilence, openEngineLink } from "./engine-link.ts";
import { getRemovedField, makeRoomKeys, type RoomKeys } from "./room-keys.ts";
import { countMissed, findEpoch, findReadPlace, type ReadPlace, readStreamReply } from "./read-place.ts";
import { makeKeyDeriver, openRoom, RoomRefusal } from "./room-opening.ts";
import {
  type HubField,
  listAlive,
  makeBucketField,
  makeRecordField,
  type OwnHub,
  readEngineTime,
  readHub,
  readRemoved,
  readStreamFacts,
  register,
  renewLease,
  unregister,
} from "./room-records.ts";

export class RedisEngine {
  readonly #place: RoomPlace;
  readonly #keys: RoomKeys;
  readonly #emit: (event: EngineEvent) => void;
  readonly #deriveKey: ((salt: Uint8Array) => RoomKey) | undefined;
  readonly #items: RoomItems;
  readonly #members = new Map<number, string>();
  readonly #duets = new Map<number, string>();
  #key: RoomKey | undefined;
  readonly #hub: string;
  #label = "";
  #since: number | undefined;
  /** Our entries below that number were read, the last one at that place. */
  #own: { readonly next: number; readonly at: string } = { next: 1, at: noPlace };
  /** The record that the engine has. */
  #record: string | undefined;
  /** Entries to write at the end of this turn, under one signature. */
  #entries: string[] = [];
  readonly #buckets = new Set<number>();
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
  constructor(
    place: RoomPlace,
    signer: HubSigner,
    password: string | undefined,
    emit: (event: EngineEvent) => void,
  ) {
    this.#place = place;
    this.#hub = signer.hub;
    this.#deriveKey = password === undefined ? undefined : makeKeyDeriver(password);
    this.#items = new RoomItems(place.room, signer);
    this.#keys = makeRoomKeys(place.room);
    this.#emit = emit;
  }

  perform(work: EngineWork): void {
    switch (work.type) {
      case "open":
        this.#label = work.label;
        return void this.#open();
      case "append":
        this.#writeLater();
        return void this.#entries.push(work.payload);
      case "set-member":
        return this.#setMember(work);
      case "remove-hub":
        return void this.#removeHub(work.removed);
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
      const { up, refusal } = await this.#enter(link);
      if (isStale()) return;
      this.#retryMs = engineRetryMinMs;
      this.#awaySince = undefined;
      this.#emit(up);
      if (refusal !== undefined) this.#emit({ type: "refused", problem: refusal });
      this.#lease = setInterval(() => void this.#renew(opening, link), hubLeaseRenewMs);
      await this.#readEntries(opening, link);
    } catch (error) {
      await this.#fail(opening, error);
    }
  }

  /** Registers the hub, and finds where to read on. Later changes are in the stream behind that place. */
  async #enter(
    link: EngineLink,
  ): Promise<{ readonly up: EngineEvent; readonly refusal: EngineProblem | undefined }> {
    const opening = { hub: this.#hub, derive: this.#deriveKey, known: this.#key };
    const { run, key } = await openRoom(link, this.#keys, opening);
    if (key !== this.#key || this.#read === undefined) this.#items.setKey(key?.key);
    this.#key = key;
    const facts = await readStreamFacts(link, this.#keys, this.#read?.id ?? noPlace);
    const epoch = findEpoch(this.#read, run, facts);
    const missed = epoch === "same" ? countMissed(this.#read, facts) : 0;
    this.#read = findReadPlace(epoch, this.#read, run, facts);
    const since = (this.#since ??= await readEngineTime(link));
    const refusal = await this.#tryToRegister(link);
    const alive = await listAlive(link, this.#keys, this.#hub);
    const hubs = await this.#readHubs(link, alive);
    const removed = key === undefined ? [] : await readRemoved(link, this.#keys, this.#items);
    this.#known = new Set(hubs.map(({ hub }) => hub));
    return { up: { type: "up", epoch, missed, since, hubs, removed }, refusal };
  }

  /** An engine that takes nothing is read all the same; the next renewal of the lease registers again. */
  async #tryToRegister(link: EngineLink): Promise<EngineProblem | undefined> {
    try {
      await this.#register(link);
      return undefined;
    } catch (error) {
      const problem = findRefusal(error);
      if (problem?.is === "full" || problem?.is === "read-only") return problem;
      throw error;
    }
  }

  async #register(link: EngineLink): Promise<void> {
    const own = this.#describe();
    this.#record = makeRecordField(own).item.text;
    await register(link, this.#keys, own, this.#items);
  }

  async #readHubs(link: EngineLink, ids: readonly string[]): Promise<readonly HubPresence[]> {
    const hubs = await Promise.all(ids.map((id) => readHub(link, this.#keys, id, this.#items)));
    return hubs.filter((one) => one !== undefined);
  }

  #describe(): OwnHub {
    const [hub, label, since] = [this.#hub, this.#label, this.#since ?? 0];
    return { hub, label, members: this.#members, duets: this.#duets, since, ...this.#own };
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
      const read = readStreamItems(this.#items, raw);
      this.#noteOwn(read.entries);
      this.#emit(read);
    }
  }

  #noteOwn(entries: readonly PlacedEntry[]): void {
    for (const { hub, number, id } of entries)
      if (hub === this.#hub && number >= this.#own.next) this.#own = { next: number + 1, at: id };
  }

  /** Writes at the end of the turn: after the events of all sockets that are readable now. */
  #writeLater(): void {
    if (this.#entries.length === 0 && this.#buckets.size === 0) setImmediate(() => this.#write());
  }

  #setMember({ member, name, duet }: Extract<EngineWork, { type: "set-member" }>): void {
    if (name === undefined) for (const map of [this.#members, this.#duets]) map.delete(member);
    else this.#members.set(member, name);
    if (duet !== undefined) this.#duets.set(member, duet);
    this.#writeLater();
    this.#buckets.add(findBucket(member));
  }

  #write(): void {
    const own = this.#describe();
    const fields = [...this.#buckets].map((bucket) => makeBucketField(own, bucket));
    const entries = this.#entries;
    this.#entries = [];
    this.#buckets.clear();
    if (this.#link !== undefined) this.#writeItems(this.#link, fields, entries);
  }

  /** Without waiting: the connection keeps the order. */
  #writeItems(link: EngineLink, fields: readonly HubField[], entries: readonly string[]): void {
    const [key, { stream }, length] = [this.#keys.hub(this.#hub), this.#keys, String(roomEntriesMax)];
    const items = entries.map((text) => ({ kind: "entry", text }) as const);
    const values = this.#items.write([...fields.map(({ item }) => item), ...items]);
    for (const [index, { field }] of fields.entries())
      void this.#ask(link, "HSET", key, field, values[index] ?? "");
    for (const value of values.slice(fields.length))
      void this.#ask(link, "XADD", stream, "MAXLEN", "~", length, "*", "e", value);
  }

  async #ask(link: EngineLink, command: string, ...words: readonly string[]): Promise<void> {
    const opening = this.#opening;
    try {
      await link.ask(command, ...words);
    } catch (error) {
      await this.#handleWriteError(opening, error);
    }
  }

  async #removeHub(removed: string): Promise<void> {
    const [value = ""] = this.#items.write([{ kind: "removed", text: formatRemoval(this.#hub, removed) }]);
    if (this.#link !== undefined)
      await this.#ask(this.#link, "HSET", this.#keys.room, getRemovedField(removed), value);
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
      if (!isKept) await this.#register(link);
      else await this.#renewRecord(link);
      const alive = await listAlive(link, this.#keys, this.#hub);
      const fresh = alive.filter((id) => !this.#known.has(id));
      const news = await this.#readHubs(link, fresh);
      if (opening !== this.#opening) return;
      this.#known = new Set(alive);
      this.#emit({ type: "leases", alive, news });
    } catch (error) {
      await this.#handleWriteError(opening, error);
    }
  }

  /** A newer record covers more of our entries. */
  async #renewRecord(link: EngineLink): Promise<void> {
    const { field, item } = makeRecordField(this.#describe());
    if (item.text === this.#record) return;
    this.#record = item.text;
    const [value = ""] = this.#items.write([item]);
    await link.ask("HSET", this.#keys.hub(this.#hub), field, value);
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
    this.#write();
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

/** The problem in an error reply; undefined: the connection is lost. */
function findRefusal(error: unknown): EngineProblem | undefined {
  if (error instanceof RoomRefusal) return error.problem;
  const isReply = error instanceof Error && "code" in error && error.code === "ERR_REDIS_SERVER_ERROR";
  return isReply ? readEngineReply(error.message) : undefined;
}
