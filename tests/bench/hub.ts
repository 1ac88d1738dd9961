/**
 * `bun run bench hub [ROUNDS]`: deliveries a second in a room, duet (`-l --plain`, what users run) beside `ncat --broker`
 * and a bare hub of Bun sockets, interleaved, medians and ratios; then the cost of a hundred clients that never read. The
 * load generator is another process (hub/load.ts). Prints tables, and all figures as one line of JSON.
 */

import { cpus, release } from "node:os";
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Load {
  readonly clients: number;
  readonly senders: number;
  readonly lineBytes: number;
  /** Further clients, which never read. */
  readonly stalled: number;
  readonly seconds: number;
  /** Lines a second, all senders together; 0: flat out. */
  readonly pace: number;
}

interface Measured {
  readonly deliveriesPerSecond: number;
  readonly lost: number;
  readonly repeated: number;
  readonly reordered: number;
  readonly torn: number;
  /** Clients disconnected by the hub: of those that never read, and of the others (must be 0). */
  readonly cutOff: number;
  readonly gone: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Highest resident memory of the hub, in MiB. */
  readonly peakMib: number;
}

const rounds = Number(process.argv[3] ?? 5);
const folder = join(import.meta.dir, "hub");
const main = join(import.meta.dir, "../../src/main.ts");
const hubs = ["duet", "ncat", "bare"] as const;
type Hub = (typeof hubs)[number];

const flatOut: readonly Load[] = [10, 100, 1000].flatMap((clients) =>
  [1, 10]
    .filter((senders) => senders < clients)
    .flatMap((senders) =>
      [64, 1024].map((lineBytes) => ({ clients, senders, lineBytes, stalled: 0, seconds: 2, pace: 0 })),
    ),
);
/** In 26 seconds, 10 MB for each client: 1 GB for the hundred that never read. */
const paced = { senders: 1, lineBytes: 4096, seconds: 26, pace: 100 } as const;
const undisturbed: Load = { ...paced, clients: 1000, stalled: 0 };
const disturbed: Load = { ...paced, clients: 900, stalled: 100 };
const total = flatOut.length * rounds * hubs.length + 2 * rounds;
let done = 0;

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

function command(hub: Hub, port: number): readonly string[] {
  switch (hub) {
    case "duet":
      return [process.execPath, main, "-l", "127.0.0.1", String(port), "--plain", "-m", "20000"];
    case "ncat":
      return ["ncat", "-l", "-k", "--broker", "-m", "2000", "127.0.0.1", String(port)];
    case "bare":
      return [process.execPath, join(folder, "bare-hub.ts"), String(port)];
  }
}

async function accepts(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } });
      return socket.terminate();
    } catch {
      await Bun.sleep(10);
    }
  }
  throw new Error(`nothing listens on ${port}`);
}

async function measure(hub: Hub, load: Load): Promise<Measured | undefined> {
  const port = freePort();
  const server = Bun.spawn([...command(hub, port)], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    env: { ...process.env, NODE_ENV: "production" },
  });
  let peakMib = 0;
  const sampler = setInterval(() => (peakMib = Math.max(peakMib, residentMib(server.pid))), 50);
  try {
    await accepts(port);
    const { clients, senders, lineBytes, seconds, stalled, pace } = load;
    const words = [port, clients, senders, lineBytes, seconds, stalled, pace].map(String);
    const generator = Bun.spawn([process.execPath, join(folder, "load.ts"), ...words], { stderr: "ignore" });
    const text = await new Response(generator.stdout).text();
    return text === "" ? undefined : { ...(JSON.parse(text) as Omit<Measured, "peakMib">), peakMib };
  } finally {
    clearInterval(sampler);
    server.kill(9);
    await server.exited;
    showProgress();
  }
}

function residentMib(pid: number): number {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Math.round(Number(kib ?? 0) / 1024);
  } catch {
    return 0; // Ended, or a system without /proc.
  }
}

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

/** Lines that were not delivered exactly as sent, and clients lost. */
function faults(runs: readonly Measured[]): number {
  return runs.reduce((sum, one) => sum + one.lost + one.repeated + one.reordered + one.torn + one.gone, 0);
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
  print([clients, senders, lineBytes, ...rates, p99, faults(runs.duet)]);
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
      faults(all),
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
