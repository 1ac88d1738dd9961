import { expect, test } from "bun:test";
import { World } from "../support/chat-world.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";

const hello = encodeFrame({ type: "hello", name: "eve", session: "e".repeat(24), key: "k".repeat(16) });

test("a program that sends at once is raw, shown by its address, and receives no banner", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send("你好");
  world.pass(10_000);
  expect(program.received).toBe("");
  const address = `127.0.0.1:${program.local.port}`;
  expect(hub.receivedLines()).toEqual([`<${address}> 你好`]);
  hub.say("hello");
  expect(program.received).toBe("hello\n");
});

test("a silent program receives one banner after 250 ms, and later only messages", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  world.pass(249);
  expect(program.received).toBe("");
  world.pass(1);
  expect(program.received).toBe("duet/1 hub's room, 2 here. Type a line and press Enter.\n");
  world.pass(60_000);
  hub.say("still there?");
  expect(program.received.split("\n").slice(1)).toEqual(["still there?", ""]);
  expect(hub.memberNames()).toEqual([`127.0.0.1:${program.local.port}`]);
});

test("a connection that is closed at once is never reported as joined", () => {
  const world = new World();
  const hub = world.hub();
  world.program().connect().close();
  world.pass(1000);
  expect(hub.notices().filter((text) => text.includes("joined") || text.includes("left"))).toEqual([]);
});

test("a duet that waits silently recognizes the banner and greets", () => {
  const world = new World();
  const hub = world.hub();
  const other = world.duet({ name: "other" });
  world.areAnnouncementsVisible = false;
  other.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } });
  other.say("held");
  world.pass(249);
  expect(hub.receivedLines()).toEqual([]);
  world.pass(500);
  expect(hub.receivedLines()).toEqual(["<other> held"]);
  expect(hub.peer().identity.kind).toBe("duet");
  expect(other.peer().identity.kind).toBe("duet");
});

test("a connecting duet waits 500 ms for a banner, then sends its lines plainly, in order", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.duet();
  duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } });
  duet.say("one\ntwo");
  world.pass(499);
  expect(server.received).toBe("");
  duet.say("three");
  world.pass(1);
  expect(server.received).toBe("one\ntwo\nthree\n");
  expect(duet.peer().identity.kind).toBe("raw");
});

test("a server that sends within the 500 ms is raw at once", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.duet();
  duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } });
  duet.say("EHLO");
  server.send("220 mail\r\n");
  expect(server.received).toBe("EHLO\n");
  expect(duet.receivedLines()).toEqual(["<127.0.0.1:8080> 220 mail"]);
});

for (const [lateMs, kind] of [
  [4900, "duet"],
  [5100, "raw"],
] as const) {
  test(`a banner ${lateMs} ms after connecting makes the peer a ${kind}`, () => {
    const world = new World();
    const server = world.program().listen();
    const duet = world.duet();
    duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } });
    world.pass(lateMs);
    server.send("duet/1 late's room, 2 here. Type a line and press Enter.\n");
    if (kind === "duet") server.send(`${hello}\n`);
    expect(duet.peer().identity.kind).toBe(kind);
    if (kind === "raw") expect(server.received).toBe("");
  });
}

test("a hello cut at any byte, with a pause, is still recognized", () => {
  for (let cut = 1; cut <= hello.length; cut += 1) {
    const world = new World();
    const hub = world.hub();
    const program = world.program().connect();
    program.send(hello.slice(0, cut));
    world.pass(cut < 7 ? 900 : 9000);
    expect(hub.receivedLines()).toEqual([]);
    program.send(`${hello.slice(cut)}\n`);
    expect(hub.peer().identity.kind).toBe("duet");
    expect(hub.memberNames()).toEqual(["eve"]);
    expect(program.received).toContain('"type":"welcome"');
  }
});

test("text that only begins like a frame is shown once it cannot be one, or after a second", () => {
  for (const text of ["duet", "duet/1", "duet/2 is out", "duet/1 hello", "duet/1", "d"]) {
    const world = new World();
    const hub = world.hub();
    const program = world.program().connect();
    program.send(`${text}\n`);
    expect(hub.receivedLines()).toEqual([`<127.0.0.1:${program.local.port}> ${text}`]);
  }
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send("due");
  world.pass(2100);
  expect(hub.receivedLines()).toEqual([`<127.0.0.1:${program.local.port}> due`]);
  expect(program.received).toBe("");
});

test("a peer whose first `duet/1 ` never becomes a hello is disconnected after 10 s", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send('duet/1 {"type":"hel');
  world.pass(9999);
  expect(hub.chat.peers.size).toBe(1);
  world.pass(1);
  expect(hub.chat.peers.size).toBe(0);
  expect(program.received).toBe("duet: no complete hello within 10 s\n");
  expect(hub.chat.sides.tcp.counters.turnedAway).toBe(1);
});

test("a `duet/1 ` after a long silence has 10 s to become a hello, also when sent byte by byte", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  world.pass(20_000);
  for (const letter of "duet/1 ") {
    program.send(letter);
    world.pass(500);
  }
  expect(hub.chat.peers.size).toBe(1);
  world.pass(10_000 - 7 * 500 - 1);
  expect(hub.chat.peers.size).toBe(1);
  world.pass(1);
  expect(hub.chat.peers.size).toBe(0);
  expect(program.received).toEndWith("duet: no complete hello within 10 s\n");
});

test("a peer that is not read from counts neither as silent nor as slow, since its hello may wait unread", () => {
  for (const cut of [0, 3, 20]) {
    const world = new World();
    const hub = world.hub();
    const program = world.program().connect();
    if (cut > 0) program.send(hello.slice(0, cut));
    hub.dispatch({ type: "output-paused", paused: true });
    world.pass(4000);
    expect([hub.memberNames(), program.received]).toEqual([[], ""]);
    hub.dispatch({ type: "output-paused", paused: false });
    world.pass(249);
    program.send(`${hello.slice(cut)}\n`);
    expect([hub.memberNames(), hub.receivedLines()]).toEqual([["eve"], []]);
    expect(program.received).not.toContain("Type a line");
  }
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect().send(hello.slice(0, 20));
  hub.dispatch({ type: "output-paused", paused: true });
  world.pass(15_001);
  hub.dispatch({ type: "output-paused", paused: false });
  program.send(`${hello.slice(20)}\n`);
  expect(hub.memberNames()).toEqual(["eve"]);
});

test("a room that pauses reading often still recognizes a silent peer", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  for (let count = 0; count < 110; count += 1) {
    hub.dispatch({ type: "output-paused", paused: true });
    world.pass(20);
    hub.dispatch({ type: "output-paused", paused: false });
    world.pass(80);
  }
  expect(program.received).toContain("Type a line");
  expect(hub.memberNames()).toEqual([`127.0.0.1:${program.local.port}`]);
});

test("a client that does not read from its host does not take it for raw", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.duet();
  duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } });
  duet.dispatch({ type: "output-paused", paused: true });
  world.pass(4000);
  expect(duet.peer().identity.kind).toBe("unknown");
  duet.dispatch({ type: "output-paused", paused: false });
  world.pass(499);
  server.send(`duet/1 late's room, 2 here. Type a line and press Enter.\n${hello}\n`);
  expect(duet.peer().identity.kind).toBe("duet");
});

test("a late line that begins like a hello and stops is text after a second", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  world.pass(20_000);
  program.send("due");
  world.pass(2000);
  expect(hub.receivedLines()).toEqual([`<127.0.0.1:${program.local.port}> due`]);
});

test("incomplete characters are no silence: their sender is raw and receives no banner", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send(new Uint8Array([0xe4]));
  world.pass(1000);
  expect(program.received).toBe("");
  program.send(new Uint8Array([0xbd, 0xa0, 0x0a]));
  expect(hub.receivedLines()).toEqual([`<127.0.0.1:${program.local.port}> 你`]);
});

test("a later version is answered with our hello, and its own duet/1 hello is accepted afterwards", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send('duet/2 {"type":"hello","name":"eve"}\n');
  expect(program.received).toStartWith('duet/1 {"type":"hello","name":"hub"');
  program.send(`${hello}\n`);
  expect(hub.memberNames()).toEqual(["eve"]);
});

test("a raw peer that sends hello later stays raw until /upgrade, which is offered once", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect();
  program.send(`hi\n${hello}\n${hello}\n`);
  expect(hub.peer().identity.kind).toBe("raw");
  expect(hub.notices().filter((text) => text.includes("/upgrade"))).toHaveLength(1);
  expect(hub.receivedLines()).toEqual([`<127.0.0.1:${program.local.port}> hi`]);
  hub.command("/upgrade");
  expect(hub.peer().identity.kind).toBe("duet");
  expect(hub.memberNames()).toEqual(["eve"]);
  expect(program.received).toContain('"type":"welcome"');
});

test("a hello that a raw peer sends later is offered and never shown, wherever it is cut", () => {
  for (let cut = 1; cut <= hello.length; cut += 1) {
    const world = new World();
    const hub = world.hub();
    const program = world.program().connect();
    program
      .send("hi\n")
      .send(hello.slice(0, cut))
      .send(`${hello.slice(cut)}\n`);
    expect(hub.lines().filter((line) => line.startsWith("<"))).toEqual([
      `<127.0.0.1:${program.local.port}> hi`,
    ]);
    expect(hub.notices().filter((text) => text.includes("/upgrade"))).toHaveLength(1);
  }
});

test("a raw peer's text that only begins like a frame is shown once it cannot be one, or after a second", () => {
  const world = new World();
  const hub = world.hub();
  const program = world.program().connect().send("hi\n");
  const shown = () => hub.lines().filter((line) => line.startsWith("<")).length;
  program.send("duet");
  expect(shown()).toBe(1);
  program.send("ists");
  expect(shown()).toBe(2);
  program.send("\ndu");
  world.pass(1100);
  expect(shown()).toBe(3);
  expect(hub.receivedLines().at(-1)).toEndWith("> du");
});

test("a hello of a later version is answered wherever it is cut", () => {
  const later = 'duet/2 {"type":"hello","name":"eve"}\n';
  for (let cut = 1; cut <= later.length; cut += 1) {
    const world = new World();
    const hub = world.hub();
    const program = world.program().connect();
    program.send(later.slice(0, cut)).send(later.slice(cut));
    expect(program.received).toStartWith('duet/1 {"type":"hello","name":"hub"');
    expect(hub.receivedLines()).toEqual([]);
  }
});

test("--raw neither waits nor greets, and relays bytes unchanged", () => {
  const world = new World();
  const hub = world.hub({ raw: true });
  const [one, two] = [world.program().connect(), world.program().connect()];
  world.pass(1000);
  expect(one.received + two.received).toBe("");
  one.send(`${hello}\n`);
  two.send("no newline");
  expect(two.received).toBe(`${hello}\n`);
  expect(one.received).toBe("no newline");
  hub.pipe("bytes");
  expect(one.received).toBe("no newlinebytes");
});

test("--raw sends as soon as it is connected", () => {
  const world = new World();
  const server = world.program().listen();
  const duet = world.duet({ raw: true });
  duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } });
  duet.say("hi");
  expect(server.received).toBe("hi\n");
});

test("a line is the first datagram to an unknown UDP endpoint, unchanged", () => {
  const world = new World();
  const server = world.program("udp").listen();
  const duet = world.duet();
  duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  duet.command("/udp");
  duet.say("你好");
  world.pass(20_000);
  expect(server.datagrams).toEqual(["你好"]);
  server.send("hello");
  expect(duet.receivedLines()).toEqual(["<127.0.0.1:8080> hello"]);
});

test("a UDP endpoint opened with --duet receives at most five hellos, then plain text", () => {
  const world = new World();
  const server = world.program("udp").listen();
  const duet = world.duet({ duet: true });
  duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  duet.command("/udp");
  duet.say("held");
  world.pass(60_000);
  expect(server.datagrams.map((text) => Buffer.byteLength(text))).toEqual([1200, 1200, 1200, 1200, 1200, 4]);
});

test("a silent peer is reported as raw, since no peer is a duet without a hello", () => {
  const world = new World();
  const hub = world.hub();
  world.program().connect();
  world.pass(1000);
  hub.quit();
  world.pass(3000);
  const peerEvents = hub.outputs.filter((output) => output.type === "peer");
  expect(peerEvents.map(({ event, kind }) => [event, kind])).toEqual([
    ["connected", "raw"],
    ["disconnected", "raw"],
  ]);
});
