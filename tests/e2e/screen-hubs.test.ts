/** One room on two machines, as two people see it: two hubs on terminals of their own, nc at each, and a real Redis. */

import { expect } from "bun:test";
import { startProgram } from "../support/processes.ts";
import { withPrograms } from "../support/programs.ts";
import { type Redis, startRedis } from "../support/redis.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";

const test = withPrograms(["redis-server", "redis-cli", "nc"]);

async function startHub(redis: Redis, name: string): Promise<ScreenDuet> {
  const args = ["-l", "127.0.0.1", "0", "--name", name, "--room", redis.url()];
  const hub = await startOnScreen(args, { columns: 120, rows: 28 });
  await hub.sees(/room lobby · \d+ hubs?/);
  return hub;
}

const startNc = async (hub: ScreenDuet) => startProgram(["nc", "127.0.0.1", String(await hub.port())]);

/** The texts of the conversation on a screen, in their order. */
function textsOn(hub: ScreenDuet, texts: readonly string[]): readonly string[] {
  return hub
    .drawn()
    .split("\n")
    .flatMap((row) => texts.filter((text) => row.includes(`│ ${text}`)));
}

test("two hubs on two terminals, with nc at each, are one room for all four", async () => {
  await using redis = await startRedis();
  await using ann = await startHub(redis, "ann");
  await using bea = await startHub(redis, "bea");
  await ann.sees("room lobby · 2 hubs · 2 here");
  await using near = await startNc(ann);
  await using far = await startNc(bea);
  near.write("from near\n");
  await bea.sees("from near");
  far.write("from far\n");
  await ann.sees("from far");
  await ann.sees("room lobby · 2 hubs · 4 here");
  ann.say("from ann");
  await bea.sees("from ann");
  bea.say("from bea");
  await ann.sees("from bea");
  await bea.sees(/from bea {2}✓/);
  const texts = ["from near", "from far", "from ann", "from bea"];
  expect(textsOn(ann, texts)).toEqual(texts);
  expect(textsOn(bea, texts)).toEqual(texts);
  await near.waitFor(() => near.output.includes("<bea> from bea\n"), "the last line at nc");
  await far.waitFor(() => far.output.includes("from bea\n"), "the last line at the other nc");
  expect(near.output).not.toContain("<ann>");
  ann.say("/msg bea between us");
  await bea.sees(/ann → you │ between us/);
  await ann.sees(/→ bea │ between us/);
  expect(await redis.ask("XRANGE", "duet:{lobby}:stream", "-", "+")).not.toContain("between us");
  await ann.sees("bea's hub: 2 members");
  expect(far.output + near.output).not.toContain("between us");
});

test("while Redis is away the bar says since when, and lines are marked until they have crossed", async () => {
  await using redis = await startRedis();
  await using ann = await startHub(redis, "ann");
  await using bea = await startHub(redis, "bea");
  await using far = await startNc(bea);
  far.write("hello\n");
  await ann.sees("hello");
  await redis.kill();
  await ann.sees(/here only since \d\d:\d\d/);
  ann.say("meanwhile");
  await ann.sees("meanwhile [here only]");
  expect(far.output).not.toContain("meanwhile");
  await redis.start();
  await bea.sees("meanwhile");
  await ann.sees(/meanwhile {2}✓/);
  await ann.sees("is shared again");
  expect(ann.drawn()).not.toContain("here only since");
  await far.waitFor(() => far.output.includes("<ann> meanwhile\n"), "the line at nc");
  expect(far.output.match(/meanwhile/g)).toHaveLength(1);
});
