/**
 * A terminal that replies late, as over a slow ssh: no reply is typed into the shell after duet has ended or was
 * suspended.
 */

import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { Folder } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";
import { commandOf, screenEnvironment } from "../support/screens.ts";
import { until } from "../support/wait.ts";

/** Long enough to arrive after the end of a duet that does not wait; on a busy machine well within a second. */
const replyDelayMs = 250;
const listening = ["-l", "127.0.0.1", "0", "--name", "ann"];

/** Runs duet from a shell on a slow terminal, until its first frame. */
async function startFromShell(folder: Folder, command: readonly string[]): Promise<TestTerminal> {
  const env = { ...screenEnvironment(folder), PS1: "shell> ", DUET: command.join(" ") };
  const shell = ["bash", "--norc", "--noprofile", "-i"];
  const options = { env, replyDelayMs, background: "rgb:0000/0000/0000" };
  const terminal = await startInTerminal(shell, options);
  await terminal.waitForText("shell>");
  terminal.write('clear; $DUET; echo "left $?"\r');
  await terminal.waitFor((seen) => seen.modes().alternateScreen, "duet's screen");
  return terminal;
}

/** The process that the shell runs. */
function findDuet({ pid }: TestTerminal): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
}

/** Expects that the shell is back, and that no reply becomes input of it, even after all have arrived. */
async function expectCleanShell(terminal: TestTerminal, end: string): Promise<void> {
  await terminal.waitForText(end);
  expect(terminal.modes().alternateScreen).toBe(false);
  const { waitFor } = terminal;
  await waitFor.call(terminal, () => terminal.replies.underWay === 0, "the replies");
  expect(terminal.replies.arrived).toBeGreaterThan(1);
  terminal.write("echo do''ne\r");
  await terminal.waitForText(/^done/);
  expect(terminal.screen().join("\n")).not.toMatch(/rgb|;\d+c|\^\[/);
}

test.each([
  ["/quit", "/quit\r", "left 0"],
  ["Ctrl-C twice", "\x03\x03", "left 130"],
])("%s waits for the replies", async (_way, keys, end) => {
  using folder = new Folder();
  await using terminal = await startFromShell(folder, commandOf(listening));
  terminal.write(keys);
  await expectCleanShell(terminal, end);
});

test("Ctrl-Z waits for the replies, and so does an end after fg", async () => {
  using folder = new Folder();
  await using terminal = await startFromShell(folder, commandOf(listening));
  terminal.write("\x1a");
  await expectCleanShell(terminal, "Stopped");
  terminal.write('clear; fg; echo "left $?"\r');
  await terminal.waitFor((seen) => seen.modes().alternateScreen, "duet's screen");
  terminal.write("/quit\r");
  await expectCleanShell(terminal, "left 0");
});

test("a taken port waits for the replies", async () => {
  using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  using folder = new Folder();
  const command = commandOf(["-l", "127.0.0.1", String(taken.port)]);
  await using terminal = await startFromShell(folder, command);
  await expectCleanShell(terminal, "left 1");
});

test.each([
  ["a signal", 1],
  ["two signals", 2],
])("%s: the replies are awaited", async (_way, count) => {
  using folder = new Folder();
  await using terminal = await startFromShell(folder, commandOf(listening));
  for (let sent = 0; sent < count; sent += 1) process.kill(findDuet(terminal), "SIGTERM");
  await expectCleanShell(terminal, "left 143");
});

test("an exception waits for the replies", async () => {
  using folder = new Folder();
  const fault = folder.join("fault.ts");
  writeFileSync(fault, `process.on("SIGURG", () => { throw new Error("provoked"); });`);
  const command = commandOf(listening, { bunOptions: ["--preload", fault] });
  await using terminal = await startFromShell(folder, command);
  process.kill(findDuet(terminal), "SIGURG");
  await expectCleanShell(terminal, "left 70");
});

test("a terminal that never replies delays the end by at most a second", async () => {
  using folder = new Folder();
  const env = screenEnvironment(folder);
  await using terminal = await startInTerminal(commandOf(listening), { env, replyDelayMs: 3_600_000 });
  await until(() => terminal.modes().alternateScreen, "duet's screen");
  const startMs = performance.now();
  terminal.write("\x03\x03");
  expect((await terminal.waitForExit()).code).toBe(130);
  expect(performance.now() - startMs).toBeLessThan(20_000);
  expect(terminal.isCooked()).toBe(true);
});
