/**
 * `bun run bench hub [ROUNDS]`: deliveries a second in a room, duet (`-l --plain`, what users run) beside `ncat --broker`
 * and a bare hub of Bun sockets, interleaved, medians and ratios; then the cost of a hundred clients that never read. The
 * load generator is another process (hub/load.ts). Prints tables, and all figures as one line of JSON.
 */

import { cpus, release } from "node:os";
import { countFaults, type Load, type Measured, measureHub } from "./hub/measure-hub.ts";

const rounds = Number(process.argv[3] ?? 5);
const hubs = ["duet", "ncat", "bare"] as const;
type Hub = (typeof hubs)[number];

const flatOut: readonly Load[] = [10, 100, 1000].flatMap((clients) =>
  [1, 10]
    .filter((senders) => senders < clients)
    .flatMap((senders) =>
      [64, 1024].map((lineBytes) => ({
        clients,
        senders,
        lineBytes,
        stalled: 0,
        seconds: 2,
        pace: 0,
        warmUpMs: 1000,
      })),
    ),
);
/** In 26 seconds, 10 MB for each client: 1 GB for the hundred that never read. */
const paced = { senders: 1, lineBytes: 4096, seconds: 26, pace: 100, warmUpMs: 0 } as const;
const undisturbed: Load = { ...paced, clients: 1000, stalled: 0 };
const disturbed: Load = { ...paced, clients: 900, stalled: 100 };
const total = flatOut.length * rounds * hubs.length + 2 * rounds;
let done = 0;

function showProgress(): void {
  done += 1;
  if (!process.stderr.isTTY) return;
  const filled = Math.round((done / total) * 30);
  process.stderr.write(`\r[${"#".repeat(filled).padEnd(30, ".")}] ${done} of ${total} `);
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function millions(value: number | undefined): string {
  return value === undefined ? "–" : `${(value / 1e6).toFixed(2)} M`;
}

function ratio(one: number | undefined, other: number | undefined): string {
  return one === undefined || other === undefined || other === 0 ? "–" : (one / other).toFixed(2);
}

async function measure(hub: Hub, load: Load): Promise<Measured | undefined> {
  const measured = await measureHub(hub, load);
  showProgress();
  return measured;
}

function print(cells: readonly (string | number)[]): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}

async function runFlatOut(load: Load): Promise<Record<Hub, Measured[]>> {
  const runs: Record<Hub, Measured[]> = { duet: [], ncat: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const hub of hubs) {
      const measured = await measure(hub, load);
      if (measured !== undefined) runs[hub].push(measured);
    }
  }
  const rate = (hub: Hub) => median(runs[hub].map(({ deliveriesPerSecond }) => deliveriesPerSecond));
  const [duet, ncat, bare] = hubs.map(rate);
  const p99 = median(runs.duet.map(({ p99Ms }) => p99Ms)) ?? "–";
  const { clients, senders, lineBytes } = load;
  const rates = [millions(duet), millions(ncat), millions(bare), ratio(duet, ncat), ratio(duet, bare)];
  print([clients, senders, lineBytes, ...rates, p99, countFaults(runs.duet)]);
  return runs;
}

async function runStalled(): Promise<Record<"undisturbed" | "disturbed", Measured[]>> {
  const runs: Record<"undisturbed" | "disturbed", Measured[]> = { undisturbed: [], disturbed: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, load] of [
      ["undisturbed", undisturbed],
      ["disturbed", disturbed],
    ] as const) {
      const measured = await measure("duet", load);
      if (measured !== undefined) runs[name].push(measured);
    }
  }
  const p99 = (all: readonly Measured[]) => median(all.map(({ p99Ms }) => p99Ms));
  const peak = (all: readonly Measured[]) => median(all.map(({ peakMib }) => peakMib));
  for (const name of ["undisturbed", "disturbed"] as const) {
    const all = runs[name];
    const cut = median(all.map(({ cutOff }) => cutOff)) ?? "–";
    print([
      name,
      cut,
      p99(all) ?? "–",
      ratio(p99(all), p99(runs.undisturbed)),
      peak(all) ?? "–",
      countFaults(all),
    ]);
  }
  return runs;
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? "?"}, Linux ${release()}, Bun ${Bun.version}, medians of ${rounds}`;
process.stdout.write(`${machine}\n\n`);
print([
  "clients",
  "senders",
  "bytes",
  "duet",
  "ncat",
  "bare Bun",
  "duet/ncat",
  "duet/bare",
  "p99 ms",
  "faults",
]);
print(Array.from({ length: 10 }, () => "---"));
const results: unknown[] = [];
for (const load of flatOut) results.push({ ...load, runs: await runFlatOut(load) });
process.stdout.write("\n");
print(["1,000 clients, 4 KiB lines, 100 a second", "cut off", "p99 ms", "ratio", "peak MiB", "faults"]);
print(Array.from({ length: 6 }, () => "---"));
results.push({ ...disturbed, runs: await runStalled() });
process.stdout.write(`\n${JSON.stringify({ machine, results })}\n`);
