/** Every way out of headless duet: the exit code, one sentence with the next step, and never a stack trace. */

import { describe, expect, test } from "bun:test";
import { type Duet, Folder, startDuet } from "../support/duet.ts";
import { startProgram } from "../support/processes.ts";
import { isTcpListening, withPrograms } from "../support/programs.ts";
import { startClient } from "../support/raw-client.ts";
import { freePort } from "../support/tutorial.ts";
import { until } from "../support/wait.ts";

function expectNoTrace(duet: Duet): void {
  expect(duet.errors).not.toMatch(/^\s+at |Error:|node:|\.ts:\d/m);
}

describe("wrong usage is one line that says what is allowed, and code 2", () => {
  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["port 0 to connect", ["127.0.0.1", "0"], /"0" is not a port: a port is a number from 1 to 65535/],
    ["port 65536", ["-l", "65536"], /"65536" is not a port: a port is a number from 0 to 65535/],
    ["a port in words", ["-l", "127.0.0.1", "http"], /"http" is not a port/],
    ["a negative port", ["127.0.0.1", "-1"], /-1/],
    ["an address of five numbers", ["256.1.1.1", "80"], /"256\.1\.1\.1" is not an IPv4 address/],
    ["an option that is none", ["--jsn"], /unknown option "--jsn": did you mean --json\?/],
    ["an option without its value", ["-w"], /-w needs a value/],
    ["what cannot both be", ["--raw", "--duet", "1"], /--raw and --duet do not go together/],
    ["one word too many", ["a", "1", "b"], /"b" is one argument too many/],
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

describe("what the world refuses is a sentence with its next step, and code 1", () => {
  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      "a closed port",
      ["127.0.0.1", "1"],
      /refused the connection: nobody listens on that port\.\n {6}Check host and port/,
    ],
    ["a host that is none", ["no-such-host.invalid", "80"], /No host is named no-such-host\.invalid/],
    ["an address of another machine", ["-l", "192.0.2.1", "9000"], /this machine does not have that address/],
    [
      "a path that is too long",
      ["-U", `/tmp/${"x".repeat(120)}`],
      /is too long: a UNIX socket's has at most 107 bytes/,
    ],
    ["a path where nothing is", ["-U", "/tmp/no-such-socket-of-duet"], /There is no socket at/],
    ["a folder that is not there", ["-l", "-U", "/no-such-folder/chat"], /The folder of .* is not there/],
    [
      "a log in no folder",
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

  test("a port in use, with the program that holds it", async () => {
    await using holder = startDuet(["-l", "0"]);
    const port = String(await holder.port());
    const named = `: \\S+ \\(pid ${holder.pid}\\) has the port\\.`;
    // duet looks for it no longer than a moment, which is over on a slow machine before all processes are looked at.
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

  test("a UDP port where nobody is, once that is known, and the line that did not arrive", async () => {
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

describe("standard output that takes nothing ends duet quietly with code 1", () => {
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

  test.each(["--plain", "--json", "--raw"])("a full disk with %s, told in one sentence", async (mode) => {
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

  test.each(["-o", "-x"])("a log that finds the disk full (%s): the chat goes on without it", async (log) => {
    await using duet = startDuet(["-l", "0", "--plain", "-i", "0.5", log, "/dev/full"]);
    using client = await startClient(await duet.port());
    client.write("one line\n");
    expect(await duet.waitForExit()).toEqual({ code: 1, signal: null });
    expect(duet.output).toContain("> one line\n");
    expect(duet.errors.match(/the chat goes on without it: the disk is full \(ENOSPC\)/g)).toHaveLength(1);
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
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s says goodbye to the peers and ends with %d", async (signal, code) => {
    using folder = new Folder();
    await using host = startDuet(["-l", "0", "--json"], { folder });
    const port = await host.port();
    await using guest = startDuet(["127.0.0.1", String(port), "--json"], { folder });
    await host.waitForEvent({ type: "peer", event: "identified", kind: "duet" });
    await guest.waitForEvent({ type: "peer", event: "identified", kind: "duet" });
    host.signal(signal);
    expect(await host.waitForExit()).toEqual({ code, signal: null });
    const closed = await guest.waitForEvent({ type: "state", to: "CLOSED" });
    expect(closed["reason"]).toBe(`it said goodbye (${signal} came)`);
    expect(await guest.waitForExit()).toEqual({ code: 0, signal: null });
    expectNoTrace(host);
  });

  test("a peer that takes nothing does not keep duet", async () => {
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

withPrograms(["nc"])("a socket file is gone when duet is", async () => {
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
