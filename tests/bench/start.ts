/**
 * `bun run bench start`: how long duet takes to be up, from its spawn to the LISTEN line without a screen and to the
 * first frame with one: from source, as the bundle, by `bun run start`, and compiled; beside a Bun that loads nothing.
 * Forms alternate; medians, and their ratio, which differs less from machine to machine.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/duet.ts";

const runs = 15;
const project = join(import.meta.dir, "../..");
const bun = process.execPath;
using folder = new Folder();
const env = {
  ...process.env,
  NODE_ENV: "production",
  TERM: "xterm-256color",
  XDG_RUNTIME_DIR: folder.path,
  XDG_STATE_HOME: folder.path,
  TMPDIR: folder.path,
};
const spawnOptions = { cwd: project, env } as const;

const forms: Readonly<Record<string, readonly string[]>> = {
  "from source": [bun, "src/start.ts"],
  "the bundle": [bun, "src/main.ts"],
  "bun run start": [bun, "run", "start"],
  compiled: ["dist/duet"],
};

process.stderr.write("compiling\r");
Bun.spawnSync([bun, "src/bundle/make-bundle.ts"], spawnOptions);
Bun.spawnSync([bun, "src/bundle/make-binary.ts"], spawnOptions);
const times = new Map<string, number[]>();
for (let run = 0; run <= runs; run++) {
  process.stderr.write(`\rround ${run} of ${runs} `);
  await measure(run, "nothing loaded (bun -e 0)", timeToEnd);
  for (const [form, command] of Object.entries(forms)) {
    await measure(run, `${form}, to LISTEN`, () => timeToListen([...command, "-l", "0", "--plain"]));
    await measure(run, `${form}, to the first frame`, () => timeToFrame([...command, "-l", "0"]));
  }
}
process.stderr.write("\r\x1b[K");
rmSync(join(project, "dist"), { recursive: true });

const [nothingMs] = [...times.values()].map(median);
for (const [what, values] of times) {
  const ms = median(values);
  process.stdout.write(
    `${what.padEnd(34)} ${ms.toFixed(1).padStart(6)} ms  × ${(ms / nothingMs!).toFixed(1)}\n`,
  );
}

/** The first round warms the disk cache. */
async function measure(run: number, what: string, act: () => Promise<number>): Promise<void> {
  const ms = await act();
  if (run > 0) times.set(what, [...(times.get(what) ?? []), ms]);
}

async function timeToEnd(): Promise<number> {
  const startedMs = performance.now();
  await Bun.spawn([bun, "-e", "0"], spawnOptions).exited;
  return performance.now() - startedMs;
}

async function timeToListen(command: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const child = Bun.spawn([...command], {
    ...spawnOptions,
    detached: true,
    stdin: "pipe",
    stdout: "ignore",
    stderr: "pipe",
  });
  let errors = "";
  for await (const bytes of child.stderr) {
    errors += Buffer.from(bytes).toString();
    if (errors.includes("LISTEN")) break;
  }
  const tookMs = performance.now() - startedMs;
  await end(child);
  return tookMs;
}

async function timeToFrame(command: readonly string[]): Promise<number> {
  const drawn = Promise.withResolvers<void>();
  const startedMs = performance.now();
  let output = "";
  const child = Bun.spawn([...command], {
    ...spawnOptions,
    terminal: {
      cols: 80,
      rows: 24,
      data: (_terminal, bytes) => {
        output += Buffer.from(bytes).toString();
        if (output.includes("type a line")) drawn.resolve();
      },
    },
  });
  await drawn.promise;
  const tookMs = performance.now() - startedMs;
  await end(child);
  return tookMs;
}

/** Ends a program and its children, such as those of `bun run`: each is the leader of a process group. */
async function end(child: Bun.Subprocess): Promise<void> {
  process.kill(-child.pid, "SIGKILL");
  await child.exited;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}
