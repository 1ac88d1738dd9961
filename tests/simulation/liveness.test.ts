/** Rooms with faulty members, one for each seed. `SIM_SEED=N bun test tests/simulation/liveness.test.ts` repeats one. */

import { expect, test } from "bun:test";
import { faults, honestLineMaxMs, simulateLiveness } from "./liveness.ts";

const only = process.env["SIM_SEED"];
const seeds = 150;

test(`in ${seeds} rooms with slow, silent, lying and late members, no honest line is later than ${honestLineMaxMs} ms`, () => {
  const seen = new Set<string>();
  const from = only === undefined ? 1 : Number(only);
  for (let seed = from; seed < from + (only === undefined ? seeds : 1); seed += 1) {
    const { faults: some, lines } = simulateLiveness(seed);
    for (const fault of some) seen.add(fault);
    expect(lines).toBeGreaterThan(0);
  }
  if (only === undefined) expect([...seen].toSorted()).toEqual([...faults].toSorted());
});
