/** Every way a headless duet ends: the exit code, one sentence with the next step, and never a stack trace. */

import { describe, expect, test } from "bun:test";
import { deadlySignals } from "../../src/words/parts/ending-signals.ts";
import { type Duet, duetCommand, Folder, startDuet } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { isTcpListening, withPrograms } from "../support/programs.ts";
import { startClient } from "../support/raw-client.ts";
import { freePort } from "../support/tutorial.ts";
import { until } from "../support/wait.ts";

function expectNoTrace(duet: Duet): void {
  expect(duet.errors).not.toMatch(/^\s+at |Error:|node:|\.ts:\d/m);
}

describe("wrong usage prints one line with what is allowed, and exits 2", () => {
  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["port 0 to connect", ["127.0.0.1", "0"], /"0" is not a port: a port is a number from 1 to 65535/],
    ["port 65536", ["-l", "65536"], /"65536" is not a port: a port is a number from 0 to 65535/],
    ["a port in words", ["-l", "127.0.0.1", "http"], /"http" is not a port/],
    ["a negative port", ["127.0.0.1", "-1"], /-1/],
    ["an address of five numbers", ["256.1.1.1", "80"], /"256\.1\.1\.1" is not an IPv4 address/],
    ["an unknown option", ["--jsn"], /unknown option "--jsn": did you mean --json\?/],
    ["an option without its value", ["-w"], /-w needs a value/],
    ["options that exclude each other", ["--raw", "--duet", "1"], /--raw and --duet do not go together/],
    ["one argument too many", ["a", "1", "b"], /"b" is one argument too many/],
    ["an escape sequence", ["--\x1b[31m"], /unknown option/],
  ];
  test.concurrent.each([...wrong])("%s", async (_name, args, sentence) => {
    await using duet = startDuet(args);
    expect(await duet.waitForExit()).toEqual({ code: 2, signal: null });
    expect(duet.errors).toMatch(sentence);
    expect(duet.errors).toMatch(/^duet: [^\n\p{C}]+\n$/u);
    expect(duet.output).toBe("");
  });
});

describe("a refusal by the system prints a sentence with its next step, and exits 1", () => {
  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      "a closed port",
      ["127.0.0.1", "1"],
      /refused the connection: no program listens on that port, or a firewall refuses for it\.\n {6}Check host and port/,
    ],
    [
      "an unknown host",
      ["no-such-host.invalid", "80"],
      /No address was found for the name in no-such-host\.invalid:80\./,
    ],
    ["an address of another machine", ["-l", "192.0.2.1", "9000"], /this machine does not have that address/],
    [
      "a path that is too long",
      ["-U", `/tmp/${"x".repeat(120)}`],
      /is too long: a UNIX socket's has at most 107 bytes/,
    ],
    ["a path without a socket", ["-U", "/tmp/no-such-socket-of-duet"], /There is no socket at/],
    ["a missing folder", ["-l", "-U", "/no-such-folder/chat"], /The folder of .* is not there/],
    [
      "a log in a missing folder",
      ["-l", "0", "-o", "/no-such-folder/log"],
      /the log .* cannot be opened \(ENOENT\): give a path/,
    ],
  ];
  test.concurrent.each([...refused])("%s", async (_name, args, sentence) => {
    await using duet = startDuet(args);
    expect(await duet.waitForExit()).toEqual({ code: 1, signal: null });
    expect(duet.errors).toMatch(sentence);
    expectNoTrace(duet);
  });

  test("a port in use names the program that holds it", async () => {
    await using holder = startDuet(["-l", "0"]);
    const port = String(await holder.port());
    const named = `: \\S+ \\(pid ${holder.pid}\\) has the port\\.`;
    // The search for the holder has a time limit, which a slow machine may reach before all processes are read.
    await until(async () => {
      await using duet = startDuet(["-l", port]);
      expect(await duet.waitForExit()).toEqual({ code: 1, signal: null });
      expect(duet.errors).toMatch(
        new RegExp(
          `127\\.0\\.0\\.1:${port} is in use(: another program has the port\\.|${named})\\n +Choose another port: `,
        ),
      );
      return new RegExp(named).test(duet.errors);
    }, "the program that holds it");
  });

  test("an unreachable UDP port, with an undelivered line", async () => {
    const port = await freePort("udp");
    await using duet = startDuet(["-u", "127.0.0.1", String(port), "--plain"]);
    duet.write("anyone?\n");
    await duet.waitForError(/UNREACHABLE/);
    duet.end();
    expect(await duet.waitForExit()).toEqual({ code: 1, signal: null });
  });

  test("a reset", async () => {
    using gone = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.terminate() },
    });
    await using duet = startDuet(["127.0.0.1", String(gone.port), "--json"]);
    duet.write("hi\n");
    expect(await duet.waitForExit()).toEqual({ code: 1, signal: null });
    expect(duet.eventsOf("state").at(-1)).toMatchObject({ to: "RESET" });
    expect(duet.eventsOf("error")).toMatchObject([{ code: "ECONNRESET" }]);
  });
});

describe("standard output that takes no bytes ends duet quietly with code 1", () => {
  test.each(["--plain", "--json", "--raw"])("a closed pipe with %s", async (mode) => {
    const port = await freePort("tcp");
    await using duet = startDuet(["-l", String(port), mode], { outputTo: "| head -1 >&2" });
    await until(() => isTcpListening(port), "duet to listen");
    using client = await startClient(port);
    const feed = setInterval(() => client.write("one line\n"), 5);
    const end = await duet.waitForExit();
    clearInterval(feed);
    expect(end).toEqual({ code: 1, signal: null });
    expectNoTrace(duet);
    expect(duet.errors).not.toContain("EPIPE");
  });

  test.each(["--plain", "--json", "--raw"])("a full disk with %s, reported in one sentence", async (mode) => {
    const port = await freePort("tcp");
    await using duet = startDuet(["-l", String(port), mode], { outputTo: "/dev/full" });
    const client = await until(() => startClient(port).catch(() => undefined), "a connection").catch(
      () => undefined,
    );
    client?.write("one line\n");
    expect(await duet.waitForExit()).toEqual({ code: 1, signal: null });
    expect(duet.errors.match(/the disk is full \(ENOSPC\)/g)).toHaveLength(1);
    expectNoTrace(duet);
    client?.[Symbol.dispose]();
  });

  test.each(["-o", "-x"])("a log on a full disk (%s) is dropped, and the chat continues", async (log) => {
    await using duet = startDuet(["-l", "0", "--plain", "-i", "0.5", log, "/dev/full"]);
    using client = await startClient(await duet.port());
    client.write("one line\n");
    expect(await duet.waitForExit()).toEqual({ code: 1, signal: null });
    expect(duet.output).toContain("> one line\n");
    expect(duet.errors.match(/the chat continues without it: the disk is full \(ENOSPC\)/g)).toHaveLength(1);
  });

  test.each([
    [["--help"], "/dev/full"],
    [["--help"], "| true"],
    [["--version"], "/dev/full"],
    [["127.0.0.1", "1", "--json"], "/dev/full"],
  ])("%j > %s", async (args, outputTo) => {
    await using duet = startDuet(args, { outputTo });
    expect((await duet.waitForExit()).signal).toBeNull();
    if (outputTo === "/dev/full") expect((await duet.waitForExit()).code).toBe(1);
    expectNoTrace(duet);
  });
});

describe("a signal", () => {
  test.each([
    ["SIGHUP", { code: 129, signal: null }],
    ["SIGINT", { code: 130, signal: null }],
    ["SIGTERM", { code: 143, signal: null }],
    ...deadlySignals.map((signal) => [signal, { code: null, signal }] as const),
  ] as const)("%s sends goodbye to the peers and ends with %o", async (signal, end) => {
    using folder = new Folder();
    await using host = startDuet(["-l", "0", "--json"], { folder });
    const port = await host.port();
    await using guest = startDuet(["127.0.0.1", String(port), "--json"], { folder });
    await host.waitForEvent({ type: "peer", event: "identified", kind: "duet" });
    await guest.waitForEvent({ type: "peer", event: "identified", kind: "duet" });
    host.signal(signal);
    expect(await host.waitForExit()).toEqual(end);
    const closed = await guest.waitForEvent({ type: "state", to: "CLOSED" });
    expect(closed["reason"]).toBe(`the peer left (${signal})`);
    expect(await guest.waitForExit()).toEqual({ code: 0, signal: null });
    expectNoTrace(host);
  });

  test("ends duet even when a peer takes no bytes", async () => {
    await using duet = startDuet(["-l", "0", "--plain"]);
    using client = await startClient(await duet.port());
    client.write("hi\n");
    await duet.waitForLine("> hi");
    client.pause();
    duet.write("x".repeat(4_000_000));
    duet.write("\n");
    duet.signal("SIGTERM");
    expect(await duet.waitForExit()).toEqual({ code: 143, signal: null });
  });
});

withPrograms(["nc"])("the socket file is removed when duet ends", async () => {
  using folder = new Folder();
  const path = folder.join("chat");
  await using duet = startDuet(["-l", "-U", path], { folder });
  await duet.waitForError(/LISTEN/);
  await using nc = startProgram(["nc", "-U", path]);
  nc.write("hi\n");
  await duet.waitForLine("> hi");
  duet.signal("SIGTERM");
  expect((await duet.waitForExit()).code).toBe(143);
  expect(await Bun.file(path).exists()).toBe(false);
  expect((await nc.waitForExit()).code).toBe(0);
});

test.each([
  ["--help"],
  ["--version"],
  ["-l", "127.0.0.1", "0", "--json"],
  ["-l", "127.0.0.1", "0", "--raw"],
  [],
])("a closed standard output is an error, and a discarded one is none: %j", async (...args) => {
  const words = [...duetCommand, ...args].map((word) => `'${word}'`).join(" ");
  const run = (to: string) => startProgram(["bash", "-c", `exec ${words} ${to}`]);
  await using closed = run(">&-");
  expect((await closed.waitForExit()).code).toBe(1);
  expect(closed.errors).toBe(
    "duet: standard output is closed (EBADF): redirect it, to /dev/null if nobody reads it\n",
  );
  if (!args.includes("--help")) return;
  await using discarded = run("> /dev/null");
  expect((await discarded.waitForExit()).code).toBe(0);
});
