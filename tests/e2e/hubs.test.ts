/** One room on several machines, with a real Redis: duets that listen, and programs that know nothing of it. */

import { expect } from "bun:test";
import { writeFileSync } from "node:fs";
import { Folder, startDuet } from "../support/duet.ts";
import { endLease, placesOf, readStream, roomOf, startHub, textsOf, waitShared } from "../support/hubs.ts";
import { startClient } from "../support/raw-client.ts";
import { withPrograms } from "../support/programs.ts";
import { startRedis } from "../support/redis.ts";
import { until } from "../support/wait.ts";

const test = withPrograms(["redis-server", "redis-cli", "nc"]);

test("programs at two hubs are in one room, and the stream is what every hub has shown", async () => {
  await using redis = await startRedis();
  await using ann = await startHub(redis, "ann");
  await using bea = await startHub(redis, "bea");
  using near = await startClient(await ann.port());
  using far = await startClient(await bea.port());
  for (let number = 0; number < 20; number += 1) {
    near.write(`near ${number}\n`);
    far.write(`far ${number}\n`);
    ann.write(`ann ${number}\n`);
  }
  await until(() => textsOf(ann).length === 60 && textsOf(bea).length === 60, "all messages at both hubs");
  expect(textsOf(bea)).toEqual([...textsOf(ann)]);
  expect(await readStream(redis)).toEqual([...textsOf(ann)]);
  expect(placesOf(bea)).toEqual([...placesOf(ann)]);
  await far.waitFor(() => far.text.includes("near 19\n") && far.text.includes("ann 19\n"), "the last lines");
  const linesFrom = (text: string, word: string) => text.match(new RegExp(`${word} \\d+(?=\\n)`, "g"));
  expect(linesFrom(far.text, "near")).toHaveLength(20);
  expect(linesFrom(far.text, "far")).toBeNull();
});

test("a line is sent once it is in the stream, and received when the duets of all hubs have shown it", async () => {
  await using redis = await startRedis();
  await using ann = await startHub(redis, "ann");
  await using bea = await startHub(redis, "bea");
  await using cid = await startHub(redis, "cid");
  await ann.waitFor(() => ann.eventsOf("room").at(-1)?.["hubs"] === 3, "both others");
  ann.write("counted\n");
  await ann.waitForEvent({ type: "receipt", stage: "received" });
  const { id } = await ann.waitForEvent({ type: "message", text: "counted" });
  expect(ann.eventsOf("receipt").map((event) => [event["id"], event["stage"]])).toEqual([
    ...[
      [id, "sent"],
      [id, "received"],
    ],
  ]);
  const stages = ann.events.flatMap(({ type }) => (type === "message" || type === "receipt" ? [type] : []));
  expect(stages).toEqual(["message", "receipt", "receipt"]);
  expect([textsOf(bea), textsOf(cid)]).toEqual([["counted"], ["counted"]]);
});

test("lines that were written while Redis was killed cross once it is back, and none twice", async () => {
  await using redis = await startRedis();
  await using ann = await startHub(redis, "ann");
  await using bea = await startHub(redis, "bea");
  ann.write("before\n");
  await until(() => textsOf(ann).length === 1 && textsOf(bea).length === 1, "the line before");
  await redis.kill();
  await ann.waitForEvent({ type: "error", code: "EROOM" });
  ann.write("meanwhile 1\nmeanwhile 2\n");
  await until(() => textsOf(ann).length === 3, "both lines here");
  expect(placesOf(ann)).toEqual([expect.any(String), undefined, undefined]);
  await redis.start();
  await until(() => textsOf(bea).length === 3, "both lines there");
  ann.write("after\n");
  await until(() => textsOf(bea).length === 4, "the line after");
  expect(textsOf(bea)).toEqual(["before", "meanwhile 1", "meanwhile 2", "after"]);
  expect(await readStream(redis)).toEqual([...textsOf(bea)]);
});

test("a hub that is killed is gone from the others after its lease, in one row", async () => {
  await using redis = await startRedis();
  await using ann = await startHub(redis, "ann");
  await using bea = await startHub(redis, "bea");
  bea.signal("SIGKILL");
  await bea.waitForExit();
  await endLease(redis, "bea");
  await ann.waitFor(() => roomOf(ann)["hubs"] === 1, "the hub to be gone");
});

test("an engine that cannot be used is named with its reason, and its password is nowhere", async () => {
  await using redis = await startRedis("--requirepass", "right");
  const wrong = `redis://:hush-hush@127.0.0.1:${redis.port}/lobby`;
  await using ann = startDuet(["-l", "0", "--json", "--verbose", "--name", "ann", "--room", wrong]);
  const { message, hint } = await ann.waitForEvent({ type: "error", code: "EROOM" });
  expect(message).toBe(
    `redis://127.0.0.1:${redis.port}/lobby refuses the user, the password, or a right that a hub needs: the room goes on here only`,
  );
  expect(hint).toContain("compare the user and password");
  await redis.kill();
  await ann.waitFor(
    () => ann.eventsOf("error").some((event) => /cannot be reached/.test(String(event["message"]))),
    "the next reason",
  );
  expect(ann.output + ann.errors).not.toContain("hush-hush");
});

test("the engine's URL may be in a file, or its host in REDIS_URL", async () => {
  await using redis = await startRedis("--requirepass", "pass%word");
  const url = `redis://:${encodeURIComponent("pass%word")}@127.0.0.1:${redis.port}`;
  await using ann = startDuet(["-l", "0", "--json", "--name", "ann", "--room", "lobby"], {
    env: { REDIS_URL: `${url}/0` },
  });
  await waitShared(ann);
  await using bea = startDuet(["-l", "0", "--json", "--name", "bea", "--room", redis.url()], {
    env: { REDIS_URL: url },
  });
  await waitShared(bea);
  bea.write("hello\n");
  await until(() => textsOf(ann).includes("hello"), "the line");
});

test("what redis-cli writes into the stream in the name of a hub is shown nowhere", async () => {
  await using redis = await startRedis();
  await using ann = await startHub(redis, "ann");
  await using bea = await startHub(redis, "bea");
  ann.write("from ann\n");
  await until(() => textsOf(bea).length === 1, "the line");
  const stream = "duet:{lobby}:stream";
  const printed = await redis.ask("XREVRANGE", stream, "+", "-", "COUNT", "1");
  const [, text = "", proof = ""] = /(\{.*\})\n(\S+)/.exec(printed) ?? [];
  for (const forged of [text.replace("from ann", "forged"), text.replace(/"n":\d+/, '"n":99'), text])
    await redis.ask("XADD", stream, "*", "e", `${forged}\n${proof}`);
  await redis.ask("XADD", stream, "*", "e", text.replace(/"n":\d+/, '"n":99'));
  bea.write("behind them\n");
  await until(() => [ann, bea].every((hub) => textsOf(hub).includes("behind them")), "the line behind them");
  for (const hub of [ann, bea]) expect(textsOf(hub)).toEqual(["from ann", "behind them"]);
});

test("in a room with a password Redis has none of the words, the names and the password", async () => {
  await using redis = await startRedis();
  using folder = new Folder();
  const password = folder.join("password");
  writeFileSync(password, "swordfish-of-the-deep\n", { mode: 0o600 });
  const args = ["-l", "0", "--json", "--room", redis.url(), "--password", `file:${password}`];
  await using ann = startDuet([...args, "--name", "annabel"]);
  await using bea = startDuet([...args, "--name", "beatrice"]);
  await Promise.all([waitShared(ann), waitShared(bea)]);
  ann.write("a line that nobody else reads\n");
  await until(() => textsOf(bea).length === 1, "the line");
  await using cid = startDuet(["-l", "0", "--json", "--name", "cid", "--room", redis.url()]);
  const { message } = await cid.waitForEvent({ type: "error", code: "EROOM" });
  expect(message).toContain("has the room under a password, which this hub lacks");
  const kept = await redis.ask("--scan");
  const keys = kept.trim().split("\n");
  const all = await Promise.all(
    keys.map((key) =>
      key.endsWith("stream")
        ? redis.ask("XRANGE", key, "-", "+")
        : redis.ask(key.endsWith("hubs") ? "SMEMBERS" : "HGETALL", key),
    ),
  );
  expect(all.join("\n").length).toBeGreaterThan(500);
  for (const word of ["nobody else reads", "annabel", "beatrice", "swordfish", '"message"'])
    expect([kept, ...all].join("\n")).not.toContain(word);
});

test("a room is refused with a sentence where it cannot be one", async () => {
  for (const [args, sentence] of [
    [["--room", "redis://h/r", "127.0.0.1", "8080"], "--room shares the room of a listener: add -l"],
    [["-l", "--room", "redis://h"], "--room lacks the room: write redis://HOST[:PORT]/ROOM"],
    [["-l", "--room", "http://h/r"], "--room takes a URL of redis:// or rediss://"],
    [["-l", "--room", "lobby"], "--room lobby needs an engine: write redis://HOST/lobby, or set REDIS_URL"],
    [["-l", "--raw", "--room", "redis://h/r"], "--room and --raw"],
  ] as const) {
    await using duet = startDuet([...args], { env: { REDIS_URL: "" } });
    await duet.waitForExit();
    expect(duet.errors).toContain(sentence);
  }
});
