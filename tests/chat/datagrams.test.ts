import { expect, test } from "bun:test";
import { parseCidr } from "../../src/protocol/address/cidr.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import { peerNoticesBurst } from "../../src/protocol/limits.ts";
import { type Duet, home, World } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { english } from "../support/words.ts";

const eve: Frame = { type: "hello", name: "eve", session: "e".repeat(24), key: "k".repeat(16) };
const padded = encodeFrame(eve, undefined, 1200);

/** A hub, a member that joined over UDP, and a function that sends datagrams from the member's endpoint. */
function joined(world: World) {
  const hub = world.hub({}, "udp");
  hub.command("/udp");
  const member = world.member("mia", "udp");
  member.command("/udp");
  world.pass(100);
  const from = loopback(Number(hub.peer().link.address.split(":")[1]));
  const forge = (text: string) => world.run(() => void world.network.datagram(from, home, Buffer.from(text)));
  return { hub, member, forge };
}

function bytesTo(world: World, port: number): number {
  return world.network.datagrams
    .filter(({ to }) => to === `127.0.0.1:${port}`)
    .reduce((sum, { bytes }) => sum + bytes.length, 0);
}

test("datagrams from a duet's endpoint without its key change nothing and are counted", () => {
  const world = new World();
  const { hub, member, forge } = joined(world);
  const before = hub.lines("udp");
  for (let round = 0; round < 20; round += 1) {
    forge("junk");
    forge('duet/1 {"type":"message","id":1,"text":"forged"}');
    forge('duet/1 {"type":"goodbye","reason":"forged","k":"0000000000000000"}');
    forge('duet/1 {"type":"message"}');
    forge(padded);
  }
  const address = hub.peer().link.address;
  const notice = `a datagram in the name of ${address} does not have our key`;
  expect(hub.lines("udp")).toEqual([...before, notice]);
  expect(hub.chat.sides.udp.counters.forged).toBe(100);
  member.say("still me");
  expect(hub.receivedLines()).toEqual(["<mia> still me"]);
});

test("forged datagrams do not keep a dead duet alive", () => {
  const world = new World();
  const { hub, member, forge } = joined(world);
  world.network.stop(member, "udp");
  for (let second = 0; second < 25; second += 1) {
    forge('duet/1 {"type":"ping","number":1,"k":"0000000000000000"}');
    world.pass(1000);
  }
  expect(hub.memberNames()).toEqual([]);
});

test("a replayed hello of a known duet adds no second member", () => {
  const world = new World();
  const { hub, forge } = joined(world);
  const hello = world.network.datagrams.find(({ to }) => to === "127.0.0.1:8080");
  forge(new TextDecoder().decode(hello?.bytes));
  expect(hub.memberNames()).toEqual(["mia"]);
});

test("a hello from a forged endpoint never joins, and is answered with fewer bytes than it had", () => {
  const world = new World();
  const hub = world.hub({ name: "h".repeat(32) }, "udp");
  const victim = loopback(4242);
  world.run(() => void world.network.datagram(victim, home, Buffer.from(padded)));
  hub.say("hello?");
  world.pass(10 * 60_000);
  expect(bytesTo(world, 4242)).toBeGreaterThan(0);
  expect(bytesTo(world, 4242)).toBeLessThan(1200);
  expect(hub.memberNames()).toEqual([]);
  expect(hub.notices().filter((text) => text.includes("eve"))).toEqual([]);
  expect(hub.chat.peers.size).toBe(0);
});

test("a hello that is not padded, or of a later version, is answered with no more bytes than it had", () => {
  for (const [port, text] of [
    [4243, encodeFrame(eve)],
    [4244, 'duet/2 {"type":"hello"}'],
    [4245, `duet/2 {"type":"hello","pad":"${"-".repeat(1100)}"}`],
  ] as const) {
    const world = new World();
    world.hub({}, "udp");
    for (let round = 0; round < 5; round += 1)
      world.run(() => void world.network.datagram(loopback(port), home, Buffer.from(text)));
    world.pass(60_000);
    expect(bytesTo(world, port)).toBeLessThanOrEqual(5 * text.length);
  }
});

test("a frame from an unknown endpoint is dropped and counted, and is no text", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  const program = world.program("udp").connect();
  program.send('duet/1 {"type":"ping","number":1,"k":"x"}').send('duet/1 {"type":"news"}');
  expect(hub.receivedLines()).toEqual([]);
  expect(hub.chat.sides.udp.counters.forged).toBe(2);
  expect(program.datagrams).toEqual([]);
  program.send("text");
  expect(hub.receivedLines()).toEqual([`<127.0.0.1:${program.local.port}> text`]);
});

test("a raw UDP peer that sends hello later is upgraded only by /upgrade", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  hub.command("/udp");
  const program = world.program("udp").connect();
  program.send("text\n").send(padded);
  expect(hub.peer().identity.kind).toBe("raw");
  hub.command("/upgrade");
  expect(hub.peer().identity.kind).toBe("duet");
});

test("five probes of nc -u -v are labelled and not relayed; a later X is text", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  const [one, two] = [world.program("udp").connect(), world.program("udp").connect()];
  two.send("here");
  for (let count = 0; count < 5; count += 1) one.send("X");
  one.send("X\n");
  const notes: unknown[] = [];
  for (let index = 0; index < hub.chat.sides.udp.conversation.scrollback.length; index += 1) {
    const entry = hub.chat.sides.udp.conversation.scrollback.at(index);
    if (entry?.kind === "message" && entry.text === "X") notes.push(entry.note && english.word(entry.note));
  }
  expect(notes).toEqual([...Array.from({ length: 5 }, () => "a probe, as nc -u -v sends"), undefined]);
  expect(two.datagrams).toEqual([`<127.0.0.1:${one.local.port}> X`]);
});

test("an empty datagram is reported, and none is ever sent to a raw peer", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  hub.command("/udp");
  const [one, two] = [world.program("udp").connect(), world.program("udp").connect()];
  two.send("here");
  one.send("").send("\n");
  expect(hub.notices()).toContain(`127.0.0.1:${one.local.port} sent an empty datagram`);
  hub.session.enqueueText("");
  expect(hub.notices()).toContain("an empty line makes no datagram: nothing was sent");
  expect([...one.datagrams, ...two.datagrams].filter((text) => text === "")).toEqual([]);
});

test("a text over UDP is split into datagrams of at most 1,200 bytes; one above 64 KiB is returned", () => {
  const world = new World();
  const { hub, member } = joined(world);
  for (const text of ["你".repeat(2000), "\u0001".repeat(64 * 1024), "x".repeat(64 * 1024)]) {
    member.pipeLines(text);
    expect(hub.receivedLines().at(-1) === `<mia> ${text}`).toBe(true);
  }
  expect(Math.max(...world.network.datagrams.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(1200);
  member.say("x".repeat(64 * 1024 + 1));
  expect(member.returnedLines.map((text) => text.length)).toEqual([64 * 1024 + 1]);
  expect(member.errors().at(-1)).toStartWith("EUSAGE the line is longer than a message may be (64 KiB)");
});

test("a line too large for a datagram to a raw peer is returned with the bound", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  hub.command("/udp");
  const program = world.program("udp").connect().send("hi");
  hub.say("x".repeat(65_507));
  hub.say("x".repeat(65_508));
  expect(program.datagrams.map((text) => text.length)).toEqual([65_507]);
  expect(hub.returnedLines.map((text) => text.length)).toEqual([65_508]);
  expect(hub.errors().at(-1)).toContain("EMSGSIZE");
  expect(hub.notices().some((text) => text.startsWith("65507 bytes left as one datagram"))).toBe(true);
});

test("a UDP peer becomes SILENT, OPEN again when it sends, and is forgotten after five minutes", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  hub.command("/udp");
  const program = world.program("udp").connect().send("hi");
  hub.say("hello?");
  world.pass(20_000);
  expect(hub.peer().link.state).toBe("SILENT");
  program.send("here");
  expect(hub.peer().link.state).toBe("OPEN");
  world.pass(4 * 60_000);
  expect(hub.memberNames()).toHaveLength(1);
  world.pass(2 * 60_000);
  expect(hub.memberNames()).toEqual([]);
  expect(hub.chat.sides.udp.socket.state).toBe("BOUND");
  expect(hub.states("udp")).toContain("OPEN → SILENT");
});

test("any number of denied senders take a bounded number of notices and no peer", () => {
  const world = new World();
  const deny = [parseCidr("127.0.0.0/8")!];
  const hub = world.hub({ deny, headless: true }, "udp");
  const before = hub.outputs.length;
  for (let sender = 0; sender < 500; sender += 1) world.program("udp").connect().send("let me in");
  expect(hub.outputs.slice(before)).toHaveLength(peerNoticesBurst);
  world.pass(1000);
  expect(hub.notices().at(-1)).toContain(`${500 - peerNoticesBurst} more lines were left out`);
  expect(hub.outputs.slice(before)).toHaveLength(peerNoticesBurst + 1);
  expect(hub.chat.peers.size).toBe(0);
  expect(hub.receivedLines()).toEqual([]);
});

test("a headless duet that sent its input exits at an unreachable port, with no notice that the socket stays", () => {
  const duet = new World().duet({ headless: true });
  duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  duet.endInput();
  duet.say("the last line, whose answer comes after the end");
  expect(duet.exitCode).toBe(1);
  expect(duet.errors()).toEqual([expect.stringContaining("ECONNREFUSED")]);
  expect(duet.notices().join()).not.toContain("the socket stays open");
});

test("an unbound port is UNREACHABLE and the socket stays open; nc -ul is named only where one may have been", () => {
  const world = new World();
  const duet = world.duet();
  duet.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
  duet.command("/udp");
  duet.say("anyone?");
  expect(duet.chat.sides.udp.socket.state).toBe("UNREACHABLE");
  const said = duet.notices().join(" ");
  expect(said).toContain("listen there first: /listen 127.0.0.1 8080");
  expect(said).not.toContain("nc -ul");
  const late = world.program("udp").listen();
  duet.say("now?");
  late.send("yes");
  expect(duet.receivedLines()).toEqual(["<127.0.0.1:8080> yes"]);
  expect(duet.chat.sides.udp.socket.state).toBe("OPEN");
  world.run(() => world.network.vanish(late));
  duet.say("and now?");
  expect(duet.notices().at(-1)).toContain("if that is nc -ul, it receives only from its first sender");
});

test("the goodbye of a UDP hub closes the side, and later lines are returned", () => {
  const world = new World();
  const { hub, member } = joined(world);
  hub.quit();
  expect(member.chat.sides.udp.socket.state).toBe("CLOSED");
  expect(member.notices().join(" ")).toContain("/reconnect");
  member.say("too late");
  expect(member.returnedLines).toEqual(["too late"]);
});

function loseFirst(world: World, member: Duet, count: number): void {
  let left = count;
  const deliver = world.network.datagram.bind(world.network);
  world.network.datagram = (from, to, bytes) => {
    if (to.port === 8080 || left === 0) return deliver(from, to, bytes);
    left -= 1;
    return true;
  };
  member.command("/udp");
}

test("the greeting survives the loss of up to four of the hub's datagrams", () => {
  for (let lost = 1; lost <= 4; lost += 1) {
    const world = new World();
    const hub = world.hub({}, "udp");
    const member = world.duet({ name: "mia", duet: true });
    loseFirst(world, member, lost);
    member.open({ role: "connect", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
    world.pass(5000);
    expect(hub.memberNames()).toEqual(["mia"]);
    expect(member.chat.peers.values().next().value?.hostRoom.ourNumber).toBe(2);
  }
});
