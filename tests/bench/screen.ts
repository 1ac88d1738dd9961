/**
 * `bun run bench screen [MINUTES]`: the speed of the screen in a real terminal of 120×40, beside a naive chat: the first
 * frame; under a raw peer's flood the echo of a key, processor, memory and output; the bytes of one key; and lines
 * missing after a terminal was not read. MINUTES is the least length of each flood of duet, for the memory.
 */

import { readFileSync } from "node:fs";
import { duetCommand, Folder } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";
import { screenEnvironment } from "../support/screens.ts";
import { clearProgress, showProgress } from "./report/progress.ts";

type Transport = "tcp" | "udp";

interface Chat {
  readonly name: string;
  readonly command: (transport: Transport) => readonly string[];
  readonly keys: number;
  /** Upper bound of a measured echo; a slower one counts as this. */
  readonly echoMaxMs: number;
  /** Keys pressed before the flood. */
  readonly opens?: string;
}

const size = { columns: 120, rows: 40 } as const;
const minutes = Number(process.argv[3] ?? 0);
const unreadMs = 10_000;
const fixture = (name: string): string => new URL(`../support/fixtures/${name}`, import.meta.url).pathname;

const duet: Chat = {
  name: "duet",
  command: (transport) => [...duetCommand, ...(transport === "udp" ? ["-u"] : []), "-l", "127.0.0.1", "0"],
  keys: 120,
  echoMaxMs: 10_000,
};
const naive: Chat = {
  name: "naive",
  command: (transport) => [process.execPath, fixture("naive-chat.tsx"), transport],
  keys: 5,
  echoMaxMs: 1000,
};

/** With the wire panel: over UDP each line is a call. */
const wired: Chat = { ...duet, name: "wire", opens: "\x1bOQ" };

await measureFirstFrames();
await measureIdle();
console.log("\n| flood, lines a second | chat | echo p50 | echo p95 | most | processor | drawn | memory |");
console.log(`|${" --- |".repeat(8)}`);
for (const transport of ["tcp", "udp"] as const)
  for (const linesPerSecond of [20_000, 100_000])
    for (const chat of [duet, wired, naive]) await measureFlood(chat, transport, linesPerSecond);
await measureUnread();

async function measureFirstFrames(): Promise<void> {
  showProgress("first frames");
  for (const [what, command] of [
    ["bun src/main.ts", duetCommand],
    ["bun run start", [process.execPath, "run", "start"]],
  ] as const) {
    const frames = [];
    for (let run = 0; run < 7; run += 1) frames.push(await measureFirstFrame(command));
    clearProgress();
    console.log(`first frame of ${what}: p50 ${at(frames, 0.5)} ms, p95 ${at(frames, 0.95)} ms`);
  }
}

async function measureFirstFrame(command: readonly string[]): Promise<number> {
  using folder = new Folder();
  const startedMs = performance.now();
  await using terminal = await start([...command, "-l", "127.0.0.1", "0"], folder);
  await terminal.waitForText("type a line");
  return performance.now() - startedMs;
}

/** Measures an idle screen, then single keys on a screen full of lines. */
async function measureIdle(): Promise<void> {
  showProgress("an idle screen, up to three minutes");
  using folder = new Folder();
  await using terminal = await start(duet.command("tcp"), folder);
  using flood = await startFlood(terminal, "tcp", 1000);
  await terminal.waitForText(/\d{3} the quick/, 10_000);
  flood[Symbol.dispose]();
  // The traffic graph appears, and runs empty.
  await terminal.waitForText(/[▁-█]{12}/, 5000);
  await terminal.waitFor(
    (seen) => !/[▁-█]{12}/.test(seen.screen().at(-2) ?? ""),
    "the traffic's end",
    20_000,
  );
  const idle = await waitForIdle(terminal.pid);
  const sizes: number[] = [];
  for (let key = 0; key < 20; key += 1) {
    const written = terminal.bytes;
    await echo(terminal, letter(key), duet.echoMaxMs, false);
    await Bun.sleep(50);
    sizes.push(terminal.bytes - written);
  }
  clearProgress();
  console.log(
    `idle: ${idle.costMs} ms of processor in 10 s, ${idle.afterS} s after the last change; a key on a full screen: ${at(sizes, 0.5)} bytes, most ${at(sizes, 1)}`,
  );
}

/**
 * Bun 1.4.5 collects garbage once a second until the heap was the same thirty times, and then twice a minute. Measures
 * periods of ten seconds until one costs nothing, or three minutes have passed.
 */
async function waitForIdle(pid: number): Promise<{ readonly costMs: number; readonly afterS: number }> {
  for (let afterS = 10; ; afterS += 10) {
    const before = usageOf(pid).cpuMs;
    await Bun.sleep(10_000);
    const costMs = usageOf(pid).cpuMs - before;
    if (costMs === 0 || afterS >= 180) return { costMs, afterS };
  }
}

async function measureFlood(chat: Chat, transport: Transport, linesPerSecond: number): Promise<void> {
  showProgress(`${chat.name} under ${linesPerSecond} lines a second over ${transport}`);
  using folder = new Folder();
  await using terminal = await start(chat.command(transport), folder);
  if (chat.opens !== undefined) {
    terminal.write(chat.opens);
    await terminal.waitForText("wire  following");
  }
  using _flood = await startFlood(terminal, transport, linesPerSecond);
  await terminal.waitForText(/\d the quick/, 10_000);
  // The scrollback is full from here on.
  await Bun.sleep(chat === naive ? 500 : 1500);
  const before = usageOf(terminal.pid);
  const written = terminal.bytes;
  const startedMs = performance.now();
  const echoes: number[] = [];
  const keepOn = (): boolean => chat === duet && performance.now() - startedMs < minutes * 60_000;
  for (let key = 0; key < chat.keys || keepOn(); key += 1) {
    // 120 words a minute, as a fast typist, at an uneven pace.
    await Bun.sleep(60 + ((key * 37) % 81));
    echoes.push(await echo(terminal, letter(key), chat.echoMaxMs, true));
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const after = usageOf(terminal.pid);
  const processor = ((after.cpuMs - before.cpuMs) / seconds / 10).toFixed(0);
  const drawn = ((terminal.bytes - written) / seconds / 1024).toFixed(0);
  clearProgress();
  const cells = [
    ...[`${linesPerSecond.toLocaleString("en")} over ${transport.toUpperCase()}`, chat.name],
    ...[0.5, 0.95, 1].map((share) => `${at(echoes, share)} ms`),
    ...[`${processor} %`, `${drawn} KiB/s`, `${before.mib} → ${after.mib} MiB`],
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/** Does not read the terminal for ten seconds under a flood, and counts the lines that are missing afterwards. */
async function measureUnread(): Promise<void> {
  showProgress("a terminal that is not read");
  using folder = new Folder();
  await using terminal = await start(duet.command("tcp"), folder, true);
  using flood = await startFlood(terminal, "tcp", 20_000);
  await terminal.waitForText(/old lines dropped/, 20_000);
  const before = newestLine(terminal);
  terminal.pauseReading();
  await Bun.sleep(unreadMs);
  terminal.resumeReading();
  await terminal.waitFor(
    (seen) => newestLine(seen) > before + 100_000,
    "the lines received meanwhile",
    20_000,
  );
  flood[Symbol.dispose]();
  await terminal.waitForText(/the peer sends no more|left:/, 10_000);
  const dropped = Number(
    /([\d,]+) old lines dropped/.exec(terminal.screen().join("\n"))?.[1]?.replaceAll(",", ""),
  );
  const kept = 10_000;
  const newest = newestLine(terminal);
  // Three lines are duet's own: LISTEN, joined, HALF-CLOSED.
  const missing = newest + 1 - (dropped + kept - 3);
  clearProgress();
  console.log(
    `\nunread for ${unreadMs / 1000} s: line ${before} before, ${newest} at the end, ${missing} missing`,
  );
}

function newestLine(terminal: TestTerminal): number {
  const numbers = terminal.screen().flatMap((row) => /(\d+) the quick/.exec(row)?.[1] ?? []);
  return Number(numbers.at(-1) ?? -1);
}

async function start(command: readonly string[], folder: Folder, pausable = false): Promise<TestTerminal> {
  return startInTerminal(command, { ...size, env: screenEnvironment(folder), pausable });
}

async function startFlood(terminal: TestTerminal, transport: Transport, rate: number): Promise<Disposable> {
  const place = /(?:127\.0\.0\.1:|naive \w+ on )([1-9]\d*)/;
  await terminal.waitFor((seen) => place.test(seen.screen()[0] ?? ""), "the port in the first row", 10_000);
  const port = place.exec(terminal.screen()[0] ?? "")?.[1] ?? "";
  const child = Bun.spawn([process.execPath, fixture("flood.ts"), transport, port, String(rate)]);
  return { [Symbol.dispose]: () => child.kill() };
}

/** Milliseconds from the key to its letter on the screen; at most `mostMs`. */
async function echo(terminal: TestTerminal, key: string, mostMs: number, isFirst: boolean): Promise<number> {
  const startedMs = performance.now();
  terminal.write(isFirst ? `\x15${key}` : key);
  const isThere = (): boolean =>
    terminal.screen().some((row) => row.startsWith("ada │") && row.endsWith(key));
  try {
    await terminal.waitFor(isThere, "the key's echo", mostMs);
  } catch {
    return mostMs;
  }
  return performance.now() - startedMs;
}

function letter(key: number): string {
  return String.fromCharCode(97 + (key % 26));
}

function at(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
}

function usageOf(pid: number): { readonly cpuMs: number; readonly mib: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const ticksPerSecond = 100;
  const cpuMs = ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { cpuMs, mib: Math.round(Number(kib) / 1024) };
}
