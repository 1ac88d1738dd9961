/**
 * `bun run bench memory`: the memory of an idle duet (PSS), without a screen and with one, in each form, beside an
 * empty TCP server and an empty Ink program in the same form. Each runs alone, in turns, with a copy of Bun that no
 * other process maps: so all of its pages count. Medians.
 */

import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/duet.ts";
import { formNames, makeForms } from "./empty/forms.ts";
import { median } from "./report/median.ts";
import { clearProgress, showProgress } from "./report/progress.ts";
import { formatTable } from "./report/table.ts";

const rounds = Number(process.argv[3] ?? 3);
/** Until Bun has collected what a start leaves. */
const idleMs = 4000;
const project = join(import.meta.dir, "../..");
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

showProgress("building");
const bun = folder.join("bun");
copyFileSync(process.execPath, bun);
const forms = await makeForms(folder, bun);
const { compiled } = forms;
for (const [path = ""] of [[bun], compiled.duet, compiled.emptyServer, compiled.emptyScreen]) evict(path);
const columns = ["headless", "empty server", "screen", "empty Ink"] as const;
const figures = new Map<string, number[]>();
for (let round = 1; round <= rounds; round++)
  for (const name of formNames) {
    const { duet, emptyServer, emptyScreen } = forms[name];
    const commands = [[...duet, "-l", "0", "--plain"], emptyServer, [...duet, "-l", "0"], emptyScreen];
    for (const [index, command] of commands.entries()) {
      showProgress(`round ${round} of ${rounds}: ${name}, ${columns[index]}`);
      const key = `${name} ${columns[index]}`;
      figures.set(key, [...(figures.get(key) ?? []), await measure(command, index >= 2)]);
    }
  }
clearProgress();
rmSync(join(project, "dist"), { recursive: true });

const rows = formNames.map((name) => {
  const [headless = 0, server = 0, screen = 0, ink = 0] = columns.map((column) =>
    median(figures.get(`${name} ${column}`) ?? []),
  );
  const print = (mebibytes: number): string => `${mebibytes.toFixed(1)} MiB`;
  return [
    ...[name, print(headless), print(server), (headless / server).toFixed(2)],
    ...[print(screen), print(ink), (screen / ink).toFixed(2)],
  ];
});
const head = ["idle", "headless", "empty server", "× server", "screen", "empty Ink", "× Ink"];
process.stdout.write(formatTable({ head, rows }));

/** Drops a new file from the page cache, from which Linux would map more around each page than of an older file. */
function evict(path: string): void {
  const command = ["dd", `of=${path}`, "oflag=nocache", "conv=notrunc,fdatasync", "count=0"];
  Bun.spawnSync(command, { cwd: project, stderr: "ignore" });
}

/** MiB of proportional memory (PSS) after some idle time. */
async function measure(command: readonly string[], hasTerminal: boolean): Promise<number> {
  const options = { cwd: project, env } as const;
  const child = hasTerminal
    ? Bun.spawn([...command], { ...options, terminal: { cols: 80, rows: 24, data: () => {} } })
    : Bun.spawn([...command], { ...options, stdin: "pipe", stdout: "ignore", stderr: "ignore" });
  await Bun.sleep(idleMs);
  const rollup = readFileSync(`/proc/${child.pid}/smaps_rollup`, "utf8");
  child.kill("SIGKILL");
  await child.exited;
  return Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1]) / 1024;
}
