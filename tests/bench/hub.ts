/**
 * `bun run bench hub [ROUNDS]`: a room's deliveries a second, duet (`-l --plain`, what users run) beside `ncat --broker`
 * and a bare hub of Bun's sockets, interleaved, medians and ratios. The load is a process of its own (hub/load.ts).
 */

import { join } from "node:path";

interface Load {
  readonly clients: number;
  readonly senders: number;
  readonly lineBytes: number;
  readonly stalled: number;
}

interface Measured {
  readonly deliveriesPerSecond: number;
  readonly lost: number;
  readonly repeated: number;
  readonly p99Ms: number;
}

const seconds = 2;
const rounds = Number(process.argv[3] ?? 5);
const folder = join(import.meta.dir, "hub");
const main = join(import.meta.dir, "../../src/main.ts");
const hubs = ["duet", "ncat", "bare"] as const;
type Hub = (typeof hubs)[number];

const loads: readonly Load[] = [
  ...[10, 100, 1000].flatMap((clients) =>
    [1, 10].flatMap((senders) =>
      [64, 1024].map((lineBytes) => ({ clients, senders, lineBytes, stalled: 0 })),
    ),
  ),
  { clients: 100, senders: 1, lineBytes: 1024, stalled: 10 },
].filter(({ clients, senders }) => senders < clients);

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
  // ncat waits for descriptors with select, and one client that stops reading stops it for everybody.
  if (hub === "ncat" && (load.clients >= 1000 || load.stalled > 0)) return undefined;
  const port = freePort();
  const server = Bun.spawn([...command(hub, port)], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    env: { ...process.env, NODE_ENV: "production" },
  });
  try {
    await accepts(port);
    const { clients, senders, lineBytes, stalled } = load;
    const words = [port, clients, senders, lineBytes, seconds, stalled].map(String);
    const generator = Bun.spawn([process.execPath, join(folder, "load.ts"), ...words], { stderr: "ignore" });
    const text = await new Response(generator.stdout).text();
    return text === "" ? undefined : (JSON.parse(text) as Measured);
  } finally {
    server.kill(9);
    await server.exited;
  }
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function millions(value: number | undefined): string {
  return value === undefined ? "–" : `${(value / 1e6).toFixed(2)} M`;
}

const results: unknown[] = [];
let done = 0;
process.stdout.write(
  "| clients | senders | bytes | stalled | duet | ncat | bare Bun | duet/ncat | duet/bare | p99 ms | lost |\n",
);
process.stdout.write("|---|---|---|---|---|---|---|---|---|---|---|\n");
for (const load of loads) {
  const runs: Record<Hub, Measured[]> = { duet: [], ncat: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const hub of hubs) {
      const measured = await measure(hub, load);
      if (measured !== undefined) runs[hub].push(measured);
      done += 1;
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${loads.length * rounds * hubs.length} `);
    }
  }
  const rate = (hub: Hub) => median(runs[hub].map(({ deliveriesPerSecond }) => deliveriesPerSecond));
  const [duet, ncat, bare] = hubs.map(rate);
  const ratio = (other: number | undefined) =>
    duet === undefined || other === undefined ? "–" : (duet / other).toFixed(2);
  const p99 = median(runs.duet.map(({ p99Ms }) => p99Ms)) ?? "–";
  const lost = runs.duet.reduce((sum, { lost, repeated }) => sum + lost + repeated, 0);
  const { clients, senders, lineBytes, stalled } = load;
  const cells = [clients, senders, lineBytes, stalled, millions(duet), millions(ncat), millions(bare)];
  process.stdout.write(`| ${[...cells, ratio(ncat), ratio(bare), p99, lost].join(" | ")} |\n`);
  results.push({ ...load, runs });
}
process.stdout.write(`${JSON.stringify(results)}\n`);
