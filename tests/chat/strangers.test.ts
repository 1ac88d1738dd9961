/** Strangers are throttled: no line is lost or reordered, and both ends learn why. */

import { expect, test } from "bun:test";
import { parseCidr } from "../../src/protocol/address/cidr.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import {
  receivedChunkMaxBytes,
  strangerLinesBurst,
  strangerLinesPerSecond,
  strangerWaitingMaxBytes,
} from "../../src/protocol/limits.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { type Duet, type Program, World } from "../support/chat-world.ts";
import type { IpEndpoint } from "../support/fake-network.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";

const turnMs = 1000 / strangerLinesPerSecond;

function at(address: string, port = 4000): IpEndpoint {
  return { family: address.includes(":") ? "IPv6" : "IPv4", address, port };
}

/** A hub and a program on another machine. */
function hubWithStranger(transport: TransportName = "tcp", from = at("10.1.2.3")) {
  const world = new World();
  const hub = world.hub({ reportCalls: true }, transport);
  return { world, hub, stranger: world.program(transport).connect(from) };
}

function numbered(count: number, from = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) => `line ${from + index}`);
}

function send(program: Program, transport: TransportName, lines: readonly string[]): void {
  if (transport === "tcp") program.send(lines.map((line) => `${line}\n`).join(""));
  else for (const line of lines) program.send(line);
}

function textsOf(hub: Duet): readonly string[] {
  return hub.receivedLines().map((line) => line.slice(line.indexOf("> ") + 2));
}

function reads(hub: Duet): readonly boolean[] {
  return hub.sent.flatMap((effect) => (effect.type === "read-peer" ? [effect.reading] : []));
}

for (const transport of ["tcp", "udp"] as const) {
  test(`${transport}: ${strangerLinesBurst} lines are shown at once, one more waits, and none is lost`, () => {
    const { world, hub, stranger } = hubWithStranger(transport);
    const lines = numbered(strangerLinesBurst + 7);
    send(stranger, transport, lines.slice(0, strangerLinesBurst));
    expect(textsOf(hub)).toEqual(lines.slice(0, strangerLinesBurst));
    expect(hub.chat.sides[transport].counters.slowed).toBe(0);
    send(stranger, transport, lines.slice(strangerLinesBurst));
    expect(textsOf(hub)).toHaveLength(strangerLinesBurst);
    for (let shown = strangerLinesBurst; shown < lines.length; shown += 1) {
      world.pass(turnMs - 1);
      expect(textsOf(hub)).toHaveLength(shown);
      world.pass(1);
      expect(textsOf(hub)).toEqual(lines.slice(0, shown + 1));
    }
    expect(hub.chat.sides[transport].counters.slowed).toBe(7);
  });

  test(`${transport}: a throttled stranger receives one line with the reason, and the host is offered /accept`, () => {
    const { world, hub, stranger } = hubWithStranger(transport);
    send(stranger, transport, numbered(30));
    world.pass(2000);
    send(stranger, transport, numbered(30));
    const why = "duet: you send more than 5 lines a second: the rest is queued as long as you stay connected";
    expect(stranger.received.trimEnd()).toBe(why);
    expect(hub.notices().filter((text) => text.includes("throttled"))).toEqual([
      "10.1.2.3:4000 sends faster than a stranger may, and is throttled; /accept 10.1.2.3:4000 lifts the limit",
    ]);
  });

  test(`${transport}: /accept releases all waiting lines in order and ends the throttle`, () => {
    const { hub, stranger } = hubWithStranger(transport);
    const lines = numbered(60);
    send(stranger, transport, lines.slice(0, 40));
    expect(textsOf(hub)).toHaveLength(strangerLinesBurst);
    hub.command(`/${transport}`);
    hub.command("/accept 10.1.2.3:4000");
    expect(textsOf(hub)).toEqual(lines.slice(0, 40));
    send(stranger, transport, lines.slice(40));
    expect(textsOf(hub)).toEqual(lines);
    expect(hub.chat.timers.has({ kind: "stranger-turn", of: hub.peer().link.connection })).toBe(false);
  });
}

test("a stranger at a human pace, a peer on this machine and a range of --allow are not throttled", () => {
  const { world, hub, stranger } = hubWithStranger();
  for (const line of numbered(100)) {
    stranger.send(`${line}\n`);
    world.pass(turnMs);
  }
  expect([textsOf(hub).length, hub.chat.sides.tcp.counters.slowed]).toEqual([100, 0]);
  for (const [address, allow] of [
    ["127.0.0.1", []],
    ["::1", []],
    ["10.1.2.3", ["10.0.0.0/8"]],
    ["fd00::7", ["fd00::/8"]],
  ] as const) {
    const elsewhere = new World();
    const room = elsewhere.hub({ allow: allow.map((range) => parseCidr(range)!) });
    send(elsewhere.program().connect(at(address)), "tcp", numbered(1000));
    expect([address, textsOf(room).length]).toEqual([address, 1000]);
  }
});

test("--raw counts no lines: bytes are not throttled, and unfinished text is shown", () => {
  const world = new World();
  const hub = world.hub({ raw: true });
  const stranger = world.program().connect(at("10.1.2.3"));
  for (let count = 0; count < 3 * strangerLinesBurst; count += 1) {
    stranger.send("gro");
    expect(hub.peer().inbound.growingEntry?.text).toBe("gro");
    stranger.send("wn\n");
  }
  expect(hub.chat.sides.tcp.counters.slowed).toBe(0);
});

test(`reading from a stranger pauses above ${strangerWaitingMaxBytes} waiting bytes, and resumes at half of it`, () => {
  const { world, hub, stranger } = hubWithStranger();
  send(stranger, "tcp", numbered(strangerLinesBurst));
  const line = `${"x".repeat(1023)}\n`;
  const fitting = strangerWaitingMaxBytes / line.length;
  for (let count = 0; count < fitting; count += 1) stranger.send(line);
  expect([hub.peer().inbound.strangerThrottle?.waitingBytes, reads(hub)]).toEqual([
    strangerWaitingMaxBytes,
    [],
  ]);
  stranger.send(line);
  expect(reads(hub)).toEqual([false]);
  stranger.send("held back by the kernel\n");
  expect(hub.peer().inbound.strangerThrottle?.waiting).toHaveLength(fitting + 1);
  world.pass((fitting / 2) * turnMs);
  expect(reads(hub)).toEqual([false]);
  world.pass(turnMs);
  expect(reads(hub)).toEqual([false, true]);
  world.pass(2 * fitting * turnMs);
  expect(textsOf(hub)).toHaveLength(strangerLinesBurst + fitting + 2);
  expect(textsOf(hub).at(-1)).toBe("held back by the kernel");
});

test("empty lines count a minimum of bytes, so that few objects wait", () => {
  const { hub, stranger } = hubWithStranger();
  stranger.send("\n".repeat(receivedChunkMaxBytes));
  expect(reads(hub)).toEqual([false]);
  // What was read already, and is delivered all the same when the connection has ended.
  for (let piece = 0; piece < 8; piece += 1)
    hub.onEvent("tcp", {
      type: "received",
      connection: hub.peer().link.connection,
      bytes: Buffer.from("\n".repeat(receivedChunkMaxBytes)),
    });
  expect(hub.peer().inbound.strangerThrottle?.waiting.length).toBeLessThanOrEqual(
    receivedChunkMaxBytes + strangerWaitingMaxBytes / 64,
  );
});

test(`${strangerWaitingMaxBytes} bytes wait for a UDP stranger, and a datagram beyond is dropped and counted`, () => {
  const { world, hub, stranger } = hubWithStranger("udp");
  send(stranger, "udp", numbered(strangerLinesBurst));
  const datagram = "x".repeat(1024);
  const fitting = strangerWaitingMaxBytes / datagram.length;
  for (let count = 0; count < fitting; count += 1) stranger.send(datagram);
  expect(hub.chat.sides.udp.counters.droppedOfStrangers).toBe(0);
  stranger.send("!");
  expect(hub.chat.sides.udp.counters.droppedOfStrangers).toBe(1);
  world.pass(fitting * turnMs);
  expect(textsOf(hub)).toHaveLength(strangerLinesBurst + fitting);
  expect(textsOf(hub)).not.toContain("!");
  const stats = hub.outputs.findLast((output) => output.type === "stats" && output.transport === "udp");
  expect(stats).toMatchObject({ slowed: fitting + 1, droppedOfStrangers: 1 });
});

test("an unfinished line is throttled as well, and not shown before its turn", () => {
  const { world, hub, stranger } = hubWithStranger();
  for (const line of numbered(3 * strangerLinesBurst)) {
    stranger.send(line.slice(0, 3));
    stranger.send(`${line.slice(3)}\n`);
  }
  expect(textsOf(hub)).toHaveLength(strangerLinesBurst);
  stranger.send("not yet");
  expect(hub.peer().inbound.growingEntry).toBeUndefined();
  world.pass(turnMs);
  expect(textsOf(hub)).toHaveLength(strangerLinesBurst + 1);
  expect(hub.peer().inbound.growingEntry).toBeUndefined();
  world.pass(60_000);
  expect(textsOf(hub)).toEqual([...numbered(3 * strangerLinesBurst), "not yet"]);
});

test("a waiting line that was ended by silence is not followed by an empty one", () => {
  const { world, hub, stranger } = hubWithStranger();
  send(stranger, "tcp", numbered(2 * strangerLinesBurst));
  stranger.send("unfinished");
  world.pass(1500);
  stranger.send("\nnext\n");
  world.pass(60_000);
  expect(textsOf(hub).slice(2 * strangerLinesBurst)).toEqual(["unfinished", "next"]);
});

test("after FIN the waiting lines are shown in their turn; after RST they are dropped", () => {
  for (const end of ["fin", "reset"] as const) {
    const { world, hub, stranger } = hubWithStranger();
    send(stranger, "tcp", numbered(50));
    stranger.send("last");
    if (end === "fin") stranger.fin();
    else stranger.close("reset");
    expect(textsOf(hub)).toHaveLength(strangerLinesBurst);
    world.pass(60_000);
    expect(textsOf(hub)).toEqual(end === "fin" ? [...numbered(50), "last"] : numbered(strangerLinesBurst));
    expect(hub.chat.sides.tcp.counters.droppedOfStrangers).toBe(end === "fin" ? 0 : 41);
  }
});

test("a duet stranger is throttled and informed by a frame; its pings are exempt, its renames are not", () => {
  const { world, hub, stranger } = hubWithStranger();
  const say = (frame: Frame): void => void stranger.send(`${encodeFrame(frame)}\n`);
  say({ type: "hello", name: "eve", session: "s", key: "k" });
  for (let id = 1; id <= strangerLinesBurst + 2; id += 1) say({ type: "message", id, text: `line ${id}` });
  expect(textsOf(hub)).toHaveLength(strangerLinesBurst);
  expect(stranger.received.split('"type":"slowed"')).toHaveLength(2);
  expect(stranger.received).not.toContain("duet: you send");
  say({ type: "ping", number: 7 });
  expect(stranger.received).toContain('"type":"pong","number":7');
  say({ type: "renamed", number: 2, name: "mallory" });
  expect(hub.memberNames()).toEqual(["eve"]);
  world.pass(2 * turnMs);
  expect([textsOf(hub).length, hub.memberNames()]).toEqual([strangerLinesBurst + 2, ["eve"]]);
  world.pass(turnMs);
  expect(hub.memberNames()).toEqual(["mallory"]);
});

test("a client that a remote host throttles shows the reason", () => {
  const world = new World();
  world.hub();
  const ann = world.member("ann");
  ann.onEvent("tcp", {
    type: "received",
    connection: ann.peer().link.connection,
    bytes: Buffer.from(`${encodeFrame({ type: "slowed", reason: "too\u001b[31m fast" })}\n`),
  });
  expect(ann.notices().at(-1)).toMatch(/^hub throttles us: too.*fast$/);
  expect(ann.notices().at(-1)).not.toContain("\u001b");
});

test("each line of a stranger is traced to its own bytes, also a last one without a newline", () => {
  const { world, hub, stranger } = hubWithStranger();
  const lines = [...numbered(strangerLinesBurst + 2), "without a newline"];
  stranger.send(lines.join("\n"));
  world.pass(turnMs);
  stranger.fin();
  world.pass(turnMs * lines.length);
  const { scrollback } = hub.chat.sides.tcp.conversation;
  const spans = Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index)).flatMap(
    (entry) => {
      const [range] = entry?.kind === "message" ? (entry.spans?.list ?? []) : [];
      return range === undefined ? [] : [lines.join("\n").slice(range.start, range.end).trimEnd()];
    },
  );
  expect(spans).toEqual(lines);
});

test("two strangers whose turns come at the same moment receive each other's lines, and never their own", () => {
  const { world, hub, stranger: one } = hubWithStranger("tcp");
  const other = world.program().connect(at("10.1.2.4", 4001));
  for (const program of [one, other]) program.send("hello\n");
  const count = strangerLinesBurst + 3;
  for (const [program, name] of [
    [one, "one"],
    [other, "other"],
  ] as const)
    program.send(Array.from({ length: count }, (_, index) => `${name} ${index}\n`).join(""));
  world.pass(5000);
  expect(hub.receivedLines()).toHaveLength(2 * (1 + count));
  const countLines = (program: Program, name: string) => program.received.split(`> ${name} `).length - 1;
  expect([countLines(one, "one"), countLines(other, "other")]).toEqual([0, 0]);
  expect([countLines(one, "other"), countLines(other, "one")]).toEqual([count, count]);
});
