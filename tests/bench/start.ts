/**
 * `bun run bench start`: how long duet takes to be up, from its spawn to the LISTEN line without a screen and to the
 * first frame with one: from source, as the bundle, by `bun run start`, and compiled; beside a Bun that loads nothing, and
 * an empty TCP server and an empty Ink program in the same form. Forms alternate; medians, and their ratio, which differs
 * less from machine to machine.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/duet.ts";
import { type Form, makeForms } from "./empty/forms.ts";
import { median } from "./report/median.ts";
import { clearProgress, showProgress } from "./report/progress.ts";
import { formatTable } from "./report/table.ts";

const runs = Number(process.argv[3] ?? 15);
const project = join(import.meta.dir, "../..");
const bun = process.execPath;
using folder = new Folder();
const env = {
  ...process.env,
  NODE_ENV: "production",
  TERM: "xterm-256color",
  XDG_RUNTIME_DIR: folder.path,
  XDG_STATE_HOME: folder.path,
  XDG_DATA_HOME: folder.path,
  TMPDIR: folder.path,
};
const spawnOptions = { cwd: project, env } as const;

showProgress("building");
const made = await makeForms(folder, bun);
const bundled = made["the bundle"];
const forms: Readonly<Record<string, Form>> = {
  ...made,
  "`bun run start`": { ...bundled, duet: [bun, "run", "start"] },
};
const times = new Map<string, number[]>();
for (let run = 0; run <= runs; run++) {
  await measure(run, "nothing", () => timeToEnd([bun, "-e", "0"]));
  for (const [name, { duet, emptyServer, emptyScreen }] of Object.entries(forms)) {
    await measure(run, `${name}, LISTEN`, () => timeToListen([...duet, "-l", "0", "--plain"]));
    await measure(run, `${name}, empty server`, () => timeToListen(emptyServer));
    await measure(run, `${name}, first frame`, () => timeToFrame([...duet, "-l", "0"]));
    await measure(run, `${name}, empty Ink`, () => timeToFrame(emptyScreen));
  }
}
clearProgress();
rmSync(join(project, "dist"), { recursive: true });

const nothingMs = median(times.get("nothing") ?? []);
const columns = ["LISTEN", "empty server", "first frame", "empty Ink"] as const;
const head = ["start", ...columns.flatMap((column) => [column, `× ${column}`])];
const rows = Object.keys(forms).map((name) => [
  name,
  ...columns.flatMap((column) => printTime(median(times.get(`${name}, ${column}`) ?? []))),
]);
process.stdout.write(formatTable({ head, rows }));
process.stdout.write(
  `\n× beside \`bun -e 0\`, which took ${nothingMs.toFixed(1)} ms; medians of ${runs} rounds.\n`,
);

function printTime(ms: number): readonly [string, string] {
  return [`${ms.toFixed(1)} ms`, (ms / nothingMs).toFixed(1)];
}

/** The first round warms the disk cache. */
async function measure(run: number, what: string, act: () => Promise<number>): Promise<void> {
  showProgress(`round ${run} of ${runs}: ${what}`);
  const ms = await act();
  if (run > 0) times.set(what, [...(times.get(what) ?? []), ms]);
}

async function timeToEnd(command: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  await Bun.spawn([...command], spawnOptions).exited;
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
