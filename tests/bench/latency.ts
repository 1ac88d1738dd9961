/**
 * `bun run bench latency [SAMPLES]`: milliseconds from a line, piped into one duet or typed at its screen, until the
 * other duet has shown it on standard output or on its screen, over TCP and UDP; beside the same hops in bare Bun. The
 * pipes are those of a shell; a typed line is there, and `Enter` sends it. All pairs are up at once and idle between the
 * samples, which alternate: the first lines of a program that has just started, and lines of one that has sent some
 * hundred, by when Bun has compiled what they need.
 */

import { closeSync, constants, openSync, writeSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { duetCommand, Folder } from "../support/duet.ts";
import { screenEnvironment } from "../support/screens.ts";
import { until } from "../support/wait.ts";

const samples = Number(process.argv[3] ?? 200);
const firstLines = 40;
const warmUpLines = 300;
const bareHop = [process.execPath, join(import.meta.dir, "latency/bare-hop.ts")];
const sampleMaxMs = 2000;

type Transport = "tcp" | "udp";

/** A pipe as a shell makes it; those of Bun.spawn are sockets. */
function makePipe(folder: Folder): { readonly from: number; readonly to: number } {
  const path = folder.join(`pipe${(pipes += 1)}`);
  Bun.spawnSync(["mkfifo", path]);
  const from = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  return { from, to: openSync(path, constants.O_WRONLY) };
}

let pipes = 0;

/** One end of a pair: a program in pipes or on a terminal. */
class End {
  readonly #child: Bun.Subprocess;
  readonly #write: (text: string) => void;
  /** The end of its output, as it came. */
  #seen = "";
  #wanted: { readonly text: string; readonly found: (atMs: number) => void } | undefined;

  constructor(command: readonly string[], folder: Folder, onTerminal: boolean) {
    const env = screenEnvironment(folder);
    if (onTerminal) {
      const data = (_terminal: unknown, bytes: Uint8Array): void => this.#note(bytes);
      const child = Bun.spawn([...command], { env, terminal: { cols: 100, rows: 30, data } });
      this.#child = child;
      this.#write = (text) => void child.terminal?.write(text);
      return;
    }
    const [input, output] = [makePipe(folder), makePipe(folder)];
    const child = Bun.spawn([...command], { env, stdin: input.from, stdout: output.to, stderr: "pipe" });
    for (const descriptor of [input.from, output.to]) closeSync(descriptor);
    this.#child = child;
    this.#write = (text) => void writeSync(input.to, text);
    for (const stream of [Bun.file(output.from).stream(), child.stderr]) void this.#read(stream);
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of stream) this.#note(bytes);
  }

  #note(bytes: Uint8Array): void {
    this.#seen = (this.#seen + Buffer.from(bytes).toString()).slice(-100_000);
    const wanted = this.#wanted;
    if (wanted === undefined || !this.#seen.includes(wanted.text)) return;
    this.#wanted = undefined;
    wanted.found(performance.now());
  }

  write(text: string): void {
    this.#write(text);
  }

  /** When a text that was not there is shown. */
  shows(text: string): Promise<number> {
    return new Promise((found) => {
      this.#wanted = { text, found };
      setTimeout(found, sampleMaxMs, Number.POSITIVE_INFINITY);
    });
  }

  /** The text that a pattern finds in the output. */
  async finds(pattern: RegExp): Promise<string> {
    await until(() => pattern.test(this.#seen), String(pattern), 10_000);
    return pattern.exec(this.#seen)?.[1] ?? "";
  }

  async end(): Promise<void> {
    this.#child.kill(9);
    await this.#child.exited;
  }
}

interface Pair {
  readonly name: string;
  readonly transport: Transport;
  readonly host: End;
  readonly member: End;
  /** A line is typed letter by letter, and `Enter` sends it. */
  readonly isTyped: boolean;
  readonly first: number[];
  readonly delays: number[];
}

const port = /127\.0\.0\.1:([1-9]\d*)/;

async function openDuets(folder: Folder, transport: Transport, format: readonly string[]): Promise<Pair> {
  const isTyped = format.length === 0;
  const over = transport === "udp" ? ["-u"] : [];
  const host = new End([...duetCommand, ...over, "-l", "127.0.0.1", "0", ...format], folder, isTyped);
  const at = await host.finds(port);
  const join = [...duetCommand, ...over, "--duet", "127.0.0.1", at, ...format];
  const member = new End(join, folder, isTyped);
  const name = isTyped ? "typed, screen to screen" : `piped, ${format.join(" ")}`;
  return { name, transport, host, member, isTyped, first: [], delays: [] };
}

async function openBare(folder: Folder, transport: Transport, onTerminal: boolean): Promise<Pair> {
  const host = new End([...bareHop, transport], folder, onTerminal);
  const at = await host.finds(port);
  const member = new End([...bareHop, transport, at], folder, onTerminal);
  const name = onTerminal ? "bare Bun, terminal to terminal" : "bare Bun, pipe to pipe";
  return { name, transport, host, member, isTyped: false, first: [], delays: [] };
}

async function takeSamples(what: string, count: number, keep: (pair: Pair) => number[]): Promise<void> {
  for (let sample = 0; sample < count; sample += 1) {
    process.stderr.write(`\r\x1b[K${what}, ${sample + 1} of ${count} `);
    for (const [index, pair] of pairs.entries()) {
      keep(pair).push(await takeSample(pair, `${what[0]}${index}x${sample}z`, 40));
      await Bun.sleep(10 + ((sample * 37 + index * 11) % 23));
    }
  }
}

/** `restMs`: between the last key and Enter. */
async function takeSample({ host, member, isTyped }: Pair, text: string, restMs: number): Promise<number> {
  if (isTyped) {
    const echoed = member.shows(text);
    member.write(text);
    await echoed;
    await Bun.sleep(restMs);
  }
  const shown = host.shows(text);
  const startedMs = performance.now();
  member.write(isTyped ? "\r" : `${text}\n`);
  return (await shown) - startedMs;
}

function at(delays: readonly number[], share: number): number {
  return delays.toSorted((one, other) => one - other)[Math.ceil(delays.length * share) - 1] ?? 0;
}

using folder = new Folder();
const pairs: Pair[] = [];
try {
  for (const transport of ["tcp", "udp"] as const) {
    pairs.push(await openBare(folder, transport, false), await openBare(folder, transport, true));
    for (const format of [["--plain"], ["--json"], []])
      pairs.push(await openDuets(folder, transport, format));
  }
  await Bun.sleep(2000);
  await takeSamples("first lines", firstLines, (pair) => pair.first);
  for (const [index, pair] of pairs.entries()) {
    process.stderr.write(`\r\x1b[Kwarming up, ${index + 1} of ${pairs.length} `);
    for (let line = 0; line < warmUpLines; line += 1) await takeSample(pair, `w${index}x${line}z`, 1);
  }
  await takeSamples("samples", samples, (pair) => pair.delays);
  process.stderr.write("\r\x1b[K");
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "?"}, Linux ${release()}, Bun ${Bun.version}`;
  console.log(
    `${machine}, ${samples} samples each\n\n| line | over | first lines, p50 | p50 | p95 | × bare |\n|---|---|---|---|---|---|`,
  );
  for (const { name, transport, first, delays } of pairs) {
    const isScreen = name.includes("screen") || name.includes("terminal");
    const bare = pairs.find(
      (one) => one.transport === transport && one.name === (isScreen ? pairs[1]!.name : pairs[0]!.name),
    );
    const p50 = at(delays, 0.5);
    const figures = [at(first, 0.5), p50, at(delays, 0.95)].map((ms) => ms.toFixed(2));
    const ratio = (p50 / at(bare?.delays ?? [], 0.5)).toFixed(1);
    console.log(`| ${[name, transport.toUpperCase(), ...figures, ratio].join(" | ")} |`);
  }
} finally {
  for (const { host, member } of pairs) await Promise.all([host.end(), member.end()]);
}
// A pipe that is still open would be waited for.
process.exit();
