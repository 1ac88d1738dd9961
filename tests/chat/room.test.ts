import { describe, expect, test } from "bun:test";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import { outQueueHighBytes, roomPauseLoopbackMs } from "../../src/protocol/limits.ts";
import { homeTarget, type Program, World } from "../support/chat-world.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";

/** A program that sends frames written by the test. */
function eve(world: World, name = "eve", session = "e"): Program {
  const program = world.program().connect();
  return say(program, { type: "hello", name, session: session.repeat(24), key: "k".repeat(16) });
}

function say(program: Program, ...frames: readonly Frame[]): Program {
  return program.send(frames.map((frame) => `${encodeFrame(frame)}\n`).join(""));
}

function frames(program: Program): readonly Record<string, unknown>[] {
  const lines = program.received.split("\n").filter((line) => line.startsWith("duet/1 {"));
  return lines.map((line) => JSON.parse(line.slice(7)) as Record<string, unknown>);
}

test("a new member receives the room's members, and later renames and leaves", () => {
  const world = new World();
  const hub = world.hub();
  const one = eve(world, "one", "1");
  const two = eve(world, "two", "2");
  say(one, { type: "renamed", name: "first" });
  one.close();
  const [hello, welcome, ...rest] = frames(two);
  expect(hello?.["type"]).toBe("hello");
  expect(welcome).toMatchObject({ type: "welcome", you: 3 });
  const members = (welcome ?? {})["members"] as readonly { readonly name: string }[];
  expect(members.map(({ name }) => name)).toEqual(["hub", "two", "one"]);
  expect(rest).toEqual([
    { type: "renamed", number: 2, name: "first" },
    { type: "left", number: 2, reason: expect.any(String) },
  ]);
  expect(hub.memberNames()).toEqual(["two"]);
});

test("a hub sets `from` and `id` itself, relays neither session nor key, and no member acts for another", () => {
  const world = new World();
  const hub = world.hub();
  const [one, two] = [eve(world, "one", "1"), eve(world, "two", "2")];
  const forged = { type: "message", id: 99, from: 1, text: "I am the hub", session: "s", key: "k", k: "k" };
  one.send(`duet/1 ${JSON.stringify(forged)}\n`);
  one.send(`duet/1 ${JSON.stringify({ type: "joined", number: 3, name: "hub" })}\n`);
  one.send(`duet/1 ${JSON.stringify({ type: "left", number: 1, reason: "" })}\n`);
  one.send(`duet/1 ${JSON.stringify({ type: "renamed", number: 3, name: "nobody" })}\n`);
  const relayed = frames(two).filter(({ type }) => type !== "hello" && type !== "welcome");
  expect(relayed).toEqual([
    { type: "message", id: expect.any(Number), from: 2, text: "I am the hub" },
    { type: "renamed", number: 2, name: "nobody" },
  ]);
  expect(relayed[0]?.["id"]).not.toBe(99);
  expect(hub.receivedLines()).toEqual(["<one> I am the hub"]);
});

test("a hub cannot join another room with the session token of one of its members", () => {
  const world = new World();
  const stolen: string[] = [];
  const [evil, hub] = [world.program(), world.hub()];
  world.run(() => void world.network.listenTcp(evil, { family: "IPv4", address: "10.0.0.9", port: 8080 }));
  const mia = world.duet({ name: "mia", duet: true });
  mia.open({ role: "connect", target: { kind: "ip", host: "10.0.0.9", port: 8080 } });
  stolen.push(String(frames(evil)[0]?.["session"]));
  mia.command("/connect 127.0.0.1 8080");
  world.pass(100);
  eve(world, "evil", "x").send("");
  const thief = world.program().connect();
  say(thief, { type: "hello", name: "mia", session: stolen[0] ?? "", key: "k" });
  expect(hub.memberNames()).toEqual(["mia", "evil", "mia~2"]);
});

test("a private message reaches its addressee alone, with its author's name", () => {
  const world = new World();
  const hub = world.hub();
  const [ann, bob] = [world.member("ann"), world.member("bob")];
  const raw = world.program().connect().send("hi\n");
  ann.command("/msg bob psst");
  ann.command("/msg hub you too");
  hub.command("/msg ann and you");
  ann.command(`/msg 127.0.0.1:${raw.local.port} line one\nline \u001b[31m two`);
  expect(bob.receivedLines().filter((text) => !text.includes("> hi"))).toEqual(["<ann> psst"]);
  expect(hub.receivedLines().slice(1)).toEqual(["<ann> you too"]);
  expect(ann.receivedLines().slice(-1)).toEqual(["<hub> and you"]);
  expect(raw.received).toBe("<ann → you> line one\n<ann → you> line ␛[31m two\n");
});

test("the author of an undeliverable private message learns the addressee and the reason", () => {
  const world = new World();
  const hub = world.hub();
  hub.open({ role: "listen", target: homeTarget }, "udp");
  const ann = world.member("ann");
  world.program("udp").connect({ family: "IPv4", address: "192.0.2.9", port: 4000 }).send("from afar");
  ann.command("/msg 192.0.2.9:4000 hello there");
  expect(ann.notices().at(-1)).toBe(
    "your line to 192.0.2.9:4000 was not delivered: messages of others are not relayed there over UDP",
  );
  // bob has left, and the presence frame is still on its way.
  ann.peer().hostRoom.members.set(99, {
    kind: "remote",
    number: 99,
    name: "bob",
    address: undefined,
    introduced: undefined,
  });
  ann.command("/msg bob are you there");
  expect(ann.notices().at(-1)).toBe(
    "your line to bob was not delivered: nobody of that number is here any more",
  );
  expect(hub.receivedLines()).toEqual(["<192.0.2.9:4000> from afar"]);
});

test("an undelivered frame counts only from a hub, and its reason is cleaned", () => {
  const undelivered: Frame = { type: "undelivered", id: 1, to: 2, reason: "\u001b[2Jgone" };
  const world = new World();
  const hub = world.hub();
  say(eve(world), undelivered);
  expect(hub.lines().join("\n")).not.toContain("gone");
  const other = new World();
  const server = other.program().listen();
  const ann = other.member("ann");
  const key = "k".repeat(16);
  say(server, { type: "hello", name: "hub", session: "h".repeat(24), key });
  say(server, { type: "welcome", you: 2, key, members: [{ number: 1, name: "hub" }] }, undelivered);
  expect(ann.notices().at(-1)).toBe("your line to #2 was not delivered: ␛[2Jgone");
});

test("a long private message is relayed whole", () => {
  const world = new World();
  world.hub();
  const [ann, bob] = [world.member("ann"), world.member("bob")];
  const text = "你".repeat(10_000);
  ann.command(`/msg bob ${text}`);
  expect(bob.receivedLines()).toEqual([`<ann> ${text}`]);
});

test("raw peers receive a name on each relayed line, with controls made visible, and never their own lines", () => {
  const world = new World();
  const hub = world.hub();
  const ann = world.member("ann");
  const [one, two] = [world.program().connect().send("I am one\n"), world.program().connect()];
  world.pass(600);
  two.received = "";
  one.received = "";
  say(eve(world), { type: "message", id: 1, text: "first\n<hub> \u001b]0;x\u0007second\u009b\u007f\ttab" });
  expect(one.received).toBe("<eve> first\n<eve> <hub> ␛]0;x␇second<U+009B>␡\ttab\n");
  expect(two.received).toBe(one.received);
  one.send("mine\n");
  expect(one.received).not.toContain("mine");
  expect(two.received).toEndWith(`<127.0.0.1:${one.local.port}> mine\n`);
  expect(ann.receivedLines().at(-1)).toBe(`<127.0.0.1:${one.local.port}> mine`);
  hub.say("as shown \u0001");
  expect(two.received).toEndWith("as shown ␁\n");
});

test("a member with two paths is one member, receives each message once, and on the tab in use", () => {
  const world = new World();
  const hub = world.hub();
  hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  const ann = world.member("ann");
  const bob = world.member("bob");
  ann.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  world.pass(100);
  expect(hub.memberNames()).toEqual(["ann", "bob"]);
  bob.say("one");
  ann.command("/tcp");
  ann.say("I speak over TCP");
  bob.say("two");
  expect(ann.receivedLines("tcp")).toEqual(["<bob> one", "<bob> two"]);
  ann.command("/udp");
  ann.say("I speak over UDP");
  world.pass(20_000);
  bob.say("three");
  expect(ann.receivedLines("udp").at(-1)).toBe("<bob> three");
  expect(ann.receivedLines()).toHaveLength(3);
  hub.command("/tcp");
  hub.say("on TCP");
  hub.command("/udp");
  hub.say("on UDP");
  expect(ann.receivedLines("tcp").at(-1)).toBe("<hub> on TCP");
  expect(ann.receivedLines("udp").at(-1)).toBe("<hub> on UDP");
  expect(bob.receivedLines().slice(-2)).toEqual(["<hub> on TCP", "<hub> on UDP"]);
  expect(ann.receivedLines()).toHaveLength(5);
});

test("a member whose path ends stays in the room by its other path", () => {
  const world = new World();
  const hub = world.hub();
  hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  const ann = world.member("ann");
  ann.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  world.pass(100);
  ann.command("/tcp");
  ann.command("/close");
  expect(hub.memberNames()).toEqual(["ann"]);
  hub.say("still there?");
  expect(ann.receivedLines("udp")).toEqual(["<hub> still there?"]);
  expect(hub.notices().filter((text) => text.includes("ann left"))).toEqual([]);
});

test("names are unique: a confusable name gets ~2, and each duet reports its own name in the room", () => {
  const world = new World();
  const hub = world.hub();
  const [ann, other] = [world.member("ann"), world.member("Ann")];
  expect(hub.memberNames()).toEqual(["ann", "Ann~2"]);
  expect(other.notices().join(" ")).toContain("you are Ann~2");
  expect(other.chat.self.name).toBe("Ann");
  other.command("/nick hub");
  expect(hub.memberNames()).toEqual(["ann", "hub~2"]);
  const isTaken = "is taken here, or looks like a taken or reserved name";
  expect(other.notices().at(-1)).toBe(`hub ${isTaken}: you are hub~2`);
  expect(ann.notices().at(-1)).toBe("Ann~2 is now hub~2");
  hub.command("/nick ANN");
  expect(hub.chat.self.name).toBe("ANN~2");
  expect(ann.notices().at(-1)).toBe("hub is now ANN~2");
});

describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
  test("/nick answers each time, whether the name is free, taken, reserved or the same", () => {
    const world = new World();
    const hub = world.hub({}, transport);
    const bob = world.member("bob", transport);
    world.pass(500);
    const isTaken = "is taken here, or looks like a taken or reserved name";
    const answers: readonly (readonly [wanted: string, answer: string])[] = [
      ["hub", `hub ${isTaken}: you are hub~2`],
      ["hub", `hub ${isTaken}: you are hub~2`],
      ["HUB~2", "you are now HUB~2"],
      ["HUB~2", "you are now HUB~2"],
      ["you", `you ${isTaken}: you are you~2`],
      ["10.0.0.1", `10.0.0.1 ${isTaken}: you are 10.0.0.1~2`],
      ["rob", "you are now rob"],
    ];
    for (const [wanted, answer] of answers) {
      const before = bob.notices().length;
      bob.command(`/nick ${wanted}`);
      world.pass(500);
      expect(bob.notices().slice(before)).toEqual([answer]);
    }
    hub.command("/nick rob");
    expect(hub.notices().at(-1)).toBe(`rob ${isTaken}: you are rob~2`);
  });

  test("a newcomer whose name is taken is told once, in the notice of the room", () => {
    const world = new World();
    world.hub({}, transport);
    const other = world.member("hub", transport);
    world.pass(3000);
    expect(other.notices().filter((text) => text.includes("hub~2"))).toEqual([
      "you are hub~2 in hub's room at 127.0.0.1:8080",
    ]);
  });
});

test("/nick for a raw peer reports that the name is taken", () => {
  const world = new World();
  const hub = world.hub();
  world.member("ann");
  const raw = world.program().connect().send("hi\n");
  const address = `127.0.0.1:${raw.local.port}`;
  hub.command(`/nick ${address} ann`);
  expect(hub.notices().at(-1)).toBe(
    `ann is taken here, or looks like a taken or reserved name: ${address} is ann~2`,
  );
  hub.command("/nick ann~2 ann");
  expect(hub.notices().at(-1)).toBe(
    "ann is taken here, or looks like a taken or reserved name: ann~2 is ann~2",
  );
});

test("/nick names a raw peer, but not a duet", () => {
  const world = new World();
  const hub = world.hub();
  world.member("ann");
  const raw = world.program().connect().send("hi\n");
  hub.command(`/nick 127.0.0.1:${raw.local.port} printer`);
  expect(hub.memberNames()).toEqual(["ann", "printer"]);
  raw.send("beep\n");
  expect(hub.receivedLines().at(-1)).toBe("<printer> beep");
  hub.command("/nick ann other");
  expect(hub.errors().at(-1)).toBe("EUSAGE ann is a duet: only they can change that name");
  expect(hub.returnedLines).toEqual(["/nick ann other"]);
});

test("ten malformed frames are ignored with one error, and the eleventh ends the connection", () => {
  const world = new World();
  const hub = world.hub();
  const program = eve(world);
  for (let count = 0; count < 10; count += 1) program.send("duet/1 {oops\n");
  say(program, { type: "message", id: 1, text: "still here" });
  expect(hub.receivedLines()).toEqual(["<eve> still here"]);
  expect(hub.errors().filter((text) => text.startsWith("EPROTO"))).toHaveLength(1);
  program.send("duet/1 {oops\n");
  expect(hub.memberNames()).toEqual([]);
  expect(frames(program).at(-1)).toMatchObject({ type: "goodbye" });
});

test("a frame longer than 16 KiB is malformed", () => {
  const world = new World();
  const hub = world.hub();
  const program = eve(world);
  program.send(`duet/1 {"type":"message","id":1,"text":"${"x".repeat(16 * 1024)}"}\n`);
  say(program, { type: "message", id: 1, text: "next" });
  expect(hub.receivedLines()).toEqual(["<eve> next"]);
  expect(hub.peer().inbound.malformedFrames).toBe(1);
});

test("unknown frame types and fields are ignored", () => {
  const world = new World();
  const hub = world.hub();
  const program = eve(world);
  program.send('duet/1 {"type":"news"}\nduet/1 {"type":"message","id":1,"text":"hi","colour":"red"}\n');
  expect(hub.receivedLines()).toEqual(["<eve> hi"]);
  expect(hub.peer().inbound.malformedFrames).toBe(0);
});

test("a slow reader is disconnected with a reason when its queue is full, and the others do not wait", () => {
  const world = new World();
  const hub = world.hub();
  const [slow, ann, bob] = [eve(world, "slow", "1"), world.member("ann"), world.member("bob")];
  slow.setReading(false);
  for (let count = 0; count < 300; count += 1) ann.say("x".repeat(1024));
  // The room stops reading for roomPauseLoopbackMs when the queue is half full.
  world.pass(roomPauseLoopbackMs);
  expect(bob.receivedLines()).toHaveLength(300);
  expect(hub.memberNames()).toEqual(["ann", "bob"]);
  expect(hub.notices().join("\n")).toContain("slow left: reads too slowly: the send queue is full");
});

test("pasted lines wait without limit for a lone peer that does not read", () => {
  const world = new World();
  const hub = world.hub();
  const ann = eve(world);
  ann.setReading(false);
  const lines = Array.from({ length: 400 }, (_, index) => `${index} ${"x".repeat(1024)}`);
  hub.sayAll(lines);
  expect(hub.peer().outbound.isBacklogged).toBe(true);
  expect(hub.chat.input.waitingLines).toBeGreaterThan(0);
  world.pass(14_000);
  expect(hub.memberNames()).toEqual(["eve"]);
  ann.setReading(true);
  const texts = frames(ann).flatMap(({ type, text }) => (type === "message" ? [text] : []));
  expect(texts).toEqual(lines);
  expect(hub.chat.input.waitingLines).toBe(0);
});

test("a member that does not read for 5 s while typed lines wait is disconnected", () => {
  const world = new World();
  const hub = world.hub();
  const [slow, ann] = [world.program().connect().send("hi\n"), world.member("ann")];
  slow.setReading(false);
  const lines = Array.from({ length: 400 }, (_, index) => `${index} ${"x".repeat(1024)}`);
  hub.sayAll(lines);
  expect(ann.receivedLines().length).toBeLessThan(400);
  world.pass(4999);
  expect(hub.memberNames()).toHaveLength(2);
  world.pass(1);
  expect(hub.memberNames()).toEqual(["ann"]);
  expect(ann.receivedLines().slice(-400)).toEqual(lines.map((line) => `<hub> ${line}`));
  expect(outQueueHighBytes).toBeLessThan(400 * 1024);
});

test("notices of a flood of joins and leaves are throttled, and those left out are counted", () => {
  const world = new World();
  const hub = world.hub();
  for (let count = 0; count < 500; count += 1) world.program().connect().send("hi\n").close();
  const notices = hub.notices().filter((text) => text.includes("joined") || text.includes(" left"));
  expect(notices.length).toBeLessThanOrEqual(50);
  world.pass(1000);
  expect(hub.notices().at(-1)).toMatch(/^\d+ more lines were left out/);
});

test("strings from a hub are cleaned and bounded", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.member("ann");
  say(server, { type: "hello", name: "\u001b[31mevil\n", session: "s", key: "k" });
  say(server, { type: "welcome", you: 2, key: "k", members: [{ number: 2, name: "a\u0007" }] });
  for (let number = 3; number < 6000; number += 1)
    say(server, { type: "joined", number, name: `n${number}\u009b`, address: "\u001b]0;x" });
  say(server, { type: "left", number: 3, reason: "\u001b[2J" });
  expect(duet.peer().hostRoom.members.size).toBe(4095);
  const names = duet.peerNames();
  say(server, { type: "goodbye", reason: "\u001b[2J" });
  const shown = [...duet.notices(), ...duet.lines(), ...names].join("");
  expect(shown).not.toMatch(/\p{Cc}/u);
});

test("the lines of one read are relayed as one block, in order with other frames", () => {
  const world = new World();
  world.hub();
  const [raw, one, two] = [
    world.program().connect().send("hi\n"),
    eve(world, "one", "1"),
    eve(world, "two", "2"),
  ];
  const before = raw.received.length;
  say(
    one,
    { type: "message", id: 1, text: "first" },
    { type: "message", id: 2, text: "second\nthird" },
    { type: "renamed", name: "uno" },
    { type: "message", id: 3, text: "fourth" },
  );
  expect(raw.received.slice(before)).toBe("<one> first\n<one> second\n<one> third\n<uno> fourth\n");
  const received = frames(two).filter(({ type }) => type === "message" || type === "renamed");
  expect(received.map(({ text, name }) => text ?? name)).toEqual(["first", "second\nthird", "uno", "fourth"]);
});
