/**
 * The wire panel on a real terminal: every call as it returned, opened, filtered and paused, while typing goes on.
 */

import { expect, test } from "bun:test";
import { startClient } from "../support/raw-client.ts";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";
import { until } from "../support/wait.ts";

const f2 = "\x1bOQ";
const f3 = "\x1bOR";
const up = "\x1b[A";
const escape = "\x1b";
const listening = ["-l", "127.0.0.1", "0", "--name", "ann"];

/** The panel's rows without their times. */
function calls({ terminal }: ScreenDuet): readonly string[] {
  return terminal.screen().flatMap((row) => {
    const found = /\d\d:\d\d\.\d{3} +(.*?) *$/.exec(row)?.[1];
    return found === undefined ? [] : [found.replace(/127\.0\.0\.1:\d+|…[\d.]+:\d+/, "PEER")];
  });
}

test("in the conversation's place the panel shows every call of a conversation", async () => {
  await using duet = await startOnScreen(listening, { columns: 80, rows: 16 });
  using client = await startClient(await duet.port());
  client.write("你好");
  await duet.sees("你好");
  duet.type(f2);
  await duet.sees(/^wire {2}following/);
  duet.say("hello");
  await duet.sees(/send 6 B hello/);
  client.end();
  await duet.sees(/recv 0 B \(FIN\)/);
  expect(calls(duet)).toEqual([
    "bind PEER",
    "listen PEER",
    "accept PEER",
    "PEER recv 6 B 你好",
    "PEER send 6 B hello␊",
    "PEER recv 0 B (FIN)",
  ]);
  duet.type(f2 + f2);
  await duet.sees(/│ hello {2}(?:› sent|» acked)$/);
});

test("beside the conversation the panel only changes the conversation's width", async () => {
  await using duet = await startOnScreen(listening, { columns: 140, rows: 12 });
  using client = await startClient(await duet.port());
  client.write("one\ntwo\n");
  await duet.sees(/│ two/);
  const left = (): readonly string[] =>
    duet.terminal.screen().flatMap((row) => (/│ (one|two)\b/.test(row) ? [row.slice(0, 40).trimEnd()] : []));
  const before = left();
  duet.type(f2);
  await duet.sees(/recv 8 B one␊two␊/);
  expect(left()).toEqual(before);
  duet.type(escape);
  await duet.sees("1 peer here");
  expect(left()).toEqual(before);
});

test("the composer has the keys until F2 focuses the panel, and Escape returns them", async () => {
  await using duet = await startOnScreen(listening, { columns: 80, rows: 16 });
  using client = await startClient(await duet.port());
  client.write("first\n");
  await duet.sees(/│ first$/);
  client.write("second\n");
  await duet.sees(/│ second$/);
  duet.type(f2);
  await duet.sees("wire  following");
  duet.type("half a li");
  await duet.composes("half a li");
  duet.type(f2);
  await duet.sees(/^wire │ peer= call=/);
  duet.type("call=recv");
  await duet.terminal.waitFor(
    () => calls(duet).every((row) => row.includes("recv")),
    "the calls of recv alone",
  );
  duet.type(`${up}\r`);
  await duet.sees(/^0000 {2}73 65 63 6f 6e 64 0a/);
  await duet.sees(/^“ second$/);
  duet.type(up);
  await duet.sees(/^“ first$/);
  duet.type(escape);
  await duet.terminal.waitFor((seen) => !seen.screen().join("\n").includes("0000  "), "the bytes to close");
  duet.type(escape);
  await duet.composes("half a li");
  duet.type("ne\r");
  await client.waitForText("half a line\n");
});

test("F3 keeps the shown calls and counts later ones", async () => {
  await using duet = await startOnScreen(listening, { columns: 80, rows: 16 });
  using client = await startClient(await duet.port());
  await duet.sees("1 peer");
  duet.type(f2 + f3);
  await duet.sees("paused, 0 skipped");
  client.write("unseen\n");
  await duet.sees("paused, 1 skipped");
  expect(calls(duet).join("\n")).not.toContain("unseen");
  duet.type(f3);
  await duet.sees("following");
  client.write("seen\n");
  await duet.sees(/recv 5 B seen/);
});

test("/wire opens the panel with a filter, and closes it", async () => {
  await using duet = await startOnScreen(listening, { columns: 80, rows: 16 });
  using client = await startClient(await duet.port());
  client.write("x\n");
  await duet.sees(/│ x$/);
  duet.say("/wire call=accept");
  await duet.sees(/^wire {2}following {2}call=accept/);
  expect(calls(duet)).toEqual(["accept PEER"]);
  duet.say("/wire all");
  await duet.sees(/recv 2 B x␊/);
  duet.say("/wire pause");
  await duet.sees("paused");
  duet.say("/wire off");
  await duet.sees(/│ x$/);
});

test("switching to the other transport shows its own calls", async () => {
  await using duet = await startOnScreen(["-u", ...listening], { columns: 80, rows: 16 });
  duet.type(f2);
  await duet.sees(/bind 127\.0\.0\.1/);
  duet.type("\x1b1");
  await duet.sees(/listen 127\.0\.0\.1|bind \(E|connect 127/);
});

test("the panel shows TCP's state, from ESTABLISHED to TIME-WAIT after our close", async () => {
  using server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {}, error() {} } });
  await using duet = await startOnScreen(["127.0.0.1", String(server.port), "--name", "ann"], {
    columns: 80,
    rows: 20,
  });
  duet.type(f2);
  await duet.sees(/^ESTABLISHED {2}127\.0\.0\.1:\d+ {2}rtt \d+(\.\d)? (µs|ms)/);
  await duet.sees(/^unacked 0 B {2}unsent 0 B {2}unread 0 B/);
  duet.say("/shutdown");
  await duet.sees(/^TIME-WAIT/);
  await duet.sees(/shutdown \(FIN\)/);
});

test("a chosen call highlights its messages, and a chosen message its calls", async () => {
  await using duet = await startOnScreen(listening, { columns: 140, rows: 20 });
  using client = await startClient(await duet.port());
  client.write("one\ntwo\nthree\n");
  await duet.sees(/│ three/);
  // A line without an end is closed after a second, which a slow machine may take between the two writes.
  let attempts = 0;
  await until(async () => {
    attempts += 1;
    client.write("par");
    await duet.sees(/│ par▌/);
    client.write("tial\n");
    await duet.sees(/│ (par)?tial/);
    return duet.drawn().includes("│ partial");
  }, "a line in two pieces");
  const lit = (): readonly string[] =>
    duet.terminal
      .styledScreen()
      .flatMap((row) =>
        row.filter(({ background }) => background === 229).map(({ text }) => text.replace(/^│ | +$/g, "")),
      );
  duet.type(f2 + f2);
  await duet.sees(/^wire │/);
  duet.type(up.repeat(1 + 2 * attempts));
  await duet.terminal.waitFor(() => lit().length === 3, "three messages to be lit");
  expect(lit()).toEqual(["one", "two", "three"]);
  duet.type(`\t${up}`);
  await duet.terminal.waitFor(() => lit().some((text) => text === "partial"), "a message to be lit");
  expect(lit().map((text) => text.replace(/^.*?recv/, "recv"))).toEqual([
    "recv 3 B par",
    "recv 5 B tial␊",
    "partial",
  ]);
  duet.type(escape);
  await duet.terminal.waitFor(() => lit().length === 0, "nothing to be lit");
  // Alt-L chooses a line without the panel's keys: its calls are highlighted as well.
  duet.type("\x1bl");
  await duet.terminal.waitFor(() => lit().length === 3, "the line and both its calls to be lit");
});
