/** One load on one hub, each in a process of its own. */

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** duet (`-l --plain`, what users run), `ncat --broker`, a bare hub of Bun sockets, and a tight one in C. */
export type Hub = "duet" | "ncat" | "bare" | "c";

/** One load on a hub. */
export interface Load {
  readonly clients: number;
  readonly senders: number;
  readonly lineBytes: number;
  /** Further clients, which never read. */
  readonly stalled: number;
  readonly seconds: number;
  /** Lines a second, all senders together; 0: flat out. */
  readonly pace: number;
  /** Load before the measurement begins, in which both sides compile. */
  readonly warmUpMs: number;
  /** The load generator warms up at another hub, so that only this one is cold. */
  readonly isRehearsed?: boolean;
  /** The clients are duets. */
  readonly isFramed?: boolean;
  /** They encrypt, too. */
  readonly isSealed?: boolean;
}

/** What one run gave. */
export interface Measured {
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

const main = join(import.meta.dir, "../../../src/main.ts");

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

function findCommand(hub: Hub, port: number): readonly string[] {
  switch (hub) {
    case "duet":
      return [process.execPath, main, "-l", "127.0.0.1", String(port), "--plain", "-m", "20000"];
    case "ncat":
      return ["ncat", "-l", "-k", "--broker", "-m", "2000", "127.0.0.1", String(port)];
    case "bare":
      return [process.execPath, join(import.meta.dir, "bare-hub.ts"), String(port)];
    case "c":
      return [compileTightHub(), String(port)];
  }
}

const dataFolder = mkdtempSync(join(tmpdir(), "duet-bench-data-"));
let tightHub: string | undefined;

/** The program of tight-hub.c. Throws without gcc. */
function compileTightHub(): string {
  if (tightHub !== undefined) return tightHub;
  const program = join(mkdtempSync(join(tmpdir(), "duet-bench-")), "tight-hub");
  const { exitCode, stderr } = Bun.spawnSync([
    "gcc",
    "-O2",
    "-o",
    program,
    join(import.meta.dir, "tight-hub.c"),
  ]);
  if (exitCode !== 0) throw new Error(`gcc cannot compile tight-hub.c: ${stderr.toString()}`);
  return (tightHub = program);
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

/** Runs one load on a hub of its own; undefined if the load generator failed. */
export async function measureHub(hub: Hub, load: Load): Promise<Measured | undefined> {
  const port = freePort();
  const server = Bun.spawn([...findCommand(hub, port)], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    // A duet remembers the keys that it meets: those of the load are nobody's.
    env: { ...process.env, NODE_ENV: "production", XDG_DATA_HOME: dataFolder },
  });
  const rehearsalPort = load.isRehearsed === true ? freePort() : 0;
  const rehearsal = rehearsalPort === 0 ? undefined : Bun.spawn([...findCommand("c", rehearsalPort)]);
  let peakMib = 0;
  const sampler = setInterval(() => (peakMib = Math.max(peakMib, residentMib(server.pid))), 50);
  try {
    await accepts(port);
    if (rehearsal !== undefined) await accepts(rehearsalPort);
    const { clients, senders, lineBytes, seconds, stalled, pace, warmUpMs } = load;
    const words = [port, clients, senders, lineBytes, seconds, stalled, pace, warmUpMs, rehearsalPort].map(
      String,
    );
    if (load.isSealed === true) words.push("sealed");
    else if (load.isFramed === true) words.push("framed");
    const program = join(import.meta.dir, "load.ts");
    const generator = Bun.spawn([process.execPath, program, ...words], { stderr: "ignore" });
    const text = await new Response(generator.stdout).text();
    return text === "" ? undefined : { ...(JSON.parse(text) as Omit<Measured, "peakMib">), peakMib };
  } finally {
    clearInterval(sampler);
    for (const one of [server, rehearsal]) one?.kill(9);
    await server.exited;
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

/** Lines that were not delivered exactly as sent, and clients lost. */
export function countFaults(runs: readonly Measured[]): number {
  return runs.reduce((sum, one) => sum + one.lost + one.repeated + one.reordered + one.torn + one.gone, 0);
}
