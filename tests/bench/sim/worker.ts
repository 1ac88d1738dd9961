/** One core's share of the simulator: runs the seeds it is given, and gives back what they came to. */

import { firstBroken, type Run } from "../../simulation/seeds.ts";

/** Some seeds, from one on. */
export interface Share {
  readonly from: number;
  readonly count: number;
}

declare const self: Worker;

self.onmessage = ({ data }: MessageEvent<Share>): void => {
  const run: Run = firstBroken(data.from, data.count);
  self.postMessage(run);
};
