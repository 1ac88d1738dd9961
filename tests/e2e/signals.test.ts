/** Signals end duet at each stage of a start, unless they were ignored before it, and named pipes never make it wait for their other end. */

import { expect, test } from "bun:test";
import { constants, existsSync, openSync, closeSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { constants as system } from "node:os";
import { endingSignals } from "../../src/words/parts/ending-signals.ts";
import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { type ProgramEnd } from "../support/processes.ts";
import { startInTerminal } from "../support/pty.ts";
import { startClient } from "../support/raw-client.ts";
import { commandOf, restoredModes, screenEnvironment } from "../support/screens.ts";
import { until } from "../support/wait.ts";

const signals = endingSignals;

/** A named pipe that this process keeps open at both ends, so that it has a reader and a writer that do nothing. */
class IdlePipe extends Folder {
  readonly pipe = makePipe(this);
  readonly #descriptor = openSync(this.pipe, constants.O_RDWR);

  override [Symbol.dispose](): void {
    closeSync(this.#descriptor);
    super[Symbol.dispose]();
  }
}

function makePipe(folder: Folder): string {
  const path = folder.join("pipe");
  expect(Bun.spawnSync(["mkfifo", path]).exitCode).toBe(0);
  return path;
}

/** The files that a process has open, on Linux. */
function listOpenFiles(pid: number): readonly string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).map((descriptor) => readlinkSync(`${folder}/${descriptor}`));
  } catch {
    return []; // A descriptor was closed meanwhile, or the process has ended.
  }
}

/** Ended by duet's own exit code, or before duet handles signals by the kernel, which a shell reports alike. */
function expectEndedBy(end: ProgramEnd, signal: (typeof signals)[number]): void {
  expect(end.signal ?? end.code).toBeOneOf([signal, 128 + system.signals[signal]]);
}

async function expectEnds(duet: Duet, signal: (typeof signals)[number]): Promise<void> {
  duet.signal(signal);
  expectEndedBy(await duet.waitForExit(), signal);
  expect(duet.errors).not.toMatch(/^\s+at |Error:/m);
}

test.each([
  [["-l", "0", "--config"], 2, /nobody writes to that pipe \(ENXIO\); --no-config starts without them\n$/],
  [
    ["--plain", "--replay"],
    1,
    /cannot be read \(ENXIO\): nobody writes to that pipe; start its writer first\n$/,
  ],
  [
    ["-l", "0", "-o"],
    1,
    /cannot be opened \(ENXIO\): nobody reads that pipe or device; start its reader first\n$/,
  ],
] as const)("a pipe without its other end is refused at once: %j", async (args, code, sentence) => {
  using folder = new Folder();
  await using duet = startDuet([...args, makePipe(folder)]);
  expect(await duet.waitForExit()).toEqual({ code, signal: null });
  expect(duet.errors).toMatch(sentence);
});

test("settings and recordings are read from pipes that have a writer, even if it is slow or empty", async () => {
  const run = (args: string) =>
    startDuet([], { under: ["bash", "-c", `exec "$@" ${args}`, "bash"], inputFrom: "true" });
  await using empty = run("127.0.0.1 1 --plain --config <(true)");
  expect(await empty.waitForExit()).toEqual({ code: 1, signal: null });
  expect(empty.errors).toContain("refused the connection");
  await using slow = run("--plain --config <(read -t 0.1 < <(exec sleep 1); echo 'name = 3 4')");
  expect((await slow.waitForExit()).code).toBe(2);
  expect(slow.errors).toContain(":1: this is not TOML");
  const event =
    '{"type":"state","at":"2026-01-01T00:00:00.000Z","transport":"tcp","from":"CLOSED","to":"LISTEN","reason":"x"}';
  await using replay = run(`--json --replay <(echo '${event}')`);
  expect(await replay.waitForExit()).toEqual({ code: 0, signal: null });
  expect(replay.eventsOf("state")).toHaveLength(1);
});

for (const signal of signals) {
  test.each([
    ["settings", ["-l", "0", "--config"]],
    ["a recording", ["--plain", "--replay"]],
  ])(`${signal} ends duet while it reads %s from a pipe`, async (_what, args) => {
    using folder = new IdlePipe();
    await using duet = startDuet([...args, folder.pipe]);
    await until(() => listOpenFiles(duet.pid).includes(folder.pipe), "duet to open the pipe");
    await expectEnds(duet, signal);
  });

  test(`${signal} ends duet while the reader of its log takes nothing`, async () => {
    using folder = new IdlePipe();
    await using duet = startDuet(["-l", "0", "--plain", "-x", folder.pipe]);
    using client = await startClient(await duet.port());
    client.write(`${"x".repeat(70)}\n`.repeat(4000));
    await duet.waitForLine("> x");
    await expectEnds(duet, signal);
  });

  test(`${signal} ends duet while nobody reads its output`, async () => {
    using folder = new IdlePipe();
    await using duet = startDuet(["-l", "0", "--plain"], { outputTo: folder.pipe });
    using client = await startClient(await duet.port());
    client.write(`${"x".repeat(70)}\n`.repeat(4000));
    await duet.waitForError(/joined/);
    await expectEnds(duet, signal);
  });
}

/** The text of a file; empty before it is there. */
function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

test.each([
  ["nohup duet &", "nohup $DUET & echo pid $!"],
  ["a script's trap", `sh -c "trap '' HUP; exec $DUET < /dev/null > nohup.out 2>&1" & echo pid $!`],
])("started with HUP ignored, duet outlives its terminal: %s", async (_what, line) => {
  using folder = new Folder();
  const command = commandOf(["-l", "127.0.0.1", "0", "--plain"]);
  const env = { ...screenEnvironment(folder), PS1: "shell> ", DUET: command.join(" ") };
  const shell = ["bash", "--norc", "--noprofile", "-i"];
  await using terminal = await startInTerminal(shell, { env, cwd: folder.path });
  await terminal.waitForText("shell>");
  terminal.write(`${line}\r`);
  const output = folder.join("nohup.out");
  const port = await until(() => /LISTEN: 127\.0\.0\.1:(\d+)/.exec(readIfThere(output))?.[1], "the port");
  // nohup writes to the same line.
  await terminal.waitForText(/pid \d+/);
  const pid = Number(/pid (\d+)/.exec(terminal.screen().join("\n"))?.[1]);
  terminal.hangUp();
  await terminal.waitForExit();
  process.kill(pid, "SIGHUP");
  using client = await startClient(Number(port));
  client.write("still there\n");
  await until(() => /> still there$/m.test(readIfThere(output)), "the line");
  process.kill(pid, "SIGTERM");
  await client.bell.waitFor(() => client.ended, "the goodbye");
});

/** The bytes that a process has read since it began: they grow as a start proceeds. */
function countReadBytes(pid: number): number {
  return Number(/^rchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}

const moments = 16;

test.each([
  ["without a screen", ["-l", "0", "--plain"], /LISTEN/],
  ["with a screen", ["-l", "127.0.0.1", "0"], /LISTEN/],
])("a signal at any moment of a start ends duet: %s", async (_what, args, isUp) => {
  using folder = new Folder();
  const start = async () => {
    const env = screenEnvironment(folder);
    return startInTerminal(commandOf([...args, "-o", folder.join("log"), "--no-config"]), { env });
  };
  await using whole = await start();
  await whole.waitForText(isUp);
  const wholeBytes = countReadBytes(whole.pid);
  whole.signal("SIGTERM");
  await whole.waitForExit();
  for (let moment = 0; moment < moments; moment += 1) {
    const signal = signals[moment % signals.length]!;
    await using duet = await start();
    await until(() => countReadBytes(duet.pid) >= (wholeBytes * moment) / moments, "that moment");
    duet.signal(signal);
    expectEndedBy(await duet.waitForExit(), signal);
    expect(duet.modes()).toEqual(restoredModes);
    expect(duet.isCooked()).toBe(true);
  }
});
