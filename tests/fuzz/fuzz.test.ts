/** Every law holds for the committed inputs of the fuzzer, and for mutations of them. No module is instrumented. */

import { expect, test } from "bun:test";
import { seeded } from "../support/seeded.ts";
import { readCorpus } from "./corpus.ts";
import { mutate } from "./mutate.ts";
import type { FuzzTarget } from "./target.ts";
import { targets } from "./targets/all.ts";

const mutationsPerTarget = 500;

/** Throws with the input, which a failing law alone does not name. */
function runNamed(target: FuzzTarget, input: Uint8Array): void {
  try {
    target.run(input);
  } catch (error) {
    throw new Error(`${target.name}, base64 ${Buffer.from(input).toString("base64")}`, { cause: error });
  }
}

function readInputs(target: FuzzTarget): readonly Uint8Array[] {
  return [...target.seeds.map((seed) => Buffer.from(seed)), ...readCorpus(target.name)];
}

test.each(targets.map((target) => [target.name, target] as const))("the corpus of %s", (_name, target) => {
  expect(readCorpus(target.name).length).toBeGreaterThan(0);
  for (const input of readInputs(target)) runNamed(target, input);
});

test.each(targets.map((target) => [target.name, target] as const))("mutations of %s", (_name, target) => {
  const others = readInputs(target);
  const random = seeded(20_261_129);
  const sources = { random, tokens: target.tokens, others, maxBytes: 1024 };
  for (let count = 0; count < mutationsPerTarget; count += 1)
    runNamed(target, mutate(others[Math.floor(random() * others.length)] ?? new Uint8Array(0), sources));
});
