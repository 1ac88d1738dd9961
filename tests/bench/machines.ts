/**
 * `bun run bench machines [CLIENTS] [ROUNDS]`: three hubs of one room through a real Redis beside three hubs of rooms of their
 * own, with CLIENTS (default 1,000) at each, interleaved; medians of the ratios within each round. Then the time from a
 * client of one hub to a client of another at 5,000 messages a second.
 */

import { loadavg } from "node:os";
import { startRedis } from "../support/redis.ts";
import { median } from "./report/median.ts";
import { clearProgress, showProgress } from "./report/progress.ts";
import { formatTable } from "./report/table.ts";
import { Machines } from "./machines/machines.ts";

const clients = Number(process.argv[3] ?? 1000);
const rounds = Number(process.argv[4] ?? 3);
const seconds = 2;

async function measureRate(isShared: boolean, isFramed: boolean, speakers: number): Promise<number> {
  await using redis = await startRedis("--appendfsync", "everysec");
  await using machines = await Machines.start(isShared ? redis.url() : undefined, clients, isFramed);
  return await machines.measureRate(isShared ? 1 : 3, speakers, seconds);
}

const rows: string[][] = [];
for (const isFramed of [false, true])
  for (const speakers of [1, 30]) {
    const shared: number[] = [];
    const ratios: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      showProgress(`${isFramed ? "framed" : "raw"}, ${speakers} speakers, round ${round} of ${rounds}`);
      const apart = await measureRate(false, isFramed, speakers);
      const together = await measureRate(true, isFramed, speakers);
      shared.push(together);
      ratios.push(together / apart);
    }
    const rate = `${(median(shared) / 1e6).toFixed(2)} M`;
    rows.push([
      isFramed ? "framed" : "raw",
      String(clients),
      String(speakers),
      rate,
      median(ratios).toFixed(2),
    ]);
  }
clearProgress();
process.stdout.write(
  formatTable({ head: ["room", "clients a hub", "speakers", "deliveries a second", "shared/apart"], rows }),
);

const p50: number[] = [];
const p99: number[] = [];
for (let round = 1; round <= rounds; round += 1) {
  showProgress(`latency, round ${round} of ${rounds}`);
  await using redis = await startRedis("--appendfsync", "everysec");
  await using machines = await Machines.start(redis.url(), 5, false);
  const latenciesMs = (await machines.measureLatency(5000, 3)).toSorted((one, other) => one - other);
  p50.push(latenciesMs[latenciesMs.length >> 1] ?? Number.NaN);
  p99.push(latenciesMs[Math.floor(latenciesMs.length * 0.99)] ?? Number.NaN);
}
clearProgress();
process.stdout.write(
  `\n${formatTable({
    head: ["hub to hub, 5,000 messages a second", "p50 ms", "p99 ms"],
    rows: [["AOF everysec", median(p50).toFixed(2), median(p99).toFixed(2)]],
  })}`,
);
process.stdout.write(`\nload ${loadavg()[0]?.toFixed(1)}\n`);
