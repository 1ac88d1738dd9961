/** Paths, names and values of the command line and of settings, with controls in them: none reaches the terminal. */

import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Folder, startDuet } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";
import { startClient } from "../support/raw-client.ts";
import { commandOf, screenEnvironment } from "../support/screens.ts";

/** Sets the title (OSC), writes in red by a C1 control, and turns the line around. */
const hostile = "\x1b]0;title\x07\x9b31m\u202E";
const missing = `/no-such/${hostile}/file`;

/** What a terminal obeys, but newlines. */
const controls = /[[\p{Cc}\p{Bidi_Control}]--\n]/v;

const refused: readonly (readonly string[])[] = [
  ["-o", missing],
  ["-x", missing],
  ["--export", missing],
  ["-o", missing, "-x", missing],
  ["--replay", missing],
  ["--replay", "x", missing],
  ["--config", missing],
  ["-U", missing],
  ["-U", "x", missing],
  ["-l", "-U", missing],
  [missing, "80"],
  ["-l", missing, "80"],
  ["127.0.0.1", missing],
  ["127.0.0.1", "1", missing],
  ["--group", missing],
  ["--name", hostile.repeat(20)],
  ["--lang", hostile],
  ["--theme", hostile],
  ["--bell", hostile],
  ["--trouble", hostile],
  ["--allow", hostile],
  ["-w", hostile],
  ["-m", hostile],
  [`--no${hostile}`],
  [`-${hostile}`],
  [`--plain=${hostile}`],
];

describe.each([["--plain", "-v"], ["--json", "-v"], ["--raw", "-v"], ["--replay-too"]])(
  "with %s %s",
  (...mode) => {
    const modes = mode.filter((option) => option !== undefined && option !== "--replay-too");
    test.concurrent.each(refused.map((args) => [args]))("%j is refused in clean text", async (args) => {
      await using duet = startDuet([...modes, ...args]);
      duet.end();
      expect((await duet.waitForExit()).code).toBeOneOf([1, 2]);
      expect(duet.errors).not.toBe("");
      expect(duet.output + duet.errors).not.toMatch(controls);
    });
  },
);

test.each([
  ["an unknown key", `${JSON.stringify(hostile)} = 1`],
  ["a wrong value", `theme = ${JSON.stringify(hostile)}`],
  ["a wrong path", `output = ${JSON.stringify(missing)}`],
  ["no TOML", `a ${hostile} b`],
])("settings with %s are refused in clean text", async (_what, text) => {
  using folder = new Folder();
  const path = folder.join(`config${hostile}/duet/config.toml`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  await using duet = startDuet(["-l", "0", "--plain"], {
    folder,
    env: { XDG_CONFIG_HOME: dirname(dirname(path)) },
  });
  expect((await duet.waitForExit()).code).toBeOneOf([1, 2]);
  expect(duet.output + duet.errors).not.toMatch(controls);
});

test.each([["--plain"], ["--json"], ["--raw"]])(
  "a socket, logs and a mended log with such names are named in clean text: %s",
  async (mode) => {
    using folder = new Folder();
    const text = folder.join(`text${hostile}`);
    const hex = folder.join(`hex${hostile}`);
    writeFileSync(text, "2026-");
    writeFileSync(hex, "<");
    await using duet = startDuet(
      ["-l", "-U", folder.join(`s${hostile}`), mode, "-v", "-o", text, "-x", hex],
      { folder },
    );
    await duet.waitForError(/text.* ended in half a record[^]*hex.* ended in half a record[^]*LISTEN/);
    duet.signal("SIGTERM");
    await duet.waitForExit();
    expect(duet.output + duet.errors).not.toMatch(controls);
    // The text log is read in terminals too.
    expect(await Bun.file(text).text()).not.toMatch(controls);
  },
);

const escape = "\x1b";
const csi = new RegExp(String.raw`${escape}\[[?>=]?[\d;]*[ $]?[A-Za-z]`, "g");
/** The title, a link, or the question for the background. */
const osc = new RegExp(String.raw`${escape}\](?:2;|8;|11;)[^\p{Cc}]*${escape}\\`, "gu");

/** UTF-8, no line drawing, SI, and the cursor saved and restored: what an earlier program left is reset. */
const resets = new RegExp(String.raw`\u001b(?:%G|\(B|[78])|\u000f`, "g");

/** The output of a terminal without the sequences that duet writes itself. */
function withoutOwnSequences(output: string): string {
  return output.replace(csi, "").replace(osc, "").replace(resets, "").replaceAll("\r", "");
}

/** Some of them end by themselves, before the signal or after it. */
function endIfRunning(terminal: TestTerminal): void {
  try {
    terminal.signal("SIGTERM");
  } catch {
    // It has ended.
  }
}

async function expectCleanScreen(terminal: TestTerminal): Promise<void> {
  await terminal.waitForExit();
  expect(terminal.output()).toContain("title");
  expect(withoutOwnSequences(terminal.output())).not.toMatch(controls);
}

describe.each([[[]], [["--screen-reader"]], [["--lang", "zh"]]])("on a terminal with %j", (mode) => {
  test.each([
    [["-U", missing]],
    [["-l", "127.0.0.1", "0", "-o", missing]],
    [["--replay", missing]],
    [["--theme", hostile]],
  ])("%j reaches the screen as text", async (args) => {
    using folder = new Folder();
    await using terminal = await startInTerminal(commandOf([...mode, ...args], {}), {
      columns: 120,
      env: screenEnvironment(folder),
    });
    await terminal.waitFor((seen) => seen.output().includes("title"), "the words of the argument");
    endIfRunning(terminal);
    await expectCleanScreen(terminal);
  });

  test("a socket with such a name is shown as text, also in panels, the wire and completions", async () => {
    using folder = new Folder();
    const path = folder.join(`title${hostile}`);
    await using terminal = await startInTerminal(commandOf(["-l", "-U", path, ...mode]), {
      columns: 160,
      env: screenEnvironment(folder),
    });
    await terminal.waitForText(/LISTEN/);
    // In plain lines the terminal echoes keys itself.
    if (mode.includes("--screen-reader")) terminal.write("/who\r/stats\r/why ENOENT\r");
    else {
      // Each in a read of its own: lines in one read would be a paste.
      const composer = (): string => terminal.screen().at(-1) ?? "";
      terminal.write(`\x1bOQ/save ${folder.path}/\t\x15`);
      for (const command of ["/who", "/stats", "/why ENOENT"]) {
        terminal.write(command);
        await terminal.waitFor(() => composer().endsWith(`│ ${command}`), "the command");
        terminal.write("\r");
        await terminal.waitFor(() => !composer().includes(command), "the command to be run");
      }
    }
    await terminal.waitFor((seen) => /ENOENT[:：]/.test(seen.output()), "the answers");
    terminal.signal("SIGTERM");
    await expectCleanScreen(terminal);
  });
});

test("bytes that --raw shows on a terminal are cleaned, and those for a program are not", async () => {
  using folder = new Folder();
  const args = ["-l", "127.0.0.1", "0", "--raw", "--plain", "-v"];
  await using terminal = await startInTerminal(commandOf(args), { env: screenEnvironment(folder) });
  const port = /LISTEN[^\n]*127\.0\.0\.1:(\d+)/;
  await terminal.waitFor((seen) => port.test(seen.output()), "the port");
  using client = await startClient(Number(port.exec(terminal.output())?.[1]));
  client.write(`${hostile}the end\n`);
  await terminal.waitForText("the end");
  terminal.signal("SIGTERM");
  await expectCleanScreen(terminal);
  await using piped = startDuet(["-l", "0", "--raw", "-v"]);
  using other = await startClient(await piped.port());
  other.write(`${hostile}the end\n`);
  await piped.waitForLine("the end");
  expect(piped.output).toBe(`${hostile}the end\n`);
});
