/** Keys of peers: met, known, expected and changed, between two sessions in one process. */

import { describe, expect, test } from "bun:test";
import { formatKey } from "../../src/protocol/identity/key-text.ts";
import { makeKeyPair } from "../../src/protocol/noise/x25519.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import type { Config } from "../../src/chat/config/config.ts";
import { type Duet, homeTarget, World } from "../support/chat-world.ts";
import { fakePeople } from "../support/fake-ports.ts";

const endpoint = "127.0.0.1:8080";

function keyOf({ people }: Duet): string {
  return formatKey(makeKeyPair(people.readIdentity()?.secret ?? new Uint8Array(32)).publicKey);
}

function securityOf(duet: Duet): readonly unknown[] {
  return duet.outputs.flatMap((output) =>
    output.type === "peer" && output.event === "identified" ? [output.security] : [],
  );
}

function errorsOf(duet: Duet): readonly string[] {
  return duet.errors().filter((error) => error.startsWith("EKEY"));
}

/** A host that seals, and a client of a person, over the same endpoint again and again. */
function meet(over: Partial<Config> = {}) {
  const world = new World();
  const person = fakePeople(50);
  const connect = (): Duet => {
    const client = world.duet({ name: "ann", duet: true, encrypt: "require", ...over }, person);
    client.open({ role: "connect", target: homeTarget });
    world.pass(100);
    return client;
  };
  const listen = (of: number, config: Partial<Config> = {}): Duet => {
    const host = world.duet({ name: "bob", encrypt: "require", ...config }, fakePeople(of));
    host.open({ role: "listen", target: homeTarget });
    return host;
  };
  const leave = (...duets: readonly Duet[]): void => {
    for (const duet of duets) duet.quit();
    world.pass(5000);
  };
  return { world, person, connect, listen, leave };
}

describe("a key", () => {
  test("is new at the first meeting, known at the second, on both sides", () => {
    const { person, connect, listen, leave } = meet();
    const host = listen(1);
    const first = connect();
    expect(securityOf(first)).toEqual(["encrypted"]);
    leave(first);
    const second = connect();
    expect(securityOf(second)).toEqual(["known"]);
    expect(securityOf(host)).toEqual(["encrypted", "known"]);
    const known = person.readKnown().get(keyOf(host));
    expect([known?.names, known?.endpoints, known?.isVerified]).toEqual([["bob"], [endpoint], false]);
    expect(host.people.readKnown().get(keyOf(second))?.endpoints).toEqual([]);
  });

  test("that --key names is verified, and another one ends the connection before anything is sent or shown", () => {
    const world = new World();
    const host = world.duet({ name: "bob", encrypt: "require" }, fakePeople(1));
    host.open({ role: "listen", target: homeTarget });
    const right = world.member("ann", "tcp", { expectedKey: keyOf(host), encrypt: "auto" });
    expect(securityOf(right)).toEqual(["verified"]);
    const otherKey = formatKey(makeKeyPair(new Uint8Array(32).fill(7)).publicKey);
    const wrong = world.member("mallory", "tcp", { expectedKey: otherKey, encrypt: "auto", headless: true });
    wrong.say("secret");
    world.pass(10_000);
    expect(errorsOf(wrong)).toHaveLength(1);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.receivedLines()).toEqual([]);
    expect(host.memberNames()).toEqual(["ann"]);
    expect(JSON.stringify(host.outputs)).not.toContain("secret");
    expect(JSON.stringify(host.outputs)).not.toContain("mallory");
    expect(JSON.stringify(host.outputs)).toContain("the other side refused the encrypted handshake");
  });

  test("that changed at an endpoint holds the connection until /trust, which is for one host", () => {
    const { world, person, connect, listen, leave } = meet();
    const before = listen(1);
    leave(connect(), before);
    const after = listen(2);
    const client = connect();
    client.say("secret");
    world.pass(2000);
    expect(errorsOf(client)).toHaveLength(1);
    expect(after.memberNames()).toEqual([]);
    expect(JSON.stringify(after.outputs)).not.toContain("secret");
    const showSecurity = (): unknown => selectScreen(client.chat).tabs.tcp.security;
    expect(showSecurity()).toBe("changed");
    client.command("/trust");
    world.pass(2000);
    expect(showSecurity()).toBe("encrypted");
    expect(after.memberNames()).toEqual(["ann"]);
    expect(person.readKnown().get(keyOf(before))?.endpoints).toEqual([]);
    expect(person.readKnown().get(keyOf(after))?.endpoints).toEqual([endpoint]);
    leave(client, after);
    listen(1);
    expect(errorsOf(connect())).toHaveLength(1);
  });

  test.each(["another key", "no key"])("/trust accepts the key that it showed, and not %s", (then) => {
    const { world, connect, listen, leave } = meet();
    const before = listen(1);
    leave(connect(), before);
    const shown = listen(2);
    const client = connect();
    leave(shown);
    const third = listen(3, { encrypt: then === "no key" ? "off" : "require" });
    client.command("/trust");
    client.say("secret");
    world.pass(5000);
    expect(errorsOf(client)).toHaveLength(2);
    expect(third.memberNames()).toEqual([]);
    expect(JSON.stringify(third.outputs)).not.toContain("secret");
  });

  test("that was trusted in place of the one of --key is not verified", () => {
    const { world, connect, listen } = meet({
      expectedKey: formatKey(makeKeyPair(new Uint8Array(32).fill(7)).publicKey),
    });
    listen(1);
    const client = connect();
    client.command("/trust");
    world.pass(2000);
    expect(errorsOf(client)).toHaveLength(1);
    expect(securityOf(client)).toEqual(["encrypted"]);
  });

  test.each(["bob", endpoint])("is trusted by the name or endpoint that it had: /trust %s", (name) => {
    const { world, connect, listen, leave } = meet();
    const host = listen(1);
    leave(connect(), host);
    const after = listen(2);
    const client = connect();
    client.command("/trust eve");
    world.pass(100);
    expect(after.memberNames()).toEqual([]);
    client.command(`/trust ${name}`);
    world.pass(2000);
    expect(after.memberNames()).toEqual(["ann"]);
  });
});

describe("where a key was met", () => {
  test("a duet in the clear is held, and gets nothing that was written", () => {
    const { world, connect, listen, leave } = meet({ encrypt: "auto" });
    const host = listen(1);
    // On loopback `auto` offers only where a key is expected, or the other side asks.
    leave(connect(), host);
    const plain = listen(1, { encrypt: "off" });
    const client = connect();
    client.say("secret");
    world.pass(5000);
    expect(errorsOf(client)).toHaveLength(1);
    expect(JSON.stringify(plain.outputs)).not.toContain("secret");
    client.command("/trust");
    world.pass(2000);
    expect(plain.memberNames()).toEqual(["ann"]);
  });

  test("a raw program is held, and gets nothing that was written", () => {
    const { world, connect, listen, leave } = meet({ encrypt: "auto" });
    const host = listen(1);
    leave(connect(), host);
    const program = world.program().listen();
    const client = connect();
    program.send("220 hello\n");
    client.say("secret");
    world.pass(5000);
    expect(errorsOf(client)).toHaveLength(1);
    expect(program.received).not.toContain("secret");
    expect(program.received).not.toContain("ann");
    expect(client.receivedLines()).toEqual([]);
  });

  test("--encrypt off connects in the clear", () => {
    const { connect, listen, leave, world } = meet({ encrypt: "auto" });
    const host = listen(1);
    leave(connect(), host);
    const plain = listen(1, { encrypt: "off" });
    const client = world.duet({ name: "ann", duet: true, encrypt: "off" });
    client.open({ role: "connect", target: homeTarget });
    world.pass(100);
    expect(plain.memberNames()).toEqual(["ann"]);
    expect(errorsOf(client)).toEqual([]);
  });
});

test("a member with the name of somebody known, and another key, is marked each time it joins", () => {
  const world = new World();
  const host = world.duet({ name: "bob", encrypt: "require" });
  host.open({ role: "listen", target: homeTarget });
  const join = (of: number): void => {
    const member = world.duet({ name: "ann", duet: true, encrypt: "require" }, fakePeople(of));
    member.open({ role: "connect", target: homeTarget });
    world.pass(100);
    member.quit();
    world.pass(5000);
  };
  const marks = (): number => host.notices().filter((notice) => notice.includes("another key than")).length;
  join(1);
  expect(marks()).toBe(0);
  join(1);
  expect(marks()).toBe(0);
  join(2);
  expect(marks()).toBe(1);
});

test("commands show our key, list the known ones, and forget a name", () => {
  const { connect, listen, leave, person } = meet();
  const host = listen(1);
  leave(connect());
  const client = connect();
  client.command("/identity");
  expect(client.notices().join("\n")).toContain(keyOf(client));
  client.command("/peers");
  expect(client.notices().join("\n").replaceAll(" ", "")).toContain(keyOf(host));
  client.command("/forget eve");
  expect(person.readKnown().size).toBe(1);
  client.command("/forget bob");
  expect(person.readKnown().size).toBe(0);
  client.command("/trust");
  expect(client.errors().at(-1)).toContain("no connection was held");
});
