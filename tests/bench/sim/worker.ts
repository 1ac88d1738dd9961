/** One core's share of the simulator: runs the seeds it is given, and gives back what they came to. */

import { firstBroken } from "../../simulation/seeds.ts";

/** Some seeds, from one on. */
export interface Share {
  readonly from: number;
  readonly count: number;
}

process.on("message", ({ from, count }: Share) => process.send?.(firstBroken(from, count)));
