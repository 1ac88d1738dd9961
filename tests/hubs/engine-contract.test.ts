/** One contract for the engine in memory, which the simulated chats use, and for a real Redis. */

import { afterEach, describe, expect } from "bun:test";
import type { EngineEvent, EngineWork } from "../../src/protocol/hubs/engine-event.ts";
import { formatRoomEntry, type RoomEntry } from "../../src/protocol/hubs/room-entry.ts";
import { LazyEngine } from "../../src/transport/engine/lazy-engine.ts";
import { FakeEngine } from "../support/fake-engine.ts";
import { withPrograms } from "../support/programs.ts";
import { type Redis, startRedis } from "../support/redis.ts";
import { until } from "../support/wait.ts";

interface Hub {
  readonly id: string;
  readonly perform: (work: EngineWork) => void;
  readonly events: EngineEvent[];
}

/** An engine, and the faults that a test makes. */
interface Engine extends AsyncDisposable {
  readonly connect: (
    emit: (event: EngineEvent) => void,
    password?: string,
  ) => { readonly hub: string; readonly perform: (work: EngineWork) => void };
  /** Writes an entry that no hub has made. */
  readonly add: (text: string) => Promise<unknown> | void;
  /** What the engine has of the room. */
  readonly readAll: () => Promise<string>;
  readonly kill: () => Promise<void> | void;
  readonly restart: () => Promise<void> | void;
  readonly empty: () => Promise<unknown> | void;
  readonly fill: (isFull: boolean) => Promise<unknown> | void;
}

function startFake(): Promise<Engine> {
  const fake = new FakeEngine((work) => void setImmediate(work));
  return Promise.resolve({
    connect: (emit, password) => fake.connect(emit, password),
    add: (text) => void fake.entries.push(text),
    readAll: () => Promise.resolve(fake.entries.join("\n")),
    kill: () => fake.stop(),
    restart: () => fake.start(),
    empty: () => fake.empty(),
    fill: (isFull) => fake.refuse(isFull ? { is: "full" } : undefined),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

async function startReal(): Promise<Engine> {
  const redis = await startRedis();
  return {
    connect: (emit, password) => new LazyEngine(redis.place(), password, emit),
    add: (text) => redis.ask("XADD", "duet:{lobby}:stream", "*", "e", text),
    readAll: () => readKeys(redis),
    kill: () => redis.kill(),
    restart: () => redis.start(),
    empty: () => redis.ask("FLUSHALL"),
    fill: (isFull) => redis.ask("CONFIG", "SET", "maxmemory", isFull ? "1mb" : "0"),
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  };
}

/** All keys of the room, and what they have. */
async function readKeys(redis: Redis): Promise<string> {
  const keys = (await redis.ask("KEYS", "*")).trim().split("\n");
  const read = (key: string) =>
    key.endsWith(":stream")
      ? redis.ask("XRANGE", key, "-", "+")
      : redis.ask(key.endsWith(":hubs") ? "SMEMBERS" : "HGETALL", key);
  return [...keys, ...(await Promise.all(keys.map(read)))].join("\n");
}

const otherHub = `${"b".repeat(42)}A`;

const joined: Hub[] = [];
afterEach(() => {
  for (const hub of joined.splice(0)) hub.perform({ type: "close" });
});

function join(engine: Engine, label: string, password?: string): Hub {
  const events: EngineEvent[] = [];
  const port = engine.connect((event) => void events.push(event), password);
  port.perform({ type: "open", label });
  const joining: Hub = { id: port.hub, events, perform: (work) => port.perform(work) };
  joined.push(joining);
  return joining;
}

const isUp = ({ events }: Hub): boolean => events.some(({ type }) => type === "up");

/** The texts of the messages that a hub was given. */
function textsOf({ events }: Hub): readonly string[] {
  return events.flatMap((event) =>
    event.type === "entries"
      ? event.entries.flatMap(({ entry }) => (entry.type === "message" ? [entry.text] : []))
      : [],
  );
}

function write({ perform, id: hub }: Hub, number: number, text: string): void {
  const entry: RoomEntry = { type: "message", member: 1, name: "x", text, action: false };
  perform({ type: "append", payload: formatRoomEntry(hub, number, entry) });
}

async function startTwo(engine: Engine): Promise<readonly [Hub, Hub]> {
  const ann = join(engine, "ann");
  await until(() => isUp(ann), "the first hub to be up");
  ann.perform({ type: "set-member", member: 1, name: "ann" });
  ann.perform({ type: "set-member", member: 2, name: "eve" });
  write(ann, 1, "ready");
  await until(() => textsOf(ann).length === 1, "the first entry");
  const bea = join(engine, "bea");
  await until(() => isUp(bea), "the second hub to be up");
  return [ann, bea];
}

const test = withPrograms(["redis-server", "redis-cli"]);

/** The last event but for leases, which are reported at any time. */
const lastOf = (events: readonly EngineEvent[]): EngineEvent | undefined =>
  events.findLast(({ type }) => type !== "leases");

describe.each([
  ["in memory", startFake],
  ["Redis", startReal],
] as const)("%s", (_, start) => {
  test("a hub that joins knows the others and their members, and reads from then on", async () => {
    await using engine = await start();
    const [ann, bea] = await startTwo(engine);
    const members = new Map([
      [1, "ann"],
      [2, "eve"],
    ]);
    expect(bea.events[0]).toEqual({
      ...{ type: "up", epoch: "first", missed: 0, since: expect.any(Number), removed: [] },
      hubs: [
        {
          ...{ hub: ann.id, label: "ann", members, duets: new Map() },
          ...{ since: expect.any(Number), next: expect.any(Number), at: expect.any(String) },
        },
      ],
    });
    write(ann, 2, "later");
    await until(() => textsOf(bea).length > 0, "the entry");
    expect(textsOf(bea)).toEqual(["later"]);
  });

  test("each hub reads the entries of all, its own included, in one order", async () => {
    await using engine = await start();
    const [ann, bea] = await startTwo(engine);
    for (let number = 2; number < 52; number += 1) {
      write(ann, number, `a${number}`);
      write(bea, number, `b${number}`);
    }
    await until(() => textsOf(ann).length === 101 && textsOf(bea).length === 100, "all entries");
    expect(textsOf(ann).slice(1)).toEqual([...textsOf(bea)]);
    const ids = ann.events.flatMap((event) =>
      event.type === "entries" ? event.entries.map(({ id }) => id) : [],
    );
    expect([...new Set(ids)]).toHaveLength(101);
  });

  test("after an absence of the engine a hub reads on where it was", async () => {
    await using engine = await start();
    const [ann, bea] = await startTwo(engine);
    write(ann, 2, "before");
    await until(() => textsOf(bea).includes("before"), "the entry before");
    await engine.kill();
    await until(() => [ann, bea].every(({ events }) => lastOf(events)?.type === "away"), "both to report it");
    await engine.restart();
    await until(() => [ann, bea].every(({ events }) => lastOf(events)?.type === "up"), "both to be back");
    expect(lastOf(ann.events)).toMatchObject({ type: "up", epoch: "same", missed: 0 });
    write(bea, 2, "after");
    await until(() => textsOf(ann).includes("after"), "the entry after");
    expect(textsOf(ann)).toEqual(["ready", "before", "after"]);
  });

  test("an engine that is full refuses entries, and takes them again", async () => {
    await using engine = await start();
    const [ann, bea] = await startTwo(engine);
    await engine.fill(true);
    write(ann, 2, "refused");
    await until(() => ann.events.some(({ type }) => type === "refused"), "the refusal");
    expect(ann.events.find(({ type }) => type === "refused")).toEqual({
      ...{ type: "refused", problem: { is: "full" } },
    });
    await engine.fill(false);
    write(ann, 2, "taken");
    await until(() => textsOf(bea).length > 0, "the entry");
    expect(textsOf(bea)).toEqual(["taken"]);
  });

  test("a hub that closes is registered no more", async () => {
    await using engine = await start();
    const [ann, bea] = await startTwo(engine);
    write(bea, 1, "last");
    bea.perform({ type: "close" });
    await until(() => bea.events.at(-1)?.type === "closed", "the end");
    await until(() => textsOf(ann).includes("last"), "the last entry");
    const cid = join(engine, "cid");
    await until(() => isUp(cid), "a third hub to be up");
    expect(cid.events[0]).toMatchObject({ type: "up", hubs: [{ hub: ann.id }] });
  });

  test("an engine that was emptied begins a new run, in which both hubs are", async () => {
    await using engine = await start();
    const [ann, bea] = await startTwo(engine);
    await engine.kill();
    await until(() => [ann, bea].every(({ events }) => lastOf(events)?.type === "away"), "both to report it");
    await engine.restart();
    await engine.empty();
    const hasBegun = ({ events }: Hub) =>
      events.some((event) => event.type === "up" && event.epoch === "emptied");
    await until(() => hasBegun(ann) && hasBegun(bea), "both to begin anew");
    write(ann, 2, "anew");
    await until(() => textsOf(bea).includes("anew") && textsOf(ann).includes("anew"), "the first entry");
    expect(textsOf(bea)).toEqual(["anew"]);
  });

  test("a hub with another password than the room joins nothing, until nobody is there", async () => {
    await using engine = await start();
    const ann = join(engine, "annabel", "swordfish");
    await until(() => isUp(ann), "the first hub to be up");
    const refused = [join(engine, "bea", "swordfisk"), join(engine, "cid")] as const;
    await until(() => refused.every(({ events }) => events.length > 0), "both answers");
    expect(refused.map(({ events }) => events)).toEqual([
      [{ type: "away", problem: { is: "wrong-password" } }],
      [{ type: "away", problem: { is: "needs-password" } }],
    ]);
    const dee = join(engine, "dorothy", "swordfish");
    await until(() => isUp(dee), "a hub with the password to be up");
    write(ann, 1, "sealed");
    await until(() => textsOf(dee).length > 0, "the entry");
    expect(textsOf(dee)).toEqual(["sealed"]);
    expect(await engine.readAll()).not.toMatch(/sealed|message|annabel|dorothy|swordfish/);
    ann.perform({ type: "close" });
    dee.perform({ type: "close" });
    await until(() => refused.some(isUp), "one of the others to begin the room anew");
  });

  test("what was written by no hub is counted, and a removal is kept in a room with a password", async () => {
    await using engine = await start();
    const ann = join(engine, "ann", "swordfish");
    await until(() => isUp(ann), "the first hub to be up");
    await engine.add(`{"v":1,"hub":"${ann.id}","n":1,"type":"ended"}\nAAAA`);
    ann.perform({ type: "remove-hub", removed: otherHub });
    write(ann, 1, "on");
    await until(() => textsOf(ann).length > 0, "the entry behind it");
    const counted = ann.events.flatMap((event) => (event.type === "entries" ? event.unproven : []));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(1);
    const bea = join(engine, "bea", "swordfish");
    await until(() => isUp(bea), "the second hub to be up");
    expect(bea.events[0]).toMatchObject({ type: "up", removed: [otherHub] });
  });
});
