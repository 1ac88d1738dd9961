/** The test terminal shows what a real terminal would. */

import { expect, test } from "bun:test";
import { startInTerminal } from "./pty.ts";

test("a program's text, cursor, modes and exit code can be read", async () => {
  await using terminal = await startInTerminal(
    ["sh", "-c", "printf '\\033[?2004h\\033[31mred\\033[0m 你好'; read line; echo \"got $line\"; exit 3"],
    { columns: 20, rows: 4 },
  );
  await terminal.waitForText("red 你好");
  expect(terminal.cursor()).toEqual({ row: 0, column: 8, visible: true });
  expect(terminal.modes().bracketedPaste).toBe(true);
  expect(terminal.isCooked()).toBe(true);
  expect(terminal.styledScreen()[0]?.map((run) => [run.text, run.foreground])).toEqual([
    ["red", 1],
    [" 你好", undefined],
  ]);
  terminal.write("hi\r");
  expect(await terminal.waitForExit()).toEqual({ code: 3, signal: null });
  expect(terminal.screen()).toEqual(["red 你好hi", "got hi", "", ""]);
});

test("a resize reaches the program", async () => {
  await using terminal = await startInTerminal([
    "bash",
    "-c",
    "trap 'stty size; exit' WINCH; stty size; while :; do read -t 1; done",
  ]);
  await terminal.waitForText("24 80");
  terminal.resize(40, 10);
  await terminal.waitForText("10 40");
});

test("a paused terminal reads nothing until it is resumed", async () => {
  await using terminal = await startInTerminal(["sh", "-c", "echo ready; read go; echo went; read end"], {
    pausable: true,
  });
  await terminal.waitForText("ready");
  terminal.pauseReading();
  terminal.write("\r");
  expect(terminal.screen().join("")).not.toContain("went");
  terminal.resumeReading();
  await terminal.waitForText("went");
});

test("a wait that times out reports the screen", async () => {
  await using terminal = await startInTerminal(["sh", "-c", "echo here; read end"]);
  await terminal.waitForText("here");
  expect(terminal.waitForText("not here", 20)).rejects.toThrow(/still waiting for the text not here[^]*here/);
});
