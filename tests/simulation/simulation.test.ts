/** Whole chats over bad networks, one for each seed. `SIM_SEED=N bun test tests/simulation` repeats one, byte for byte. */

import { expect, test } from "bun:test";
import { simulate } from "./whole-chats.ts";
import { firstBroken } from "./seeds.ts";
import { seeded } from "../support/seeded.ts";

const only = process.env["SIM_SEED"];
const seeds = 1000;

test(
  only === undefined
    ? `${seeds} seeded chats keep every invariant`
    : `the chat of seed ${only} keeps every invariant`,
  () => {
    const from = only === undefined ? 1 : Number(only);
    const run = firstBroken(from, only === undefined ? seeds : 1);
    expect(run.broken).toBeUndefined();
    if (only !== undefined) return;
    // The networks lost datagrams, and lines were delivered nevertheless.
    expect(run.lost / run.datagrams).toBeGreaterThan(0.1);
    expect(run.received).toBeGreaterThan(run.lines / 10);
    expect(run.undelivered).toBeGreaterThan(0);
  },
);

const sealedSeeds = 250;

test(`${sealedSeeds} sealed chats, whose members move and whose records are changed on the way, keep every invariant`, () => {
  const from = only === undefined ? 1 : Number(only);
  const run = firstBroken(from, only === undefined ? sealedSeeds : 1, () => {}, "sealed");
  expect(run.broken).toBeUndefined();
  if (only !== undefined) return;
  expect(run.received).toBeGreaterThan(run.lines / 10);
});

const attackedSeeds = 250;

test(`${attackedSeeds} chats with a man in the middle show no word that was not sent, and no duet in the clear`, () => {
  const from = only === undefined ? 1 : Number(only);
  const run = firstBroken(from, only === undefined ? attackedSeeds : 1, () => {}, "attacked");
  expect(run.broken).toBeUndefined();
  if (only !== undefined) return;
  expect(run.received).toBeGreaterThan(run.lines / 20);
});

test("a seed gives the same chat every time, to the byte", () => {
  for (const seed of [3, 14, 159]) {
    expect(simulate(seed)).toEqual(simulate(seed));
    expect(simulate(seed, undefined, "attacked")).toEqual(simulate(seed, undefined, "attacked"));
    expect(simulate(seed, undefined, "sealed")).toEqual(simulate(seed, undefined, "sealed"));
  }
});

test("steps of the wall clock change nothing that is sent or received", () => {
  for (const seed of [3, 14, 159, 265]) {
    const step = seeded(seed);
    const stepping = () => Math.floor(step() * 4_000_000_000_000);
    expect(simulate(seed, stepping)).toEqual(simulate(seed));
  }
});

/**
 * Their faults: a welcome retransmitted for as long as a peer may be silent; receipts for a range of lines of which some
 * were lost; a name chosen before the welcome; and one queued behind lines that were never acknowledged.
 */
const onceBroken = [236_417, 598_817, 3887, 15_370];

test("seeds that once broke an invariant keep it", () => {
  for (const seed of onceBroken) expect(firstBroken(seed, 1).broken).toBeUndefined();
});
