/** Simulates the shares of seeds that it receives from its parent, and sends back the sums of each. */

import { firstBroken } from "../../simulation/seeds.ts";

/** `count` seeds from `from` on. */
export interface Share {
  readonly from: number;
  readonly count: number;
}

process.on("message", ({ from, count }: Share) => process.send?.(firstBroken(from, count)));
