/**
 * The screen's speed, on a real terminal: the first frame, and the echo of a key, the memory and the processor while
 * a raw peer floods. `bun run bench screen`. It prints a table and judges nothing;
 * all of it takes half a minute.
 */

import { readFileSync } from "node:fs";
import { duetCommand, Folder } from "../support/duet.ts";
import { startInTerminal } from "../support/pty.ts";
import { screenEnvironment, type ScreenDuet, startOnScreen } from "../support/screens.ts";

const linesPerSecond = 20_000;
const keys = 150;
const floodPath = new URL("../support/fixtures/flood.ts", import.meta.url).pathname;
const size = { columns: 120, rows: 40 } as const;

await measureAll();

async function measureAll(): Promise<void> {
  const start = [process.execPath, "run", "start"];
  for (const [what, command] of [
    ["bun src/main.ts", duetCommand],
    ["bun run start", start],
  ] as const) {
    const frames = [];
    for (let run = 0; run < 10; run += 1) frames.push(await measureFirstFrame(command));
    console.log(`first frame of ${what}: ${percentiles(frames)}`);
  }
  await measureFlood("idle", []);
  await measureFlood("tcp", ["-l"]);
  await measureFlood("udp", ["-u", "-l"]);
}

async function measureFirstFrame(command: readonly string[]): Promise<number> {
  using folder = new Folder();
  const startedMs = performance.now();
  await using terminal = await startInTerminal([...command, "-l", "127.0.0.1", "0"], {
    ...size,
    env: screenEnvironment(folder),
  });
  await terminal.waitForText("type a line");
  return performance.now() - startedMs;
}

async function measureFlood(what: "idle" | "tcp" | "udp", flags: readonly string[]): Promise<void> {
  const args = what === "idle" ? ["-l"] : flags;
  await using duet = await startOnScreen([...args, "127.0.0.1", "0"], size);
  const port = await duet.port();
  const flood =
    what === "idle"
      ? undefined
      : Bun.spawn([process.execPath, floodPath, what, String(port), String(linesPerSecond)]);
  try {
    if (flood !== undefined) await duet.sees(/old lines dropped/, 20_000);
    const before = usageOf(duet.terminal.pid);
    const written = duet.terminal.bytes;
    const startedMs = performance.now();
    const echoes = await measureEchoes(duet);
    const seconds = (performance.now() - startedMs) / 1000;
    const after = usageOf(duet.terminal.pid);
    const newest = Number(/(\d+) the quick/.exec(duet.terminal.screen().at(-3) ?? "")?.[1] ?? 0);
    console.log(
      [
        `${what.padEnd(4)} echo: ${percentiles(echoes)}`,
        `processor ${(((after.cpuMs - before.cpuMs) / seconds / 1000) * 100).toFixed(0)} %`,
        `memory ${before.mib} → ${after.mib} MiB`,
        `${((duet.terminal.bytes - written) / seconds / 1024).toFixed(0)} KiB/s drawn`,
        `line ${newest}`,
      ].join(", "),
    );
  } finally {
    flood?.kill();
  }
}

/** Types a letter at uneven times and waits until it stands on the screen. */
async function measureEchoes(duet: ScreenDuet): Promise<number[]> {
  const echoes: number[] = [];
  for (let key = 0; key < keys; key += 1) {
    await Bun.sleep(20 + ((key * 37) % 41));
    const typed = `${String.fromCharCode(97 + (key % 26))}`;
    const startedMs = performance.now();
    duet.type(`\x15${typed}`);
    await duet.terminal.waitFor(
      (seen) => seen.screen().at(-1)?.endsWith(`│ ${typed}`) === true,
      "the key's echo",
      10_000,
    );
    echoes.push(performance.now() - startedMs);
  }
  return echoes;
}

function percentiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`;
}

function usageOf(pid: number): { readonly cpuMs: number; readonly mib: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const ticksPerSecond = 100;
  const cpuMs = ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { cpuMs, mib: Math.round(Number(kib) / 1024) };
}
