/**
 * Hubs under load while a hub, Redis, or both are killed in turns. `HUB_ROUNDS=50 bun test tests/hubs/rounds` runs
 * longer. Numbers in the lines prove that nothing acknowledged is lost, nothing is shown twice, and one order holds.
 */

import { expect } from "bun:test";
import type { Duet } from "../support/duet.ts";
import { readStream, startHub, textsOf, waitShared } from "../support/hubs.ts";
import { withPrograms } from "../support/programs.ts";
import { type Redis, startRedis } from "../support/redis.ts";
import { until } from "../support/wait.ts";

const test = withPrograms(["redis-server", "redis-cli"]);
const rounds = Number(process.env["HUB_ROUNDS"] ?? 6);
const linesARound = 60;
/** Milliseconds of a long run: starts and absences of 100 to 2,000 ms a round. */
const limitMs = 60_000 + rounds * 10_000;

/** A writer of numbered lines at one hub, a few each turn of the event loop, until it is stopped. */
class Writer {
  next = 0;
  readonly #hub: Duet;
  readonly #name: string;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(hub: Duet, name: string) {
    this.#hub = hub;
    this.#name = name;
    this.#timer = setInterval(() => this.#write(), 5);
  }

  #write(): void {
    this.#hub.write(`${this.#name} ${this.next}\n${this.#name} ${this.next + 1}\n`);
    this.next += 2;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

interface Shown {
  readonly text: string;
  /** Undefined: shown before it had crossed. */
  readonly place: string | undefined;
}

const shownAt = (hub: Duet): readonly Shown[] =>
  hub
    .eventsOf("message")
    .map(({ text, place }) => ({ text: String(text), place: place as string | undefined }));

const placedAt = (hub: Duet): ReadonlyMap<string, string> =>
  new Map(shownAt(hub).flatMap(({ text, place }) => (place === undefined ? [] : [[place, text]])));

function comparePlaces(one: string, other: string): number {
  const [ms = 0, sequence = 0] = one.split("-").map(Number);
  const [otherMs = 0, otherSequence = 0] = other.split("-").map(Number);
  return ms - otherMs || sequence - otherSequence;
}

function expectOrdered(hub: Duet): void {
  const places = [...placedAt(hub).keys()];
  expect(places).toEqual(places.toSorted(comparePlaces));
  const texts = textsOf(hub);
  expect(texts.length).toBe(new Set(texts).size);
}

/** The numbers of an author's lines as a hub has shown them. */
const numbersOf = (hub: Duet, author: string): readonly number[] =>
  textsOf(hub).flatMap((text) =>
    text.startsWith(`${author} `) ? [Number(text.slice(author.length + 1))] : [],
  );

async function awaitLoad(witness: Duet): Promise<void> {
  const before = witness.eventsOf("message").length;
  await until(() => witness.eventsOf("message").length >= before + linesARound, "lines under load");
}

test(
  `${rounds} rounds of kill -9 under load lose nothing acknowledged, show nothing twice, and keep one order`,
  async () => {
    await using redis = await startRedis();
    await using ann = await startHub(redis, "ann");
    await using bea = await startHub(redis, "bea");
    const writers = [new Writer(ann, "ann"), new Writer(bea, "bea")] as const;
    const victims: Duet[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const victim = await startHub(redis, `cid${round}`);
      victims.push(victim);
      const writer = new Writer(victim, `cid${round}`);
      await awaitLoad(ann);
      await kill(redis, victim, (["hub", "Redis", "both"] as const)[round % 3]!, writer);
      for (const hub of [ann, bea]) await waitShared(hub);
      await awaitLoad(bea);
      writer.stop();
      victim.signal("SIGKILL");
      await victim.waitForExit();
    }
    for (const writer of writers) writer.stop();
    await expectAllShown(redis, [ann, bea], writers, victims);
  },
  limitMs,
);

async function kill(
  redis: Redis,
  victim: Duet,
  what: "hub" | "Redis" | "both",
  writer: Writer,
): Promise<void> {
  if (what !== "Redis") {
    writer.stop();
    victim.signal("SIGKILL");
    await victim.waitForExit();
  }
  if (what === "hub") return;
  await redis.kill();
  await redis.start();
}

async function expectAllShown(
  redis: Redis,
  witnesses: readonly [Duet, Duet],
  writers: readonly [Writer, Writer],
  victims: readonly Duet[],
): Promise<void> {
  const [ann, bea] = witnesses;
  const isWhole = (hub: Duet, author: string, { next }: Writer): boolean =>
    numbersOf(hub, author).length === next;
  const authors = [
    ["ann", writers[0]],
    ["bea", writers[1]],
  ] as const;
  for (const [author, writer] of authors)
    for (const hub of witnesses)
      await hub.waitFor(() => isWhole(hub, author, writer), `all ${writer.next} lines of ${author}`, 20_000);
  await until(
    () => new Set(textsOf(ann)).symmetricDifference(new Set(textsOf(bea))).size === 0,
    "the same lines at both",
  );
  for (const hub of witnesses) {
    expectOrdered(hub);
    for (const author of ["ann", "bea"]) {
      const numbers = numbersOf(hub, author);
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    }
  }
  const stream = await readStream(redis);
  expect(new Set(stream)).toEqual(new Set(textsOf(ann)));
  const known = placedAt(ann);
  for (const [place, text] of placedAt(bea)) expect(known.get(place) ?? text).toBe(text);
  const shown = new Set(textsOf(ann));
  for (const victim of victims) {
    expectOrdered(victim);
    expect([...placedAt(victim).values()].filter((text) => !shown.has(text))).toEqual([]);
  }
  process.stdout.write(
    `${rounds} rounds: ${shown.size} lines, ${stream.length} entries, none lost or twice\n`,
  );
}
