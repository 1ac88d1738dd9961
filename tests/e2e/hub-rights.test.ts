/** The rights that a hub needs of its engine are those of the line in README.md, and no others. */

import { expect } from "bun:test";
import { startDuet } from "../support/duet.ts";
import { waitShared } from "../support/hubs.ts";
import { startClient } from "../support/raw-client.ts";
import { withPrograms } from "../support/programs.ts";
import { type Redis, startRedis } from "../support/redis.ts";
import { until } from "../support/wait.ts";

const test = withPrograms(["redis-server", "redis-cli"]);

/** The words behind `ACL SETUSER` in README.md, for a user with this password. */
async function readRights(password: string): Promise<readonly string[]> {
  const readme = await Bun.file(new URL("../../README.md", import.meta.url)).text();
  const [, line = ""] = /ACL SETUSER ((?:.*\\\n)*.*)/.exec(readme) ?? [];
  return line
    .replaceAll("\\\n", " ")
    .replaceAll("'", "")
    .trim()
    .split(/\s+/)
    .map((word) => (word.startsWith(">") ? `>${password}` : word));
}

/** The commands that were called so far, as an ACL names them. */
async function listCalled(redis: Redis): Promise<ReadonlySet<string>> {
  const stats = await redis.ask("INFO", "commandstats");
  return new Set([...stats.matchAll(/cmdstat_([a-z|_]+):calls=[1-9]/g)].map(([, name = ""]) => name));
}

test("a hub with the rights of README.md does all that it does, and calls every one of them", async () => {
  await using redis = await startRedis();
  const [user = "", ...rights] = await readRights("pass%word");
  expect(await redis.ask("ACL", "SETUSER", user, ...rights)).toBe("OK\n");
  await redis.ask("CONFIG", "RESETSTAT");
  const url = `redis://${user}:${encodeURIComponent("pass%word")}@127.0.0.1:${redis.port}/lobby`;
  const start = (name: string) => startDuet(["-l", "0", "--json", "--name", name, "--room", url]);
  await using ann = start("ann");
  await ann.waitForEvent({ type: "room", state: "shared" });
  await using bea = start("bea");
  await bea.waitForEvent({ type: "room", state: "shared" });
  const guest = await startClient(await bea.port());
  guest.write("hello\n");
  await ann.waitForEvent({ type: "message", text: "hello" });
  guest[Symbol.dispose]();
  const granted = rights.flatMap((word) => (word.startsWith("+") ? [word.slice(1)] : []));
  const missing = async () => {
    const called = await listCalled(redis);
    return granted.filter((name) => !called.has(name));
  };
  // A renewal of the leases, and a connection that begins anew and asks why.
  await until(async () => (await listCalled(redis)).has("xtrim"), "the leases to be renewed");
  // A field that a registration finds, and no member has any more.
  for (const id of (await redis.ask("SMEMBERS", "duet:{lobby}:hubs")).trim().split("\n"))
    await redis.ask("HSET", `duet:{lobby}:hub:${id}`, "stale", "x");
  await redis.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  for (const hub of [ann, bea]) {
    await hub.waitForEvent({ type: "room", state: "here-only" });
    await waitShared(hub);
  }
  bea.signal("SIGTERM");
  await bea.waitForExit();
  await until(async () => (await missing()).length === 0, "a call of each command");
  const refused = ann.eventsOf("error").filter(({ message }) => /refuses/.test(String(message)));
  expect(refused).toEqual([]);
  const called = [...(await listCalled(redis))].filter(
    (name) => !/^(acl|config|info|auth|hello|client|command)/.test(name),
  );
  expect(called.toSorted()).toEqual(granted.toSorted());
});

test("the rights of README.md reach the keys of rooms alone", async () => {
  await using redis = await startRedis();
  const [user = "", ...rights] = await readRights("word");
  await redis.ask("ACL", "SETUSER", user, ...rights);
  const asUser = (...words: readonly string[]) => redis.ask("--user", user, "--pass", "word", ...words);
  expect(await asUser("HSET", "duet:{lobby}:room", "run", "x")).toBe("1\n");
  expect(await asUser("HSET", "other", "a", "b")).toContain("NOPERM");
  for (const command of ["FLUSHALL", "KEYS *", "CONFIG GET dir", "ACL LIST", "SHUTDOWN", "EVAL return 0"])
    expect(await asUser(...command.split(" "))).toContain("NOPERM");
});
