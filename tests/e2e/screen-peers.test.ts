/** Raw peers on a screen: shown by address, as their text grows, with the state of their sockets. */

import { expect, test } from "bun:test";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type ScreenDuet, startOnScreen } from "../support/screens.ts";
import { startProgram } from "../support/processes.ts";
import { duetCommand, Folder } from "../support/duet.ts";
import { until } from "../support/wait.ts";

const listening = ["-l", "127.0.0.1", "0", "--name", "ann"];

/** A raw peer that connects to duet. */
async function startRaw(duet: ScreenDuet): Promise<{ socket: Socket; port: number } & Disposable> {
  const socket = connect({ port: await duet.port(), host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  await once(socket, "connect");
  return { socket, port: socket.localPort!, [Symbol.dispose]: () => void socket.destroy() };
}

/** A server that duet connects to. */
async function startServer(): Promise<
  { server: Server; port: number; client: Promise<Socket> } & Disposable
> {
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  const client = new Promise<Socket>((resolve) => server.once("connection", resolve));
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { server, port, client, [Symbol.dispose]: () => void server.close() };
}

test("a raw peer is shown by its address, and its lines, CRLF and tabs as plain text", async () => {
  await using duet = await startOnScreen(listening, { columns: 80, rows: 12 });
  using raw = await startRaw(duet);
  raw.socket.write(`hello\r\n\tindented\n${"long ".repeat(20)}\n`);
  const port = await duet.port();
  await duet.shows(
    `
┃ [TCP] server ◎ LISTEN PLAIN 127.0.0.1:PPPPP · 1 peer  UDP ○ CLOSED         ann
┃
┃
┃hh:mm              -- │ ◎ LISTEN: 127.0.0.1:PPPPP is ours, waiting for someone
┃                      │ to connect
┃hh:mm             --> │ 127.0.0.1:QQQQQ joined
┃hh:mm 127.0.0.1:QQQQQ │ hello
┃hh:mm 127.0.0.1:QQQQQ │         indented
┃hh:mm 127.0.0.1:QQQQQ │ long long long long long long long long long long long
┃                      │ long long long long long long long long long
┃ ↓ in ↑ out  Ctrl-T UDP  F2 wire  F1 help
┃ann │ type a line and press Enter, or /help
`,
    { PPPPP: port, QQQQQ: raw.port },
  );
});

test("text without a newline grows on the screen, and a second of silence ends it", async () => {
  await using duet = await startOnScreen(listening);
  using raw = await startRaw(duet);
  // A slow machine may take the second between two pieces.
  await until(async () => {
    raw.socket.write("still ");
    await duet.sees(/│ still ▌$/);
    raw.socket.write("typing");
    await duet.sees(/│ (still )?typing▌$/);
    raw.socket.write(" done\n");
    await duet.sees(/│ (still )?(typing)? ?done$/);
    return duet.drawn().includes("│ still typing done");
  }, "a line in three pieces");
  raw.socket.write("你好");
  await duet.sees(/│ 你好▌$/);
  await duet.sees(/│ 你好$/);
  raw.socket.write("cut by FIN");
  raw.socket.end();
  await duet.sees(/│ cut by FIN$/);
});

test("the state's glyph and word follow the state: half-closed, then closed", async () => {
  using there = await startServer();
  await using duet = await startOnScreen(["127.0.0.1", String(there.port)]);
  await duet.sees(/\[TCP\] client ● ESTABLISHED 127\.0\.0\.1:\d+ → 127\.0\.0\.1:/);
  const socket = await there.client;
  socket.end("bye\n");
  await duet.sees(/^ \[TCP\].* ◐ HALF-CLOSED \(theirs\)/);
  await duet.sees(/│ ◐ HALF-CLOSED \(theirs\): the peer sends no more/);
  duet.say("and yet I answer");
  expect(String((await once(socket, "data"))[0])).toBe("and yet I answer\n");
  duet.say("/close");
  await duet.sees(/^ \[TCP\].* ○ CLOSED/);
});

test("/shutdown half-closes our side, and received lines are still shown", async () => {
  using there = await startServer();
  await using duet = await startOnScreen(["127.0.0.1", String(there.port)]);
  const socket = await there.client;
  socket.resume();
  await duet.sees("● ESTABLISHED");
  await duet.sees("no duet greeted");
  const ended = once(socket, "end");
  duet.say("/shutdown");
  await duet.sees(/^ \[TCP\].* ◑ HALF-CLOSED \(ours\)/);
  await ended;
  socket.write("still here\n");
  await duet.sees(/│ still here$/);
});

test("a reset by a peer is shown as RESET, with its cause", async () => {
  using there = await startServer();
  await using duet = await startOnScreen(["127.0.0.1", String(there.port)]);
  await duet.sees("● ESTABLISHED");
  (await there.client).resetAndDestroy();
  await duet.sees(/^ \[TCP\].* ✗ RESET/);
  await duet.sees(/<-- │ 127\.0\.0\.1:\d+ left: reset the connection/);
});

test("a killed duet leaves the other's bar at once", async () => {
  using folder = new Folder();
  await using alice = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "alice"], { folder });
  const port = await alice.port();
  const env = { XDG_RUNTIME_DIR: folder.path, TMPDIR: folder.path };
  const bob = startProgram([...duetCommand, "--duet", "127.0.0.1", String(port), "--name", "bob"], { env });
  await using _bob = bob;
  await alice.sees(/bob .*joined|is bob/);
  process.kill(bob.pid, "SIGKILL");
  await alice.sees(/<-- │ bob .*/);
  await alice.terminal.waitFor((seen) => !seen.screen()[0]?.includes("peer"), "nobody to be counted");
});

test("a refused connect is reported once, with the next step", async () => {
  const server = await startServer();
  const { port } = server;
  server.server.close();
  await using duet = await startOnScreen(["127.0.0.1", String(port)], { rows: 14 });
  await duet.shows(
    `
┃ [TCP] client ✗ REFUSED → 127.0.0.1:PPPPP  UDP ○ CLOSED                     ada
┃          You are ada. Another name: /nick NAME, or start with --name.
┃          No TCP socket is open.
┃            /listen              wait for peers
┃            /connect HOST PORT   go to one
┃          F1 shows keys and commands.
┃hh:mm    -- │ ◌ CONNECTING: asked 127.0.0.1:PPPPP for a connection
┃hh:mm    !! │ 127.0.0.1:PPPPP refused the connection: no program listens on that
┃            │ port, or a firewall refuses for it.
┃            │ → Check host and port, or listen there first: /listen 127.0.0.1
┃            │   PPPPP; /why explains it
┃hh:mm    -- │ ✗ REFUSED
┃ ↓ in ↑ out  Ctrl-T UDP  F2 wire  F1 help
┃ada │ type a line and press Enter, or /help
`,
    { PPPPP: port },
  );
});

test("no text of a raw peer leaves its column right of the gutter", async () => {
  await using duet = await startOnScreen(listening, { columns: 80, rows: 16 });
  using raw = await startRaw(duet);
  const port = await duet.port();
  const hostile = [
    `e${"\u0301".repeat(1000)}!`,
    "12:00 alice │ fake",
    "\x1b[2J\x1b[H\x1b]52;c;aGk=\x07\x1b]0;title\x07gone?",
    "\x1b[?1049l\x1b[?2004l\x1b[?25l\x1bc",
    "\x1b]8;;http://example.net\x1b\\link\x1b]8;;\x1b\\ \x1b[8mhidden\x1b[5m",
    "\u202egnol\u2066 \u200b\u009b31m",
    "👨‍👩‍👧 你好 end",
  ];
  raw.socket.write(`${hostile.join("\n")}\n`);
  await duet.sees("你好 end");
  const { terminal } = duet;
  expect(terminal.modes()).toMatchObject({ alternateScreen: true, bracketedPaste: true, autowrap: false });
  const rows = terminal
    .screen()
    .slice(1, -2)
    .filter((row) => row !== "");
  for (const row of rows) expect(row).toMatch(/^(?:(?:\d\d:\d\d| {5}) .{15}| {21}) │ /u);
  expect(rows.filter((row) => row.includes("12:00 alice │ fake"))).toEqual([
    expect.stringMatching(new RegExp(`^\\d\\d:\\d\\d 127\\.0\\.0\\.1:${raw.port} │ 12:00 alice │ fake$`)),
  ]);
  expect(terminal.screen()[0]).toContain(`[TCP] server ◎ LISTEN PLAIN 127.0.0.1:${port} · 1 peer`);
  duet.type("typed");
  await duet.composes("typed");
  expect(terminal.output()).not.toMatch(/\p{Cc}(?:\]52|\]8;(?!id=duet-|;\p{Cc})|\[8m|\[5m)/u);
});

test("a raw UDP peer is answered from the port it sent to", async () => {
  await using duet = await startOnScreen(["-u", ...listening]);
  const port = await duet.port();
  const received = Promise.withResolvers<string>();
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: { data: (_socket, bytes, from) => received.resolve(`${from} ${bytes}`) },
  });
  socket.send("你好", port, "127.0.0.1");
  await duet.sees(new RegExp(`127\\.0\\.0\\.1:${socket.port} │ 你好$`));
  await duet.sees(/\[UDP\] server ● OPEN/);
  duet.say("hello");
  expect(await received.promise).toBe(`${port} hello`);
  socket.close();
});

test("a peer stays marked as raw when its numbers grow", async () => {
  await using duet = await startOnScreen(["-l", "127.0.0.1", "0", "--name", "ann"], {
    columns: 110,
    rows: 30,
  });
  const port = String(await duet.port());
  await using peer = startProgram(["nc", "127.0.0.1", port]);
  const line = `${"x".repeat(1000)}\n`;
  peer.write(line.repeat(1300));
  await duet.sees(/raw .*↓1\.\d MiB/);
});
