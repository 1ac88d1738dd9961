/** --replay on a terminal and without one plays what -o FILE.ndjson recorded. */

import { expect, test } from "bun:test";
import { duetCommand, Folder, startDuet } from "../support/duet.ts";
import { startInTerminal } from "../support/pty.ts";
import { startClient } from "../support/raw-client.ts";
import { screenEnvironment, startOnScreen } from "../support/screens.ts";

const f2 = "\x1bOQ";
const up = "\x1b[A";
/** The background of traced entries. */
const yellow = 229;

/** A recording of a short conversation. */
async function record(folder: Folder): Promise<string> {
  const path = `${folder.path}/talk.ndjson`;
  await using duet = startDuet(["-l", "0", "--plain", "--name", "ann", "-o", path]);
  using client = await startClient(await duet.port());
  client.write("你好\n");
  await duet.waitFor(() => duet.output.includes("你好"), "the greeting");
  duet.write("hello\n");
  await client.waitForText("hello\n");
  duet.signal("SIGTERM");
  await duet.waitForExit();
  return path;
}

test("a replay on a screen plays, shows the calls, seeks back, and ends at q", async () => {
  using folder = new Folder();
  const path = await record(folder);
  await using duet = await startOnScreen(["--replay", path], {
    columns: 130,
    rows: 16,
    lowestRow: /^[▶‖] \d\d:\d\d/,
  });
  await duet.sees(/│ 你好/);
  await duet.sees(/ann │ hello/);
  await duet.sees(/^‖ \d\d:\d\d \/ \d\d:\d\d {2}(\d+)\/\1 /);
  duet.type("\x1bOQ");
  await duet.sees(/recv 7 B/);
  duet.type("\x1b[D");
  await duet.terminal.waitFor((seen) => !seen.screen().join("\n").includes("ann │ hello"), "the beginning");
  duet.type("\x1bOP");
  await duet.sees(/Space +pause, go on .*Ctrl-C +twice ends it/);
  await duet.sees(/← → +10 s back, on/);
  await duet.terminal.waitFor(
    (seen) => !/send the line|\/help/.test(seen.screen().join("\n")),
    "no other key",
  );
  // Pausing the wire panel pauses the replay too.
  duet.type("\x1bOP\x1bOR");
  await duet.sees(/^▶ /);
  duet.type("\x1bOR");
  await duet.sees(/^‖ /);
  duet.type("q");
  expect(await duet.terminal.waitForExit()).toMatchObject({ code: 0 });
});

test("a chosen call highlights its message, and a chosen message its calls, as in the recorded run", async () => {
  using folder = new Folder();
  const path = await record(folder);
  await using duet = await startOnScreen(["--replay", path], {
    columns: 150,
    rows: 24,
    lowestRow: /^[▶‖] \d\d:\d\d/,
  });
  await duet.sees(/ann │ hello/);
  const lit = (): string =>
    duet.terminal
      .styledScreen()
      .flat()
      .filter(({ background }) => background === yellow)
      .map(({ text }) => text)
      .join("|");
  const lights = async (pattern: RegExp): Promise<void> =>
    await duet.terminal.waitFor(() => pattern.test(lit()), `${pattern} to be lit, and not ${lit()}`);
  duet.type(f2);
  await duet.sees(/recv 7 B/);
  duet.type(`${f2}send`);
  duet.type(up);
  await lights(/^[^你]*hello[^你]*$/);
  // Without the filter, a message is chosen.
  for (const key of ["\x15", "\t", up, up]) duet.type(key);
  await lights(/你好[^|]*\|[^|]*recv 7 B|recv 7 B[^|]*\|[^|]*你好/);
});

test("without a screen the recorded lines are printed again, sent ones included", async () => {
  using folder = new Folder();
  const path = await record(folder);
  await using duet = startDuet(["--replay", path, "--plain"]);
  expect((await duet.waitForExit()).code).toBe(0);
  expect(duet.output).toMatch(/^<127\.0\.0\.1:\d+> 你好\n<ann> hello\n$/);
  await using json = startDuet(["--replay", path, "--json"]);
  expect((await json.waitForExit()).code).toBe(0);
  expect(json.eventsOf("message").map(({ text }) => text)).toEqual(["你好", "hello"]);
});

test("a file that cannot be replayed is reported in a sentence, with exit code 1", async () => {
  using folder = new Folder();
  await Bun.write(`${folder.path}/other.txt`, "no recording\n");
  for (const [path, sentence] of [
    [`${folder.path}/none.ndjson`, "cannot be read (ENOENT)"],
    [folder.path, "cannot be read (EISDIR)"],
    [`${folder.path}/other.txt`, "has no event of duet's"],
  ] as const) {
    await using duet = startDuet(["--replay", path]);
    expect((await duet.waitForExit()).code).toBe(1);
    expect(duet.errors).toContain(sentence);
  }
});

test("reading a large recording shows how far it is, and a short one shows nothing of that", async () => {
  using folder = new Folder();
  const path = `${folder.path}/long.ndjson`;
  const message = { type: "message", at: "2026-11-29T10:00:00.000Z", transport: "tcp", direction: "in" };
  const line = `${JSON.stringify({ ...message, peer: "127.0.0.1:5000", name: "bob", text: "hi", bytes: 3, id: 1 })}\n`;
  await Bun.write(path, line.repeat(50_000));
  const env = screenEnvironment(folder);
  await using long = await startInTerminal([...duetCommand, "--replay", path, "--plain"], { env });
  await long.waitForExit();
  expect(long.output()).toContain("long.ndjson: 50 %\x1b[K");
  expect(long.screen().join("\n")).not.toContain("50 %");
  const shortPath = await record(folder);
  await using short = await startInTerminal([...duetCommand, "--replay", shortPath, "--plain"], { env });
  await short.waitForExit();
  expect(short.output()).not.toMatch(/talk\.ndjson: \d/);
});
