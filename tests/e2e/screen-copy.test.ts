/** Copying from the conversation by OSC 52, in a real terminal. */

import { expect, test } from "bun:test";
import { startClient } from "../support/raw-client.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";

const listening = ["-l", "127.0.0.1", "0", "--name", "ann"];

/** The texts that duet set the clipboard to. */
function copied({ terminal }: ScreenDuet): readonly string[] {
  // oxlint-disable-next-line no-control-regex
  const sequences = terminal.output().matchAll(/\x1b\]52;c;([A-Za-z0-9+/=]*)\x1b\\/g);
  return [...sequences].map(([, base64 = ""]) => Buffer.from(base64, "base64").toString());
}

test("Alt-L c copies the chosen message, wherever the screen wraps it", async () => {
  await using duet = await startOnScreen(listening, { columns: 60 });
  using client = await startClient(await duet.port());
  const text = `make all\tthen 你好 ${"a long way ".repeat(12)}over`;
  client.write(`${text}\n`);
  await duet.sees(/over$/m);
  duet.type("\x1bl");
  await duet.sees(/c copies/);
  duet.type("c");
  await duet.sees(/copied \d+ characters \(OSC 52\)/);
  expect(copied(duet)).toEqual([text]);
  duet.type("\x1b");
  await duet.composes("type a line and press Enter, or /help");
});

test("with /mouse a drag copies the conversation's text alone, beside the wire panel too", async () => {
  await using duet = await startOnScreen(listening, { columns: 130 });
  using client = await startClient(await duet.port());
  client.write("first of two\nand the second\n");
  await duet.sees("│ and the second");
  duet.say("/mouse");
  await duet.terminal.waitFor((seen) => seen.modes().mouse === "drag", "mouse reports");
  duet.type("\x1bOQ");
  await duet.sees("wire  following");
  const row = duet.terminal.screen().findIndex((line) => line.includes("│ first of two"));
  const column = duet.terminal.screen()[row]!.indexOf("first");
  const at = (right: number, down: number): string => `${column + right + 1};${row + down + 1}`;
  duet.type(`\x1b[<0;${at(0, 0)}M\x1b[<32;${at(20, 0)}M\x1b[<32;${at(100, 1)}M\x1b[<0;${at(100, 1)}m`);
  await duet.sees(/copied 27 characters \(OSC 52\)/);
  expect(copied(duet)).toEqual(["first of two\nand the second"]);
});
