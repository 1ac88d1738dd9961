/**
 * `bun run bench start`: the time of headless duet from its spawn to the LISTEN line, beside a Bun that loads nothing:
 * medians, and their ratio, which differs less from machine to machine.
 */

import { Folder } from "../support/duet.ts";

const runs = 21;
const mainPath = new URL("../../src/main.ts", import.meta.url).pathname;
const listening = /LISTEN/;

using folder = new Folder();
const env = { ...process.env, XDG_RUNTIME_DIR: folder.path, TMPDIR: folder.path };

const nothingMs = await medianMs(() => timeToEnd([process.execPath, "-e", "0"]));
const helpMs = await medianMs(() => timeToEnd([process.execPath, mainPath, "--version"]));
const listenMs = await medianMs(() => timeToListen([process.execPath, mainPath, "-l", "0", "--plain"]));

print("nothing loaded (bun -e 0)", nothingMs);
print("duet --version", helpMs);
print("duet -l 0 --plain, to LISTEN", listenMs);

/** Median of several runs, after one that warms the disk cache. */
async function medianMs(measure: () => Promise<number>): Promise<number> {
  await measure();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await measure());
  return times.toSorted((one, other) => one - other)[Math.floor(runs / 2)]!;
}

async function timeToEnd(command: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "ignore", stderr: "ignore", env });
  await child.exited;
  return performance.now() - startedMs;
}

async function timeToListen(command: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const child = Bun.spawn([...command], { stdin: "pipe", stdout: "ignore", stderr: "pipe", env });
  let errors = "";
  for await (const bytes of child.stderr) {
    errors += Buffer.from(bytes).toString();
    if (listening.test(errors)) break;
  }
  const tookMs = performance.now() - startedMs;
  child.kill("SIGKILL");
  await child.exited;
  return tookMs;
}

function print(what: string, ms: number): void {
  const ratio = (ms / nothingMs).toFixed(1);
  process.stdout.write(`${what.padEnd(32)} ${ms.toFixed(1).padStart(6)} ms  × ${ratio}\n`);
}
