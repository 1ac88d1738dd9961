/** The rows of ARCHITECTURE.md's failure table, each with real hubs and a real Redis. */

import { describe, expect } from "bun:test";
import { type Duet, startDuet } from "../support/duet.ts";
import { HubProxy } from "../support/hub-proxy.ts";
import {
  endLease,
  placesOf,
  readStream,
  roomOf,
  startHub,
  startHubAt,
  textsOf,
  troublesOf,
  waitShared,
  waitTogether,
} from "../support/hubs.ts";
import { startClient } from "../support/raw-client.ts";
import { withPrograms } from "../support/programs.ts";
import { makeRedis, type Redis, startRedis } from "../support/redis.ts";
import { until } from "../support/wait.ts";

const test = withPrograms(["redis-server", "redis-cli", "openssl"]);

const numbered = (word: string, from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, index) => `${word} ${from + index}`);

const write = (hub: Duet, lines: readonly string[]): void =>
  hub.write(lines.map((line) => `${line}\n`).join(""));

/** Waits for something that the hub said of its engine, and returns it. */
async function waitForTrouble(hub: Duet, pattern: RegExp): Promise<string> {
  const find = (): string | undefined => troublesOf(hub).find((text) => pattern.test(text));
  await hub.waitFor(() => find() !== undefined, `the trouble ${pattern}`);
  return find() ?? "";
}

const waitForTexts = (hub: Duet, ...texts: readonly string[]): Promise<void> =>
  hub.waitFor(() => texts.every((text) => textsOf(hub).includes(text)), texts.join(", "));

/** Both hubs have shown the same lines, each once, and so has the stream. */
async function expectOneRoom(redis: Redis, ann: Duet, bea: Duet): Promise<void> {
  expect(new Set(textsOf(bea))).toEqual(new Set(textsOf(ann)));
  for (const hub of [ann, bea]) expect(textsOf(hub)).toHaveLength(new Set(textsOf(hub)).size);
  expect(new Set(await readStream(redis))).toEqual(new Set(textsOf(ann)));
}

describe("the engine is away at the start, or killed", () => {
  test("at the start: lines wait, and cross once and in order", async () => {
    await using redis = makeRedis();
    await using ann = startHubAt(redis.url(), "ann");
    await waitForTrouble(ann, /cannot be reached \(ECONNREFUSED\): the room goes on here only/);
    write(ann, numbered("early", 0, 50));
    await waitForTexts(ann, "early 49");
    await redis.start();
    await waitShared(ann);
    await until(async () => (await readStream(redis)).length === 50, "all lines to cross");
    expect(await readStream(redis)).toEqual(numbered("early", 0, 50));
  });

  test("killed: what was acknowledged is there, what waits crosses", async () => {
    await using redis = await startRedis();
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(redis, "bea");
    write(ann, ["before"]);
    for (const hub of [ann, bea]) await waitForTexts(hub, "before");
    await redis.kill();
    await waitForTrouble(ann, /cannot be reached/);
    write(ann, ["meanwhile"]);
    await waitForTexts(ann, "meanwhile");
    expect(placesOf(ann)).toEqual([expect.any(String), undefined]);
    await redis.start();
    await waitForTexts(bea, "meanwhile");
    await expectOneRoom(redis, ann, bea);
  });
});

describe("it is stopped, or the network is cut", () => {
  test("stopped: after 5 s without an answer the room goes on here, and later as one", async () => {
    await using redis = await startRedis();
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(redis, "bea");
    await waitTogether(ann, bea);
    redis.signal("SIGSTOP");
    write(ann, ["stopped"]);
    await waitForTrouble(ann, /does not answer: the room goes on here only/);
    await waitForTexts(ann, "stopped");
    redis.signal("SIGCONT");
    await waitForTexts(bea, "stopped");
    await expectOneRoom(redis, ann, bea);
  });

  test("cut: the hub that is cut off goes on alone, and joins again", async () => {
    await using redis = await startRedis();
    using proxy = new HubProxy(redis.port);
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(proxy, "bea");
    await waitTogether(ann, bea);
    proxy.hold(true);
    write(bea, ["from the cut off"]);
    write(ann, ["to the cut off"]);
    await waitForTrouble(bea, /does not answer/);
    await waitForTexts(bea, "from the cut off");
    proxy.hold(false);
    await waitForTexts(bea, "to the cut off");
    await waitForTexts(ann, "from the cut off");
    await expectOneRoom(redis, ann, bea);
  });
});

describe("wrong user, password, right or certificate", () => {
  test("a wrong password is named, and the right one needs no restart of the hub", async () => {
    await using redis = await startRedis("--requirepass", "right");
    await using ann = startHubAt(`redis://:wrong@127.0.0.1:${redis.port}/lobby`, "ann");
    await waitForTrouble(ann, /refuses the user, the password, or a right/);
    write(ann, ["waits"]);
    await waitForTexts(ann, "waits");
    await redis.ask("-a", "right", "CONFIG", "SET", "requirepass", "wrong");
    await waitShared(ann);
  });

  test("a right that is taken away is named, and given again the lines cross", async () => {
    await using redis = await startRedis();
    await redis.ask("ACL", "SETUSER", "hub", "on", ">secret", "~duet:*", "+@all");
    await using bea = await startHub(redis, "bea");
    await using ann = startHubAt(`redis://hub:secret@127.0.0.1:${redis.port}/lobby`, "ann");
    await waitShared(ann);
    await redis.ask("ACL", "SETUSER", "hub", "-xadd");
    write(ann, ["without the right"]);
    await waitForTrouble(ann, /a right that a hub needs/);
    write(bea, ["still read"]);
    await waitForTexts(ann, "still read");
    await redis.ask("ACL", "SETUSER", "hub", "+xadd");
    await waitForTexts(bea, "without the right");
    await expectOneRoom(redis, ann, bea);
  });

  test("a certificate is verified", async () => {
    const folder = makeRedis();
    const { authority, ...tls } = makeCertificates(folder.folder);
    await using redis = await startRedis(
      ...["--tls-port", String(folder.port), "--tls-auth-clients", "no"],
      ...["--tls-cert-file", tls.certificate, "--tls-key-file", tls.key, "--tls-ca-cert-file", authority],
    );
    const url = `rediss://localhost:${folder.port}/lobby`;
    await using ann = startHubAt(url, "ann");
    await waitForTrouble(ann, /has a certificate that does not verify/);
    await using bea = startHubAt(url, "bea", { env: { NODE_EXTRA_CA_CERTS: authority } });
    await waitShared(bea);
    write(bea, ["over TLS"]);
    await until(async () => (await readStream(redis)).includes("over TLS"), "the line");
    await folder[Symbol.asyncDispose]();
  });
});

/** Paths of a certificate for localhost, and of the authority that signed it. */
function makeCertificates(folder: string) {
  const path = (name: string): string => `${folder}/${name}`;
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const run = (...words: readonly string[]): void => {
    const { exitCode, stderr } = Bun.spawnSync(["openssl", ...words], { stderr: "pipe" });
    if (exitCode !== 0) throw new Error(stderr.toString());
  };
  const ca = ["-CA", path("ca.crt"), "-CAkey", path("ca.key")];
  const common = ["-days", "2", "-addext", "subjectAltName=DNS:localhost"];
  run(
    "req",
    "-x509",
    ...key,
    "-keyout",
    path("ca.key"),
    "-out",
    path("ca.crt"),
    "-subj",
    "/CN=test",
    "-days",
    "2",
  );
  run(
    "req",
    "-x509",
    ...key,
    ...ca,
    "-keyout",
    path("key"),
    "-out",
    path("crt"),
    "-subj",
    "/CN=localhost",
    ...common,
  );
  return { authority: path("ca.crt"), certificate: path("crt"), key: path("key") };
}

describe("it is full, or a read-only replica", () => {
  test("full: ours wait until it takes lines again", async () => {
    await using redis = await startRedis();
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(redis, "bea");
    await redis.ask("CONFIG", "SET", "maxmemory", "1mb");
    write(ann, ["one", "two"]);
    await waitForTrouble(ann, /is full, and takes nothing/);
    await waitForTexts(ann, "one", "two");
    await redis.ask("CONFIG", "SET", "maxmemory", "0");
    await waitForTexts(bea, "one", "two");
    await ann.waitForError(/the room's engine takes lines again/);
    await expectOneRoom(redis, ann, bea);
  });

  test("read-only: lines of other hubs are still shown", async () => {
    await using primary = await startRedis();
    await using redis = await startRedis();
    await redis.ask("REPLICAOF", "127.0.0.1", String(primary.port));
    await using bea = await startHub(primary, "bea");
    await until(async () => (await redis.ask("SMEMBERS", "duet:{lobby}:hubs")).trim() !== "", "the replica");
    await using ann = startHubAt(redis.url(), "ann");
    await waitForTrouble(ann, /is a read-only replica, and takes nothing/);
    write(bea, ["from the primary"]);
    await waitForTexts(ann, "from the primary");
    write(ann, ["waits"]);
    await waitForTexts(ann, "waits");
    await redis.ask("REPLICAOF", "NO", "ONE");
    await until(async () => (await readStream(redis)).includes("waits"), "the line to be taken");
  });
});

test("more waits than is kept: the lines beyond stay here, and their number is said", async () => {
  await using redis = makeRedis();
  await using ann = startHubAt(redis.url(), "ann");
  await waitForTrouble(ann, /cannot be reached/);
  using guest = await startClient(await ann.port());
  guest.write(`${numbered("line", 0, 10_100).join("\n")}\n`);
  await ann.waitFor(() => ann.output.includes('"line 10099"'), "the last line");
  await redis.start();
  const [, stayed] = await ann.waitForError(/(\d+) lines stayed here only/);
  // Entries of the hub itself, as that of its person, wait with them.
  const kept = 10_100 - Number(stayed);
  expect(kept).toBeGreaterThan(9_990);
  await until(async () => (await readStream(redis)).length === kept, "the others to cross");
  expect(await readStream(redis)).toEqual(numbered("line", 0, kept));
});

describe("it was emptied", () => {
  test("by a command: the room begins anew, with everybody in it", async () => {
    await using redis = await startRedis();
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(redis, "bea");
    write(ann, ["before"]);
    await waitForTexts(bea, "before");
    await redis.ask("FLUSHALL");
    write(ann, ["after"]);
    await Promise.all([ann, bea].map((hub) => hub.waitForError(/room lobby begins anew/)));
    await waitTogether(ann, bea);
    write(bea, ["anew"]);
    await waitForTexts(ann, "anew");
    await waitForTexts(bea, "after", "anew");
    expect(textsOf(bea)).toEqual(["before", "after", "anew"]);
    expect(textsOf(ann)).toEqual(["before", "after", "anew"]);
  });

  test("by a restart without data", async () => {
    await using redis = await startRedis("--appendonly", "no");
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(redis, "bea");
    await waitTogether(ann, bea);
    await redis.kill();
    await waitForTrouble(ann, /cannot be reached/);
    write(ann, ["in between"]);
    await redis.start();
    await Promise.all([ann, bea].map((hub) => hub.waitForError(/room lobby begins anew/)));
    for (const hub of [ann, bea]) await waitForTexts(hub, "in between");
    await expectOneRoom(redis, ann, bea);
  });
});

test("it failed over to a replica that lagged: what may be missing is said, and nothing is shown twice", async () => {
  await using primary = await startRedis();
  await using replica = await startRedis();
  using replication = new HubProxy(primary.port);
  using address = new HubProxy(primary.port);
  await replica.ask("REPLICAOF", "127.0.0.1", String(replication.port));
  await using ann = await startHub(address, "ann");
  await using bea = await startHub(address, "bea");
  write(ann, ["before"]);
  await waitForTexts(bea, "before");
  await until(async () => (await readStream(replica)).includes("before"), "the replica to have it");
  replication.hold(true);
  write(ann, ["acknowledged and lost"]);
  for (const hub of [ann, bea]) await waitForTexts(hub, "acknowledged and lost");
  replication.reset();
  await primary.kill();
  await replica.ask("REPLICAOF", "NO", "ONE");
  address.target = replica.port;
  address.reset();
  await Promise.all([ann, bea].map((hub) => hub.waitForError(/goes on after a failover, which lost/)));
  write(bea, ["after"]);
  for (const hub of [ann, bea]) await waitForTexts(hub, "after");
  for (const hub of [ann, bea]) expect(textsOf(hub)).toEqual(["before", "acknowledged and lost", "after"]);
  expect(await readStream(replica)).toEqual(["before", "after"]);
});

test("entries were trimmed while a hub was away: their number is said, and the rest is shown", async () => {
  await using redis = await startRedis();
  using proxy = new HubProxy(redis.port);
  await using ann = await startHub(redis, "ann");
  await using bea = await startHub(proxy, "bea");
  await waitTogether(ann, bea);
  proxy.target = 1;
  proxy.reset();
  await waitForTrouble(bea, /cannot be reached|closed|ECONN/);
  write(ann, numbered("line", 0, 300));
  await waitForTexts(ann, "line 299");
  await redis.ask("XTRIM", "duet:{lobby}:stream", "MAXLEN", "=", "100");
  proxy.target = redis.port;
  await waitForTexts(bea, "line 299");
  const [, missed] = await bea.waitForError(/(\d+) changes of other hubs went missing/);
  expect(Number(missed)).toBe(200);
  expect(textsOf(bea)).toEqual(numbered("line", 200, 300));
});

test("it is slow: a line is shown when it has its place, and nothing is said", async () => {
  await using redis = await startRedis();
  using proxy = new HubProxy(redis.port);
  await using ann = await startHub(proxy, "ann");
  await using bea = await startHub(proxy, "bea");
  proxy.delayMs = 250;
  write(ann, numbered("ann", 0, 20));
  write(bea, numbered("bea", 0, 20));
  await waitForTexts(ann, "bea 19", "ann 19");
  await waitForTexts(bea, "bea 19", "ann 19");
  expect(textsOf(bea)).toEqual([...textsOf(ann)]);
  expect([...troublesOf(ann), ...troublesOf(bea)]).toEqual([]);
});

describe("a hub is killed, or cut off, stopped longer than its lease, or ends", () => {
  test("killed: one row after its lease, and its entries stay", async () => {
    await using redis = await startRedis();
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(redis, "bea");
    write(bea, ["last"]);
    await waitForTexts(ann, "last");
    bea.signal("SIGKILL");
    await bea.waitForExit();
    await endLease(redis, "bea");
    await ann.waitForError(/bea's hub, with 1 member, is gone/);
    await waitTogether(ann);
    expect(roomOf(ann)["members"]).toBe(0);
    expect(await readStream(redis)).toEqual(["last"]);
  });

  test("stopped: its members left, and joined again", async () => {
    await using redis = await startRedis();
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(redis, "bea");
    await waitTogether(ann, bea);
    bea.signal("SIGSTOP");
    await endLease(redis, "bea");
    await ann.waitForError(/bea's hub, with 1 member, is gone/);
    write(ann, ["meanwhile"]);
    await waitForTexts(ann, "meanwhile");
    bea.signal("SIGCONT");
    await waitForTexts(bea, "meanwhile");
    await waitTogether(ann, bea);
    write(bea, ["back"]);
    for (const hub of [ann, bea]) await waitForTexts(hub, "back");
    await expectOneRoom(redis, ann, bea);
  });

  test("ends: its last line crosses, and one row says so", async () => {
    await using redis = await startRedis();
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(redis, "bea");
    await waitTogether(ann, bea);
    write(bea, ["bye"]);
    await waitForTexts(bea, "bye");
    bea.signal("SIGTERM");
    await bea.waitForExit();
    await ann.waitForError(/bea's hub, with 1 member, left the room/);
    expect(textsOf(ann)).toEqual(["bye"]);
    expect((await redis.ask("SMEMBERS", "duet:{lobby}:hubs")).trim().split("\n")).toHaveLength(1);
  });
});

test("two hubs take one name at once: it stays with one member, and the other has a new name", async () => {
  await using redis = await startRedis();
  await using ann = await startHub(redis, "ann");
  await using bea = await startHub(redis, "bea");
  await waitTogether(ann, bea);
  await redis.kill();
  await Promise.all([ann, bea].map((hub) => waitForTrouble(hub, /cannot be reached/)));
  const join = async (hub: Duet): Promise<Duet> => {
    const guest = startDuet([
      "--duet",
      "127.0.0.1",
      String(await hub.port()),
      "--json",
      "-v",
      "--name",
      "eve",
    ]);
    await hub.waitForError(/eve .*joined/);
    return guest;
  };
  await using near = await join(ann);
  await using far = await join(bea);
  await redis.start();
  for (const hub of [ann, bea]) await hub.waitForError(/eve.* eve~2/);
  write(near, ["from near"]);
  write(far, ["from far"]);
  const namesAt = (hub: Duet): readonly unknown[] => hub.eventsOf("message").map(({ name }) => name);
  for (const hub of [ann, bea]) {
    await waitForTexts(hub, "from near", "from far");
    expect(namesAt(hub).toSorted()).toEqual(["eve", "eve~2"]);
  }
  expect(new Set(textsOf(bea))).toEqual(new Set(textsOf(ann)));
});

test("an entry is malformed, or of a later version: the others are shown, and it is counted", async () => {
  await using redis = await startRedis();
  await using ann = await startHub(redis, "ann");
  const stream = "duet:{lobby}:stream";
  const add = (...fields: readonly string[]): Promise<string> => redis.ask("XADD", stream, "*", ...fields);
  await add("e", "no JSON");
  await add("other", "field");
  await add("e", '{"v":9}');
  await add(
    "e",
    `{"v":1,"hub":"${"a".repeat(16)}","n":1,"type":"message","member":-1,"name":"x","text":"y"}`,
  );
  await add("e", `"${"x".repeat(100_000)}"`);
  write(ann, ["on"]);
  await waitForTexts(ann, "on");
  // The first is reported at once, those after it within a minute.
  await ann.waitForError(/the room's stream has \d+ items?/);
  expect(textsOf(ann)).toEqual(["on"]);
});
