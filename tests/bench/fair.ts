/**
 * `bun run bench fair [SAMPLES] [PEERS] [KINDS]`: what floods of peers cost the others: the echo of a key on a screen that hosts
 * them, and the delay of an honest member's line at a `--plain` host, until its standard output has it. Each kind of
 * flood, with 1, 4 and 64 peers that send flat out, beside the same without load. Prints a table as in RESULTS.md, with how
 * late the machine woke a process that does nothing; exits 1 if a 95th percentile exceeds 50 ms although the machine was
 * not busy otherwise.
 */

import { cpus, release } from "node:os";
import { Folder, duetCommand } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";
import { screenEnvironment } from "../support/screens.ts";
import { type FloodKind, floodKinds } from "./fair/flood-kind.ts";
import { clearProgress, showProgress } from "./report/progress.ts";

const samples = Number(process.argv[3] ?? 40);
const peerCounts = process.argv[4]?.split(",").map(Number) ?? [1, 4, 64];
const kinds = process.argv[5]?.split(",") ?? floodKinds;
const idlePath = new URL("fair/idle.ts", import.meta.url).pathname;
const floodPath = new URL("fair/flood.ts", import.meta.url).pathname;
/** Time for a flood to fill the buffers before the first sample. */
const warmUpMs = 1000;
const goalMs = 50;
/** The latest wake-up at which a delay over the goal counts. */
const idleMaxMs = 2;
/** A sample that takes longer counts as this. */
const sampleMaxMs = 10_000;

interface Load {
  readonly kind: FloodKind;
  readonly peers: number;
}

type Delays = readonly number[];

/** The delays of keys and lines, and how late an idle process was woken meanwhile (95th percentile). */
interface Measured {
  readonly echoes: Delays;
  readonly lines: Delays;
  readonly idleMs: number;
}

process.stdout.write(
  `${cpus().length} × ${cpus()[0]?.model ?? "?"}, Linux ${release()}, Bun ${Bun.version}, ${samples} samples each\n\n`,
);
print(["flood", "peers", "key p50", "key p95", "line p50", "line p95", "idle p95", "within 50 ms"]);
print(Array.from({ length: 8 }, () => "---"));
printRow("none", "", await measure(undefined));
for (const kind of floodKinds.filter((one) => kinds.includes(one)))
  for (const peers of peerCounts) printRow(kind, String(peers), await measure({ kind, peers }));

async function measure(load: Load | undefined): Promise<Measured> {
  showProgress(load === undefined ? "no flood" : `${load.kind}, ${load.peers} peers`);
  const idle = Bun.spawn([process.execPath, idlePath], { stdin: "pipe", stdout: "pipe", stderr: "ignore" });
  const echoes = await measureEchoes(load);
  const lines = await measureLines(load);
  await idle.stdin.end();
  return { echoes, lines, idleMs: Number(await new Response(idle.stdout).text()) };
}

function printRow(kind: string, peers: string, { echoes, lines, idleMs }: Measured): void {
  const isFair = at(echoes, 0.95) <= goalMs && at(lines, 0.95) <= goalMs;
  const isBusy = idleMs > idleMaxMs;
  if (!isFair && !isBusy) process.exitCode = 1;
  const figures = [echoes, lines].flatMap((delays) => [0.5, 0.95].map((share) => at(delays, share)));
  const cells = [...figures, idleMs].map((ms) => `${ms.toFixed(1)} ms`);
  print([kind, peers, ...cells, isFair ? "yes" : isBusy ? "the machine was busy" : "no"]);
}

function print(cells: readonly string[]): void {
  clearProgress();
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}

function at(delays: Delays, share: number): number {
  return delays.toSorted((a, b) => a - b)[Math.ceil(delays.length * share) - 1] ?? 0;
}

async function startFlood(port: string, load: Load | undefined): Promise<AsyncDisposable> {
  if (load === undefined) return { [Symbol.asyncDispose]: async () => {} };
  const command = [process.execPath, floodPath, port, load.kind, String(load.peers)];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "ignore" });
  await child.stdout.getReader().read();
  await Bun.sleep(warmUpMs);
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** Milliseconds from a key to its letter on the screen of a host. */
async function measureEchoes(load: Load | undefined): Promise<Delays> {
  using folder = new Folder();
  const command = [...duetCommand, "-l", "127.0.0.1", "0"];
  const env = screenEnvironment(folder);
  await using terminal = await startInTerminal(command, { columns: 120, rows: 40, env });
  const bar = /127\.0\.0\.1:([1-9]\d*)/;
  await terminal.waitFor((seen) => bar.test(seen.screen()[0] ?? ""), "the port", 10_000);
  await using _flood = await startFlood(bar.exec(terminal.screen()[0] ?? "")?.[1] ?? "", load);
  const delays: number[] = [];
  for (let key = 0; key < samples; key += 1) {
    // Ten keys a second, at an uneven pace.
    await Bun.sleep(60 + ((key * 37) % 81));
    delays.push(await measureEcho(terminal, String.fromCharCode(97 + (key % 26))));
  }
  return delays;
}

async function measureEcho(terminal: TestTerminal, key: string): Promise<number> {
  const startedMs = performance.now();
  terminal.write(`\x15${key}`);
  const isThere = (): boolean =>
    terminal.screen().some((row) => row.startsWith("ada │") && row.endsWith(key));
  try {
    await terminal.waitFor(isThere, "the key's echo", sampleMaxMs);
  } catch {
    return sampleMaxMs;
  }
  return performance.now() - startedMs;
}

/** Milliseconds from an honest member's line to the standard output of a host. */
async function measureLines(load: Load | undefined): Promise<Delays> {
  using folder = new Folder();
  const host = Bun.spawn([...duetCommand, "-l", "127.0.0.1", "0", "--plain"], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    env: screenEnvironment(folder),
  });
  try {
    const port = await readPort(host.stderr);
    const seen = new SeenLines(host.stdout);
    const honest = await Bun.connect({
      hostname: "127.0.0.1",
      port: Number(port),
      socket: { data: () => {}, error: () => {} },
    });
    honest.write("honest -1 \n");
    await seen.waitFor(-1);
    await using _flood = await startFlood(port, load);
    const delays: number[] = [];
    for (let line = 0; line < samples; line += 1) {
      await Bun.sleep(60 + ((line * 37) % 81));
      const startedMs = performance.now();
      honest.write(`honest ${line} \n`);
      delays.push((await seen.waitFor(line)) - startedMs);
    }
    honest.terminate();
    return delays;
  } finally {
    host.kill("SIGKILL");
    await host.exited;
  }
}

async function readPort(errors: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const reader = errors.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    text += Buffer.from(value ?? []).toString();
    const port = /127\.0\.0\.1:([1-9]\d*)/.exec(text)?.[1];
    if (port !== undefined) {
      void drain(reader);
      return port;
    }
    if (done) throw new Error(`the host has no port: ${text}`);
  }
}

async function drain(reader: { read(): Promise<{ done: boolean }> }): Promise<void> {
  while (!(await reader.read()).done);
}

/** Reads a host's output for the numbers of honest lines, and when they were read. */
class SeenLines {
  #last = Number.NEGATIVE_INFINITY;
  #awaited: { readonly line: number; readonly seen: (atMs: number) => void } | undefined;
  #rest = Buffer.alloc(0);

  constructor(output: ReadableStream<Uint8Array>) {
    void this.#read(output);
  }

  /** Resolves with the time when the line was read, or sampleMaxMs from now. */
  waitFor(line: number): Promise<number> {
    if (this.#last >= line) return Promise.resolve(performance.now());
    const { promise, resolve } = Promise.withResolvers<number>();
    const timer = setTimeout(() => resolve(performance.now()), sampleMaxMs);
    this.#awaited = {
      line,
      seen: (atMs) => {
        clearTimeout(timer);
        resolve(atMs);
      },
    };
    return promise;
  }

  async #read(output: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of output) {
      const all = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
      for (let start = all.indexOf("honest "); start !== -1; start = all.indexOf("honest ", start + 1))
        this.#last = Math.max(this.#last, Number.parseInt(all.toString("latin1", start + 7, start + 14), 10));
      this.#rest = Buffer.from(all.subarray(Math.max(0, all.length - 16)));
      if (this.#awaited !== undefined && this.#last >= this.#awaited.line)
        this.#awaited.seen(performance.now());
    }
  }
}
