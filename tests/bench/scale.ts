/**
 * `bun run bench scale [CONNECTIONS]`: the cost of many silent connections to one listening duet: memory and processor
 * time for each, while they connect, stay and disconnect, and the time in which a line reaches all of them. The clients
 * run in other processes, as many as the limit of descriptors requires.
 */

import { join } from "node:path";
import { until } from "../support/wait.ts";
import { clearProgress, showProgress } from "./report/progress.ts";

const connections = Number(process.argv[3] ?? 10_000);
const main = join(import.meta.dir, "../../src/main.ts");
const crowd = join(import.meta.dir, "hub/crowd.ts");
/** Descriptors of a client process that are no connections. */
const spare = 200;
/** Without processor time for so long, the duet is idle. */
const restMs = 1000;
const restWithinMs = 60_000;
const idleMs = 10_000;
const rounds = 20;

interface Usage {
  readonly residentKib: number;
  readonly processorMs: number;
}

const limit = Number(Bun.spawnSync(["sh", "-c", "ulimit -n"]).stdout.toString());
if (!(limit * 0.8 > connections)) {
  process.stderr.write(`bench: ${connections} connections need more descriptors than ${limit}: ulimit -n\n`);
  process.exit(1);
}
const hub = Bun.spawn(
  [process.execPath, main, "-l", "127.0.0.1", "0", "--plain", "-m", String(connections + 10)],
  {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    env: { ...process.env, NODE_ENV: "production" },
  },
);
const port = await portOf(hub.stderr);
const empty = await readUsage();
const perCrowd = Math.min(connections, limit - spare);
const crowds = [];
for (let left = connections; left > 0; left -= perCrowd) {
  const words = [crowd, String(port), String(Math.min(left, perCrowd))];
  crowds.push(Bun.spawn([process.execPath, ...words], { stdin: "pipe", stdout: "pipe", stderr: "inherit" }));
}
showProgress(`connecting ${connections} clients`);
const readers = crowds.map(({ stdout }) => lines(stdout));
await Promise.all(readers.map((reader) => reader.next()));
showProgress("waiting until all are at rest");
const connected = await measureAtRest();
await Bun.sleep(idleMs);
const idle = await readUsage();
showProgress("sending lines to all");
const tookMs = await measureFanOut();
const afterLines = await readUsage();
showProgress("disconnecting");
for (const { stdin } of crowds) void stdin.end();
await Promise.all(crowds.map(({ exited }) => exited));
const disconnected = await measureAtRest();
hub.kill(9);

const each = (ms: number): string => `${((ms / connections) * 1000).toFixed(0)} µs`;
const rows: readonly (readonly [string, string])[] = [
  ["memory before, with all, and after", [empty, connected, disconnected].map(mebibytes).join(", ")],
  ["memory for each", `${((connected.residentKib - empty.residentKib) / connections).toFixed(1)} KiB`],
  ["processor time for each to connect", each(connected.processorMs - empty.processorMs)],
  ["processor time for each to disconnect", each(disconnected.processorMs - afterLines.processorMs)],
  ["processor idle", `${(((idle.processorMs - connected.processorMs) / idleMs) * 100).toFixed(2)} %`],
  ["a line to all of them, median", `${tookMs.toFixed(1)} ms`],
];
clearProgress();
process.stdout.write(`| ${connections} connections | memory and time |\n|---|---|\n`);
for (const row of rows) process.stdout.write(`| ${row.join(" | ")} |\n`);
process.stdout.write(
  `${JSON.stringify({ connections, empty, here: connected, idle, gone: disconnected, lineToAllMs: tookMs })}\n`,
);
process.exit(0);

/** Sends lines one after another; the median time until all clients have received one. */
async function measureFanOut(): Promise<number> {
  const sender = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {}, error() {} } });
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const beganMs = performance.now();
    sender.write(`line ${round}\n`);
    await Promise.all(readers.map((reader) => reader.next()));
    tookMs.push(performance.now() - beganMs);
  }
  return tookMs.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0;
}

async function readUsage(): Promise<Usage> {
  const status = await Bun.file(`/proc/${hub.pid}/status`).text();
  const stat = (await Bun.file(`/proc/${hub.pid}/stat`).text()).replace(/^.*\) /, "").split(" ");
  return {
    residentKib: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]),
    processorMs: (Number(stat[11]) + Number(stat[12])) * 10,
  };
}

async function measureAtRest(): Promise<Usage> {
  let { processorMs } = await readUsage();
  let sinceMs = performance.now();
  return until(
    async () => {
      const now = await readUsage();
      if (now.processorMs > processorMs) [processorMs, sinceMs] = [now.processorMs, performance.now()];
      return performance.now() - sinceMs >= restMs ? now : undefined;
    },
    "the hub to rest",
    restWithinMs,
  );
}

function mebibytes({ residentKib }: Usage): string {
  return `${Math.round(residentKib / 1024)} MiB`;
}

async function portOf(stream: ReadableStream<Uint8Array>): Promise<number> {
  let port = 0;
  let text = "";
  const found = Promise.withResolvers<number>();
  // Reads to the end: a full pipe would block the duet.
  void (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      if (port > 0) continue;
      text += decoder.decode(bytes, { stream: true });
      port = Number(/LISTEN: 127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? 0);
      if (port > 0) found.resolve(port);
    }
  })();
  return found.promise;
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true });
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
}
