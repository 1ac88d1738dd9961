/** Each option of the command line, on real sockets. */

import { statSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import { Folder, startDuet } from "../support/duet.ts";
import { within } from "../support/wait.ts";
import { startProgram } from "../support/processes.ts";
import { isTcpListening, withPrograms } from "../support/programs.ts";
import { startClient } from "../support/raw-client.ts";
import { freePort } from "../support/tutorial.ts";
import { until } from "../support/wait.ts";

test("-C ends lines with CR LF and keeps an existing one, also with --raw", async () => {
  await using lines = startDuet(["-l", "0", "-C", "--plain"]);
  using one = await startClient(await lines.port());
  one.write("hi\r\n");
  await lines.waitForLine("> hi");
  lines.write("plain\nwindows\r\n");
  await one.waitFor(() => one.text === "plain\r\nwindows\r\n", "two lines");

  await using bytes = startDuet(["-l", "0", "-C", "--raw", "-v"]);
  using other = await startClient(await bytes.port());
  await bytes.waitForError(/joined/);
  bytes.write("plain\nwindows\r\n");
  await other.waitFor(() => other.text === "plain\r\nwindows\r\n", "two lines");
});

test("--telnet refuses every option, strips commands and doubles 0xFF", async () => {
  await using duet = startDuet(["-l", "0", "--telnet", "--raw", "-v"]);
  using client = await startClient(await duet.port());
  client.write(Uint8Array.of(255, 251, 31, 255, 253, 1));
  await client.waitFor(() => client.received.length > 0, "refusals");
  expect([...Buffer.concat(client.received)]).toEqual([255, 254, 31, 255, 252, 1]);
  client.received.length = 0;
  await duet.waitForError(/joined/);
  client.write(Uint8Array.of(104, 255, 241, 105, 10));
  await duet.waitForLine("hi");
  duet.write(Uint8Array.of(1, 255, 2));
  await client.waitFor(() => Buffer.concat(client.received).length === 4, "the bytes");
  expect([...Buffer.concat(client.received)]).toEqual([1, 255, 255, 2]);
});

test("with --telnet a client that only negotiates counts as silent, and receives the banner", async () => {
  await using duet = startDuet(["-l", "0", "--telnet", "--plain", "--name", "ada"]);
  using client = await startClient(await duet.port());
  client.write(Uint8Array.of(255, 253, 1));
  await client.waitForText("ada's room");
  client.write("hello\r\n");
  await duet.waitForLine("> hello");
  duet.write("welcome\n");
  await client.waitForText("welcome\n");
});

withPrograms(["telnet"])("telnet itself chats with --telnet", async () => {
  await using duet = startDuet(["-l", "0", "--telnet", "--plain"]);
  await using telnet = startProgram(["telnet", "127.0.0.1", String(await duet.port())]);
  telnet.write("from telnet\n");
  await duet.waitForLine("> from telnet");
  duet.write("from duet\n");
  await telnet.waitForLine("from duet");
});

test("-w bounds a connect without an answer", async () => {
  await using duet = startDuet(["192.0.2.1", "9", "-w", "0.3", "--json"], { under: ["timeout", "4"] });
  expect((await duet.waitForExit()).code).toBe(1);
  const [error] = duet.eventsOf("error");
  expect(["ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ECONNREFUSED"]).toContain(String(error?.["code"]));
});

test("-i closes after its time without traffic, with code 0", async () => {
  await using duet = startDuet(["-l", "0", "-i", "0.3", "--plain"]);
  using client = await startClient(await duet.port());
  client.write("hi\n");
  expect((await duet.waitForExit()).code).toBe(0);
  expect(duet.errors).toContain("nothing sent or received for 0.3 s (-i)");
  await client.waitFor(() => client.ended, "the FIN");
});

test("-m refuses surplus peers with a sentence", async () => {
  await using duet = startDuet(["-l", "0", "-m", "1", "--plain"]);
  const port = await duet.port();
  using first = await startClient(port);
  first.write("hi\n");
  await duet.waitForLine("> hi");
  using second = await startClient(port);
  await second.waitFor(() => second.ended, "the refusal");
  expect(second.text).toContain("this room is full (1 peer)");
  await duet.waitForError(/turned away/);
});

test("--deny and --allow decide by address which peers may join", async () => {
  await using denies = startDuet(["-l", "0", "--deny", "127.0.0.0/8", "--plain"]);
  using denied = await startClient(await denies.port());
  await denied.waitFor(() => denied.ended, "the refusal");
  expect(denied.text).toBe("duet: this address is not allowed here\n");
  denied.write("hi\n");
  await denies.waitForError(/was turned away: this address is not allowed here/);
  expect(denies.output).toBe("");

  await using others = startDuet(["-l", "0", "--allow", "10.0.0.0/8", "--plain"]);
  using outsider = await startClient(await others.port());
  await outsider.waitFor(() => outsider.ended, "the refusal");

  await using allows = startDuet(["-l", "0", "--allow", "127.0.0.1", "--plain"]);
  using allowed = await startClient(await allows.port());
  allowed.write("hi\n");
  await allows.waitForLine("> hi");
});

test("--send-only shows no received line, and ends once its input was sent", async () => {
  await using host = startDuet(["-l", "0", "--plain"]);
  const port = String(await host.port());
  await using sender = startDuet(["127.0.0.1", port, "--send-only", "--plain"]);
  sender.write("one way\n");
  await host.waitForLine("> one way");
  host.write("the other way\n");
  sender.end();
  expect((await sender.waitForExit()).code).toBe(0);
  expect(sender.output).toBe("");
});

test("--recv-only sends nothing, whatever its input", async () => {
  await using host = startDuet(["-l", "0", "--plain"]);
  await using reader = startDuet(["127.0.0.1", String(await host.port()), "--recv-only", "--raw"], {
    inputFrom: "echo no",
  });
  host.write("for you\n");
  await reader.waitForLine("for you");
  expect(host.output).toBe("");
  expect(host.errors).not.toContain("HALF-CLOSED");
});

test("with -m 1 a client that has closed gives its place back to the next one", async () => {
  await using host = startDuet(["-l", "0", "-m", "1", "--plain"]);
  const port = await host.port();
  for (const name of ["first", "second", "third"]) {
    using client = await startClient(port);
    client.write(`I am ${name}\n`);
    await host.waitForLine(`> I am ${name}`);
    client.end();
    const pattern = new RegExp(`:${client.port} ESTABLISHED → HALF-CLOSED \\(theirs\\)`);
    await host.waitForError(pattern);
  }
});

test("a listener that goes one way neither greets nor relays", async () => {
  for (const way of ["--recv-only", "--send-only"]) {
    for (const output of ["--plain", "--raw"]) {
      await using host = startDuet(["-l", "0", way, output, "-v"]);
      const port = await host.port();
      using idle = await startClient(port);
      using talker = await startClient(port);
      talker.write("for the host alone\n");
      await host.waitForError(/joined[^]*joined/);
      if (way === "--recv-only")
        await host.waitFor(() => host.output.includes("for the host alone"), "the line");
      else host.write("for both\n");
      if (way === "--send-only") host.end();
      talker.end();
      idle.end();
      for (const client of [idle, talker]) await client.waitFor(() => client.ended, "its end");
      const expected = way === "--send-only" ? "for both\n" : "";
      expect([way, output, idle.text, talker.text]).toEqual([way, output, expected, expected]);
      if (way === "--send-only") expect(host.output).toBe("");
    }
  }
});

test("with --raw a refused connection receives nothing, and standard error has the reason", async () => {
  const port = await freePort("tcp");
  await using host = startDuet(["-l", String(port), "-m", "1", "--raw"]);
  await until(() => isTcpListening(port), "duet to listen");
  using first = await startClient(port);
  first.write("here\n");
  await host.waitForLine("here");
  using second = await startClient(port);
  await second.waitFor(() => second.ended, "the end");
  expect(second.text).toBe("");
  await host.waitForError(/^!! \S+ was turned away: .*full/m);
});

test("--recv-only ends when its peer closes", async () => {
  const port = await freePort("tcp");
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port,
    allowHalfOpen: true,
    socket: { open: (socket) => void (socket.write("all\n"), socket.shutdown()), data: () => {} },
  });
  await using reader = startDuet(["127.0.0.1", String(port), "--recv-only", "--plain"]);
  expect((await reader.waitForExit()).code).toBe(0);
  expect(reader.output).toContain("> all\n");
  server.stop(true);
});

test("-N waits for the peer's close after its input, but no longer than -w", async () => {
  await using host = startDuet(["-l", "0", "--plain"]);
  const port = String(await host.port());
  const startedMs = performance.now();
  await using patient = startDuet(["127.0.0.1", port, "-N", "-w", "0.4", "--raw"], { inputFrom: "echo hi" });
  expect((await patient.waitForExit()).code).toBe(0);
  expect(performance.now() - startedMs).toBeGreaterThan(400);
  await host.waitForLine("> hi");
});

test("-l -N ends with 0 once the last peer has closed", async () => {
  const port = await freePort("tcp");
  await using host = startDuet(["-l", String(port), "-N", "--raw"], { inputFrom: "echo the answer" });
  await until(() => isTcpListening(port), "duet to listen");
  using client = await startClient(port);
  await client.waitFor(() => client.ended, "the FIN");
  expect(client.text).toBe("the answer\n");
  client.write("thanks");
  client.end();
  expect((await host.waitForExit()).code).toBe(0);
  expect(host.output).toBe("thanks");
});

describe("the logs", () => {
  test("-o FILE keeps the conversation as text with mode 600, and -x every byte in hex", async () => {
    using folder = new Folder();
    const [log, hex] = [folder.join("log.txt"), folder.join("hex.txt")];
    await using duet = startDuet(["-l", "0", "-o", log, "-x", hex, "--plain"], { folder });
    using client = await startClient(await duet.port());
    client.write("h\x1b[31mi\n");
    await duet.waitForLine("> h");
    duet.write("yes\n");
    await client.waitForText("yes");
    duet.signal("SIGTERM");
    expect((await duet.waitForExit()).code).toBe(143);
    for (const path of [log, hex]) expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = await Bun.file(log).text();
    expect(text).toMatch(/^\S+Z <127\.0\.0\.1:\d+> h␛\[31mi$/m);
    expect(text).toMatch(/^\S+Z <ada> yes$/m);
    expect(text).toMatch(/^\S+Z .*LISTEN → CLOSED/m);
    expect(text).not.toContain("\x1b");
    const bytes = await Bun.file(hex).text();
    expect(bytes).toMatch(/^< \S+ tcp 127\.0\.0\.1:\d+ 8 B\n00000000 {2}68 1b 5b 33 31 6d 69 0a/m);
    expect(bytes).toMatch(/^> \S+ tcp 127\.0\.0\.1:\d+ 4 B\n00000000 {2}79 65 73 0a .*\|yes\.\|$/m);
  });

  test("-o FILE.ndjson keeps the events, whatever standard output prints", async () => {
    using folder = new Folder();
    const log = folder.join("log.ndjson");
    await using duet = startDuet(["-l", "0", "-o", log, "--raw", "-v"], { folder });
    using client = await startClient(await duet.port());
    client.write("hi\n");
    await duet.waitForLine("hi");
    duet.signal("SIGTERM");
    await duet.waitForExit();
    const events = (await Bun.file(log).text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toContain("state");
    expect(events.find(({ type }) => type === "message")).toMatchObject({ text: "hi", bytes: 3 });
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(duet.output).toBe("hi\n");
  });
});

test("-v reports every socket call on standard error", async () => {
  await using duet = startDuet(["-l", "0", "-v", "--plain"]);
  using client = await startClient(await duet.port());
  client.write("你好\n");
  await duet.waitForError(/recv .*B$/m);
  const calls = [...duet.errors.matchAll(/^\.\. tcp (.*)$/gm)].map(([, call]) => call?.replace(/:\d+/, ""));
  expect(calls).toEqual(["bind 127.0.0.1", "listen 127.0.0.1", "accept 127.0.0.1", "recv 127.0.0.1 7 B"]);
});

test("-4 and -6 choose the family for the default address and for names", async () => {
  await using four = startDuet(["-l", "-4", "localhost", "0", "--json"]);
  const local = String((await four.waitForEvent({ type: "state", to: "LISTEN" }))["local"]);
  expect(local).toStartWith("127.0.0.1:");
  await using six = startDuet(["-l", "-6", "0", "--json"]);
  expect((await six.waitForEvent({ type: "state", to: "LISTEN" }))["local"]).toMatch(/^\[::1\]:\d+$/);
  await using neither = startDuet(["-4", "::1", "8080"]);
  expect((await neither.waitForExit()).code).toBe(2);
});

test("--duet sends its hello before the other side has sent a byte", async () => {
  const received = Promise.withResolvers<string>();
  using silent = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: (_socket, bytes) => received.resolve(bytes.toString()) },
  });
  await using _guest = startDuet(["--duet", "--name", "eve", "127.0.0.1", String(silent.port), "--json"]);
  expect(await within(received.promise, "the hello")).toStartWith("duet/1 {");
});

test("--name is the name that another duet sees", async () => {
  await using host = startDuet(["-l", "0", "--json", "--name", "ada"]);
  await using guest = startDuet([
    "--duet",
    "--name",
    "eve",
    "127.0.0.1",
    String(await host.port()),
    "--json",
  ]);
  await host.waitForEvent({ type: "peer", event: "identified", name: "eve" });
  guest.write("hi\n");
  await host.waitForEvent({ type: "message", name: "eve", text: "hi" });
});
