/** A room with a password, with real duets: on the screen, in pipes, and what is left of the password anywhere. */

import { expect, test } from "bun:test";
import fs, { writeFileSync } from "node:fs";
import { join } from "node:path";
import { duetCommand, Folder, startDuet } from "../support/duet.ts";
import { startInTerminal } from "../support/pty.ts";
import { screenEnvironment, startOnScreen } from "../support/screens.ts";
import { freePort } from "../support/tutorial.ts";
import { until } from "../support/wait.ts";

const password = "xylophone 长城";

function makePasswordFile(folder: Folder, text = password): string {
  const path = folder.join(`password ${text.length}`);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  return path;
}

/** Every file below a folder that has a text in it. */
function findFilesWith(folder: string, text: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => fs.readFileSync(path).includes(text));
}

for (const transport of ["tcp", "udp"] as const) {
  const flags = transport === "udp" ? ["-u"] : [];

  test(`over ${transport} the screen asks for the password, shows bullets, and joins`, async () => {
    const port = String(await freePort(transport));
    using folder = new Folder();
    using secrets = new Folder();
    const path = makePasswordFile(secrets);
    const host = ["-l", ...flags, "127.0.0.1", port, "--name", "ann", "--password", `file:${path}`];
    await using ann = startDuet([...host, "--json"], { folder });
    await ann.waitForEvent({ type: "state", to: transport === "tcp" ? "LISTEN" : "BOUND" });
    const log = folder.join("log.ndjson");
    const client = ["--duet", ...flags, "127.0.0.1", port, "--name", "bob", "-o", log];
    await using bob = await startOnScreen(client, { folder });
    await bob.sees(`password of the room at 127.0.0.1:${port}`);
    bob.type("wrong");
    await bob.sees("│ •••••");
    bob.type("\r");
    await bob.sees(`wrong password of 127.0.0.1:${port}`);
    await ann.waitForEvent({ type: "error", code: "EPASSWORD" });
    // Over UDP the guest may be gone when the last refusal is repeated, which is another error.
    expect(ann.eventsOf("error").filter(({ code }) => code === "EPASSWORD")).toHaveLength(1);
    bob.type(password);
    await bob.sees(`│ ${"•".repeat([...password].length)}`);
    bob.type("\r");
    await bob.sees("ENCRYPTED");
    await bob.sees("PASSWORD");
    bob.say("hello");
    await ann.waitForEvent({ type: "message", text: "hello", name: "bob" });
    bob.say("/reconnect");
    await ann.waitForEvent({ type: "peer", event: "disconnected" });
    await until(
      () => ann.events.filter((event) => event["event"] === "identified").length === 2,
      "bob again",
    );
    bob.say("again");
    await ann.waitForEvent({ type: "message", text: "again", name: "bob" });
    bob.say("/quit");
    await bob.terminal.waitForExit();
    await ann.waitForEvent({ type: "message", text: "again" });
    expect(bob.terminal.output()).not.toContain("xylophone");
    expect(JSON.stringify(ann.events)).not.toContain("xylophone");
    for (const text of ["xylophone", "wrong\\r"]) expect(findFilesWith(folder.path, text)).toEqual([]);
  });
}

test("Esc leaves the room alone, and /reconnect asks again", async () => {
  const port = String(await freePort("tcp"));
  using folder = new Folder();
  const host = ["-l", "127.0.0.1", port, "--plain", "--password", `file:${makePasswordFile(folder)}`];
  await using ann = startDuet(host, { folder });
  await ann.waitForError(/LISTEN/);
  await using bob = await startOnScreen(["--duet", "127.0.0.1", port, "--name", "bob"], { folder });
  await bob.sees("password of the room");
  bob.type("half\x1b");
  await bob.sees("/reconnect asks for it again");
  bob.say("/reconnect");
  await bob.sees("password of the room");
  bob.type(`${password}\r`);
  await bob.sees("ENCRYPTED");
});

test("the host's password is asked for twice before the screen is drawn, and its screen says how a friend joins", async () => {
  const port = String(await freePort("tcp"));
  using folder = new Folder();
  const args = ["-l", "127.0.0.1", port, "--name", "ann", "--password"];
  await using terminal = await startInTerminal([...duetCommand, ...args], { env: screenEnvironment(folder) });
  await terminal.waitForText("Password of the room");
  terminal.write(`${password}\r`);
  await terminal.waitForText("The same again");
  expect(terminal.modes().alternateScreen).toBe(false);
  terminal.write(`${password}\r`);
  await terminal.waitForText(`--duet 127.0.0.1 ${port} --password`);
  await terminal.waitForText("LISTEN PASSWORD");
  expect(terminal.screen().join("\n")).not.toContain("nc 127.0.0.1");
  terminal.write("/quit\r");
  await terminal.waitForExit();
  expect(terminal.output()).not.toContain("xylophone");
  expect(terminal.isCooked()).toBe(true);
});

test("^C at the question ends duet as by SIGINT, and the terminal echoes", async () => {
  using folder = new Folder();
  await using terminal = await startInTerminal([...duetCommand, "-l", "--password"], {
    env: screenEnvironment(folder),
  });
  await terminal.waitForText("Password of the room");
  terminal.write("half\x03");
  expect(await terminal.waitForExit()).toEqual({ code: 130, signal: null });
  expect(terminal.output()).not.toContain("half");
});

test("in pipes: a password from a file or the first line joins, and without one the end says what to do", async () => {
  const port = String(await freePort("tcp"));
  using folder = new Folder();
  const path = makePasswordFile(folder);
  await using ann = startDuet(
    ["-l", "127.0.0.1", port, "--json", "--name", "ann", "--password", `file:${path}`],
    { folder },
  );
  await ann.waitForEvent({ type: "state", to: "LISTEN" });
  await using bob = startDuet(["127.0.0.1", port, "--name", "bob", "--json", "--password", "fd:0"], {
    folder,
  });
  bob.write(`${password}\nfrom bob\n`);
  await ann.waitForEvent({ type: "message", text: "from bob", name: "bob", security: "encrypted" });
  await using without = startDuet(["--duet", "127.0.0.1", port, "--json", "--name", "eve"], { folder });
  const message = `the room at 127.0.0.1:${port} has a password`;
  await without.waitForEvent({ type: "error", code: "EPASSWORD", message });
  expect((await without.waitForExit()).code).toBe(1);
  const wrong = makePasswordFile(folder, "open barley");
  await using guessing = startDuet(["127.0.0.1", port, "--json", "--password", `file:${wrong}`], { folder });
  const refusal = `the password is wrong, says 127.0.0.1:${port}`;
  await guessing.waitForEvent({ type: "error", code: "EPASSWORD", message: refusal });
  expect((await guessing.waitForExit()).code).toBe(1);
});

test("a password file that others may read, and a password as argument, are refused", async () => {
  using folder = new Folder();
  const path = makePasswordFile(folder);
  fs.chmodSync(path, 0o644);
  await using readable = startDuet(["-l", "--password", `file:${path}`, "--plain"], { folder });
  expect((await readable.waitForExit()).code).toBe(1);
  expect(readable.errors).toContain("other users may use");
  await using argument = startDuet(["-l", "--password", "hunter2"], { folder });
  expect((await argument.waitForExit()).code).toBe(2);
  expect(argument.errors).toContain("--password takes ask, file:PATH or fd:N, never the secret itself");
  expect(argument.errors).not.toContain("hunter2");
});
