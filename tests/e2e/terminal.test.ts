/**
 * The terminal on a real PTY: what is drawn, what a resize leaves, and that every exit restores it. The demo program
 * in tests/support/fixtures lists its keys.
 */

import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startInTerminal, type TerminalOptions, type TestTerminal } from "../support/pty.ts";
import { restoredModes } from "../support/screens.ts";
import { until } from "../support/wait.ts";

const demoPath = new URL("../support/fixtures/terminal-demo.tsx", import.meta.url).pathname;
const demo = [process.execPath, demoPath];
const f = { 1: "\x1bOP", 2: "\x1bOQ", 3: "\x1bOR", 4: "\x1bOS", 5: "\x1b[15~", 6: "\x1b[17~" } as const;
/** The demo's screen, written by hand. */
function drawn(columns: number, rows: number, typed = ""): string[] {
  const header = `demo 你好 ${columns}x${rows} `;
  const body = [1, 2, 3, 4, 5].map((number) => `line ${number} ${"·".repeat(columns - 8)}|`);
  const blank = Array.from({ length: rows - 2 - body.length }, () => "");
  return [header + "─".repeat(columns - 2 - header.length), ...body, ...blank, `> ${typed}`.trimEnd()];
}

async function startDemo(options: TerminalOptions = {}): Promise<TestTerminal> {
  const env = { NODE_ENV: "production", ...options.env };
  const terminal = await startInTerminal(demo, { ...options, env });
  await terminal.waitFor(isDrawn, "the first frame");
  return terminal;
}

function isDrawn(terminal: TestTerminal): boolean {
  const { synchronized, alternateScreen } = terminal.modes();
  return alternateScreen && !synchronized && terminal.screen().at(-1)?.startsWith(">") === true;
}

async function shows(terminal: TestTerminal, expected: readonly string[]): Promise<void> {
  const isShown = (): boolean => Bun.deepEquals(terminal.screen(), expected);
  await terminal.waitFor(isShown, `the screen\n${expected.join("\n")}`);
}

/** Expects the shell's terminal again, with its earlier text followed by `farewell`. */
async function expectGivenBack(
  terminal: TestTerminal,
  code: number,
  farewell: readonly string[],
): Promise<void> {
  expect(await terminal.waitForExit()).toEqual({ code, signal: null });
  expect(terminal.modes()).toEqual(restoredModes);
  expect(terminal.isCooked()).toBe(true);
  expect(terminal.screen().filter((row) => row !== "")).toEqual([...farewell]);
}

/** The only child process of `pid`. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
}

function reportFile(): { readonly path: string; readonly ticks: () => number } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "duet-terminal-"));
  const path = join(folder, "ticks");
  return {
    path,
    // The first report may not be written yet.
    ticks: () => (existsSync(path) ? Number(readFileSync(path, "utf8").trimEnd().split("\n").at(-1)) : 0),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test("a full screen is drawn at 80 by 24, with the cursor at the input", async () => {
  await using terminal = await startDemo();
  await shows(terminal, drawn(80, 24));
  terminal.write("你好");
  await shows(terminal, drawn(80, 24, "你好"));
  expect(terminal.cursor()).toEqual({ row: 23, column: 6, visible: true });
  expect(terminal.modes()).toEqual({
    ...restoredModes,
    alternateScreen: true,
    bracketedPaste: true,
    focusReports: true,
    autowrap: false,
  });
});

test("a resize to 40 by 10 and back leaves no stale cell", async () => {
  await using terminal = await startDemo();
  for (const [columns, rows] of [
    [40, 10],
    [80, 24],
    [40, 24],
    [120, 8],
    [80, 24],
  ] as const) {
    terminal.resize(columns, rows);
    await shows(terminal, drawn(columns, rows));
  }
});

test("Ctrl-L redraws a screen that another program wrote on", async () => {
  await using terminal = await startDemo();
  const scribble = Bun.spawn(["sh", "-c", `printf 'scribble\\nscribble' > /proc/${terminal.pid}/fd/1`]);
  await scribble.exited;
  await terminal.waitForText("scribble");
  terminal.write("\x0c");
  await shows(terminal, drawn(80, 24));
});

test("a program's own exit restores the terminal and prints its farewell", async () => {
  await using terminal = await startDemo();
  terminal.write(f[1]);
  await expectGivenBack(terminal, 0, ["goodbye"]);
});

test("Ctrl-C twice exits with code 130", async () => {
  await using terminal = await startDemo();
  terminal.write("\x03\x03");
  await expectGivenBack(terminal, 130, []);
});

for (const [signal, code] of [
  ["SIGTERM", 143],
  ["SIGINT", 130],
  ["SIGHUP", 129],
] as const) {
  test(`${signal} restores the terminal and exits ${code}`, async () => {
    await using terminal = await startDemo();
    terminal.signal(signal);
    await expectGivenBack(terminal, code, []);
  });
}

for (const [fault, key, message] of [
  ["an uncaught exception", f[2], "thrown by a key"],
  ["an unhandled rejection", f[3], "rejected by a key"],
  ["a component that throws", f[4], "a component's fault"],
] as const) {
  test(`${fault} restores the terminal, prints one sentence and exits 70`, async () => {
    await using terminal = await startDemo();
    terminal.write(key);
    await expectGivenBack(terminal, 70, [
      `duet stopped by a fault of its own: ${message}; please report it.`,
    ]);
  });
}

test("a fault prints its stack when DUET_DEBUG is set", async () => {
  await using terminal = await startDemo({ env: { DUET_DEBUG: "1" } });
  terminal.write(f[2]);
  await terminal.waitForExit();
  expect(terminal.output()).toContain("terminal-demo.tsx:");
});

test("mouse reports are ended on exit", async () => {
  await using terminal = await startDemo();
  expect(terminal.modes().mouse).toBe("none");
  terminal.write(f[6]);
  await terminal.waitFor(({ modes }) => modes.call(terminal).mouse === "drag", "mouse reports");
  await shows(terminal, drawn(80, 24));
  terminal.signal("SIGTERM");
  await expectGivenBack(terminal, 143, []);
});

test("a terminal that hangs up ends the program", async () => {
  await using terminal = await startDemo();
  terminal.hangUp();
  expect((await terminal.waitForExit()).code).toBe(129);
});

test("Ctrl-Z returns the terminal to the shell, and fg takes it again, resized meanwhile", async () => {
  await using terminal = await startInTerminal(["bash", "--norc", "--noprofile", "-i"], {
    env: { PS1: "shell> ", NODE_ENV: "production", DEMO: demo.join(" ") },
  });
  await terminal.waitForText("shell>");
  terminal.write("clear; $DEMO\r");
  await shows(terminal, drawn(80, 24));
  terminal.write("typed");
  await shows(terminal, drawn(80, 24, "typed"));
  for (const [columns, rows] of [
    [60, 12],
    [80, 24],
  ] as const) {
    terminal.write("\x1a");
    await terminal.waitForText("Stopped");
    await terminal.waitFor((seen) => seen.modes().bracketedPaste, "the shell's own line editor");
    expect(terminal.modes()).toEqual({ ...restoredModes, bracketedPaste: true });
    terminal.resize(columns, rows);
    terminal.write("fg\r");
    await shows(terminal, drawn(columns, rows, "typed"));
    expect(terminal.modes().alternateScreen).toBe(true);
  }
  terminal.write(f[1]);
  await terminal.waitForText("goodbye");
  expect(terminal.modes().alternateScreen).toBe(false);
});

test("SIGTSTP from outside returns the terminal to the shell too", async () => {
  await using terminal = await startInTerminal(["bash", "--norc", "--noprofile", "-i"], {
    env: { PS1: "shell> ", NODE_ENV: "production", DEMO: demo.join(" ") },
  });
  await terminal.waitForText("shell>");
  terminal.write("clear; $DEMO\r");
  await shows(terminal, drawn(80, 24));
  process.kill(childOf(terminal.pid), "SIGTSTP");
  await terminal.waitForText("Stopped");
  expect(terminal.modes().alternateScreen).toBe(false);
  terminal.write("fg\r");
  await shows(terminal, drawn(80, 24));
});

test("SIGSTOP and SIGCONT from outside redraw the screen", async () => {
  await using terminal = await startDemo();
  terminal.signal("SIGSTOP");
  terminal.resize(60, 12);
  terminal.signal("SIGCONT");
  await shows(terminal, drawn(60, 12));
  terminal.write("x");
  await shows(terminal, drawn(60, 12, "x"));
});

test("Ctrl-Z without a shell that could stop the program takes the terminal again", async () => {
  await using terminal = await startDemo();
  terminal.write("\x1a");
  // Both may be in one chunk of output.
  const hasReturned = (output: string): boolean =>
    output.includes("\x1b[?1049h", Math.max(0, output.indexOf("\x1b[?1049l")) || output.length);
  await terminal.waitFor(
    (seen) => hasReturned(seen.output()),
    "the shell's screen, and the alternate one again",
  );
  await shows(terminal, drawn(80, 24));
  terminal.write("x");
  await shows(terminal, drawn(80, 24, "x"));
});

test("an unread terminal blocks only the drawing", async () => {
  using report = reportFile();
  await using terminal = await startDemo({ pausable: true, env: { DEMO_REPORT: report.path } });
  terminal.write(f[5]);
  await terminal.waitForText("flood");
  terminal.pauseReading();
  const ticksBefore = report.ticks();
  // 200 ticks of 5 ms: many times longer than it takes to fill the terminal's buffer.
  await until(() => report.ticks() >= ticksBefore + 200, "the program's timers");
  const bytesBefore = terminal.bytes;
  terminal.resumeReading();
  await terminal.waitFor((seen) => seen.bytes > bytesBefore + 10_000, "the drawing to go on");
  terminal.write("x");
  await terminal.waitForText(/^> x$/);
  expect(
    terminal
      .screen()
      .slice(1, -1)
      .every((row) => /^flood \d+ ·+\|$/.test(row)),
  ).toBe(true);
});

for (const [way, signal, code] of [
  ["a signal", "SIGTERM", 143],
  ["a fault", "SIGURG", 70],
] as const) {
  test(`an unread terminal does not delay the exit by ${way}`, async () => {
    using report = reportFile();
    await using terminal = await startDemo({ pausable: true, env: { DEMO_REPORT: report.path } });
    terminal.write(f[5]);
    await terminal.waitForText("flood");
    const child = childOf(terminal.pid);
    terminal.pauseReading();
    const ticksBefore = report.ticks();
    await until(() => report.ticks() >= ticksBefore + 60, "a full terminal");
    process.kill(child, signal);
    await until(() => /State:\tZ/.test(readFileSync(`/proc/${child}/status`, "utf8")), "its end");
    terminal.resumeReading();
    expect((await terminal.waitForExit()).code).toBe(code);
  });
}

test("standard error in a file receives no escape sequences", async () => {
  using report = reportFile();
  const command = `exec "$@" 2>${report.path}`;
  await using terminal = await startInTerminal(["sh", "-c", command, "sh", ...demo]);
  await terminal.waitFor(isDrawn, "the first frame");
  terminal.write(f[1]);
  await terminal.waitForExit();
  expect(readFileSync(report.path, "utf8")).toBe("");
});
