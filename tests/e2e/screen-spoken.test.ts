/** duet on a terminal without drawing, as for a screen reader or a teletype: plain lines, each once, and commands. */

import { describe, expect, test } from "bun:test";
import { alertIntervalMs } from "../../src/view/conversation/alerts.ts";
import { Folder, startDuet } from "../support/duet.ts";
import { startInTerminal, type TestTerminal } from "../support/pty.ts";
import { startClient } from "../support/raw-client.ts";
import { commandOf, restoredModes, screenEnvironment } from "../support/screens.ts";

async function portOf(terminal: TestTerminal): Promise<number> {
  const listening = /LISTEN.*127\.0\.0\.1:(\d+)/;
  await terminal.waitForText(listening);
  return Number(
    terminal
      .screen()
      .map((row) => listening.exec(row)?.[1])
      .find(Boolean),
  );
}

for (const [what, args, env] of [
  ["TERM=dumb", [], { TERM: "dumb" }],
  ["--screen-reader", ["--screen-reader"], {}],
  ["ACCESSIBLE=1", [], { ACCESSIBLE: "1" }],
  ["INK_SCREEN_READER", [], { INK_SCREEN_READER: "true" }],
] as const) {
  test(`${what}: each event is one plain line, and lines and commands are typed as usual`, async () => {
    using folder = new Folder();
    const command = commandOf(["-l", "127.0.0.1", "0", "--name", "ann", ...args]);
    const options = { columns: 120, env: { ...screenEnvironment(folder), ...env } };
    await using terminal = await startInTerminal(command, options);
    using client = await startClient(await portOf(terminal));
    client.write("hello\n\x1b[31mred\x1b]0;owned\x07\n");
    await terminal.waitForText(/^\d\d:\d\d 127\.0\.0\.1:\d+ says: hello$/);
    await terminal.waitForText(/^\d\d:\d\d 127\.0\.0\.1:\d+ says: ␛\[31mred␛\]0;owned␇$/);
    terminal.write("hi there\r");
    await client.waitForText("hi there\n");
    terminal.write("/who\r");
    await terminal.waitForText(/^\d\d:\d\d duet: ann, 127\.0\.0\.1:\d+, you, TCP LISTEN$/);
    terminal.write("/nope\r");
    await terminal.waitForText(/^\d\d:\d\d error: .*\/nope/);
    expect(terminal.isCooked()).toBe(true);
    terminal.write("/quit\r");
    expect((await terminal.waitForExit()).code).toBe(0);
    expect(terminal.modes()).toEqual(restoredModes);
    expect(terminal.output()).not.toMatch(/[^\P{Cc}\r\n]|[│─●◎]/u);
  });
}

test("duet stays when a connection ends; Ctrl-D exits 0, Ctrl-C 130", async () => {
  using folder = new Folder();
  const env = { ...screenEnvironment(folder), TERM: "dumb" };
  using listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { open: (socket) => void socket.end(), data() {} },
  });
  const command = commandOf(["127.0.0.1", String(listener.port)]);
  await using patient = await startInTerminal(command, { columns: 120, env });
  await patient.waitForText(/is now (CLOSED|HALF-CLOSED)/);
  patient.write("/help\r");
  await patient.waitForText("/quit: say goodbye and leave");
  patient.write("\x04");
  expect((await patient.waitForExit()).code).toBe(0);

  await using interrupted = await startInTerminal(commandOf(["-l", "127.0.0.1", "0"]), { env });
  await portOf(interrupted);
  interrupted.write("\x03");
  expect((await interrupted.waitForExit()).code).toBe(130);
});

test("--json prints its events on such a terminal as well", async () => {
  using folder = new Folder();
  const env = { ...screenEnvironment(folder), TERM: "dumb" };
  await using terminal = await startInTerminal(commandOf(["-l", "127.0.0.1", "0", "--json"]), {
    columns: 200,
    env,
  });
  await terminal.waitForText(/^\{"type":"state"/);
});

describe("a mention", () => {
  const listening = ["-l", "127.0.0.1", "0", "--name", "ann"] as const;
  const bells = (text: string): number => text.split("\x07").length - 1;

  for (const mode of ["--screen-reader", "--plain"]) {
    test(`rings once on a terminal with ${mode}, unless --bell none is set`, async () => {
      using folder = new Folder();
      const options = { columns: 120, env: screenEnvironment(folder) };
      await using terminal = await startInTerminal(commandOf([...listening, mode]), options);
      using client = await startClient(await portOf(terminal));
      client.write("hello all\n");
      await terminal.waitForText("hello all");
      expect(bells(terminal.output())).toBe(0);
      const sinceMs = performance.now();
      client.write("ann?\nann!\n");
      await terminal.waitFor((seen) => bells(seen.output()) === 1, "the bell");
      client.write("ann, once more\n");
      await terminal.waitForText("ann, once more");
      const intervals = Math.floor((performance.now() - sinceMs) / alertIntervalMs);
      expect(bells(terminal.output())).toBeLessThanOrEqual(1 + intervals);

      await using quiet = await startInTerminal(commandOf([...listening, mode, "--bell", "none"]), options);
      using other = await startClient(await portOf(quiet));
      other.write("ann?\nthat is all\n");
      await quiet.waitForText("that is all");
      expect(bells(quiet.output())).toBe(0);
    });
  }

  test("adds no byte where standard output is a pipe", async () => {
    await using duet = startDuet([...listening, "--plain", "--bell", "both"]);
    using client = await startClient(await duet.port());
    client.write("ann?\n");
    await duet.waitFor(() => duet.output.includes("ann?"), "the line");
    duet.signal("SIGTERM");
    await duet.waitForExit();
    expect(duet.output).toMatch(/^<127\.0\.0\.1:\d+> ann\?\n$/);
    expect(duet.errors).not.toContain("\x07");
  });
});
