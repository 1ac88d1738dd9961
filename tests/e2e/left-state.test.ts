/**
 * The state in which an earlier program left the terminal: duet starts as on a fresh one, and Ctrl-L brings that back.
 * Terminals without an alternate screen are left clear.
 */

import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { Folder } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";
import { startClient } from "../support/raw-client.ts";
import { commandOf, screenEnvironment, startOnScreen } from "../support/screens.ts";
import { freePort } from "../support/tutorial.ts";
import { until } from "../support/wait.ts";

const dirt: readonly (readonly [what: string, sequence: string])[] = [
  ["a scroll region", "\x1b[5;10r"],
  ["origin mode in a scroll region", "\x1b[5;10r\x1b[?6h"],
  ["insert mode", "\x1b[4h"],
  ["line drawing", "\x1b(0"],
  ["line drawing by SO", "\x1b)0\x0e"],
  ["newline mode", "\x1b[20h"],
  ["autowrap", "\x1b[?7h"],
  ["reverse and hidden text", "\x1b[7;8m"],
  ["an unended frame", "\x1b[?2026h"],
  ["reports of each move of the mouse", "\x1b[?1003h\x1b[?1006h\x1b[?1015h"],
  ["all of them", "\x1b[5;10r\x1b[?6h\x1b[4h\x1b)0\x0e\x1b(0\x1b[20h\x1b[7m\x1b[?1003h\x1b[?2026h"],
];

function draw(port: number): string {
  return `
┃ [TCP] server ◎ LISTEN 127.0.0.1:${port}  UDP ○ CLOSED                        ann
${"┃\n".repeat(7)}┃         You are ann. Another name: /nick NAME, or start with --name.
┃         Nobody else is here yet. On this machine a friend joins with:
┃             bun run start --duet 127.0.0.1 ${port}
┃             nc 127.0.0.1 ${port}    or any program that speaks text
┃         Then type, and press Enter. Ctrl-T shows UDP, F1 helps.
${"┃\n".repeat(8)}┃hh:mm    -- │ ◎ LISTEN: 127.0.0.1:${port} is ours, waiting for someone to connect
┃ ↓ in ↑ out  Ctrl-T UDP  F2 wire  F1 help
┃ann │ 你好 qqq
`;
}

test.each(dirt)(
  "%s does not garble the screen, nor does it after Ctrl-L, nor the farewell",
  async (_what, sequence) => {
    const port = await freePort("tcp");
    using folder = new Folder();
    const file = folder.join("dirt");
    writeFileSync(file, sequence);
    const under = ["sh", "-c", `cat ${file}; exec "$@"`, "sh"];
    await using duet = await startOnScreen(["-l", "127.0.0.1", String(port), "--name", "ann"], {
      folder,
      under,
    });
    duet.type("你好 qqq");
    await duet.shows(draw(port));
    expect(duet.terminal.modes().mouse).toBe("none");
    await Bun.spawn([
      "sh",
      "-c",
      `printf '\\033[3;3Hscribble' | cat ${file} - > /proc/${duet.terminal.pid}/fd/1`,
    ]).exited;
    await until(() => duet.terminal.output().includes("scribble"), "the scribble");
    // The new letter is drawn after all before it.
    duet.type("\x0cx");
    await duet.shows(draw(port).replace("qqq", "qqqx"));
    await duet.terminal.waitFor((seen) => seen.modes().mouse === "none", "no reports of the mouse");
    using client = await startClient(port);
    client.write("hello qqq\n");
    await duet.sees("│ hello qqq");
    duet.type("\x15/quit\r");
    await duet.terminal.waitForExit();
    expect(duet.terminal.screen().join("\n")).toContain("hello qqq");
  },
);

/** GNU screen has no alternate screen by default, and shows on its own terminal what it was left with. */
async function startInGnuScreen(folder: Folder, command: readonly string[]): Promise<TestTerminal> {
  const sockets = folder.join("screen");
  mkdirSync(sockets, { mode: 0o700 });
  const env = { ...screenEnvironment(folder), SCREENDIR: sockets, PS1: "shell> ", DUET: command.join(" ") };
  const shell = ["bash", "--norc", "--noprofile", "-i"];
  // The session is to end with its terminal.
  writeFileSync(folder.join("screenrc"), "autodetach off\n");
  const screen = ["screen", "-U", "-c", folder.join("screenrc")];
  const terminal = await startInTerminal([...screen, ...shell], { env });
  await terminal.waitForText("shell>");
  return terminal;
}

/** The rows that are not blank, trimmed. */
function listRows(terminal: TestTerminal): readonly string[] {
  return terminal
    .screen()
    .map((row) => row.trim())
    .filter((row) => row !== "");
}

test("a terminal without an alternate screen is clear after a suspend and after the end", async () => {
  using folder = new Folder();
  await using terminal = await startInGnuScreen(folder, commandOf(["-l", "127.0.0.1", "0", "--name", "ann"]));
  terminal.write(`printf '${String.raw`\\033[5;10r\\033[?6h\\033[4h\\033(0`}'; $DUET\r`);
  await terminal.waitForText(/TCP. server ◎ LISTEN 127/);
  terminal.write("qqq");
  await terminal.waitForText("ann │ qqq");
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(terminal.screen()[0] ?? "")?.[1]);
  expect(terminal.screen().map((row) => row.trimEnd().replace(/^\d\d:\d\d/, "hh:mm"))).toEqual(
    draw(port)
      .replaceAll("┃", "")
      .replace("你好 ", "")
      .replace("↓ in ↑ out  Ctrl-T", "↓ 0 B ↑ 0 B                                       Ctrl-T")
      .slice(1, -1)
      .split("\n"),
  );
  using client = await startClient(port);
  client.write("hello\n");
  await terminal.waitForText("│ hello");
  terminal.write("\x1a");
  await terminal.waitForText("Stopped");
  await terminal.waitForText(/^shell> ?$/);
  expect(listRows(terminal).slice(1).join("\n")).not.toContain("│");
  terminal.write("fg\r");
  await terminal.waitForText("ann │ qqq");
  terminal.write("\x15/quit\r");
  await terminal.waitForText(/^shell> ?$/);
  // The farewell alone.
  expect(listRows(terminal).slice(-3)).toEqual([
    expect.stringMatching(/^\d\d:\d\d <127.0.0.1:\d+> hello$/),
    expect.stringMatching(/○ CLOSED: left$/),
    "shell>",
  ]);
  expect(terminal.screen().join("\n")).not.toContain("│");
});
