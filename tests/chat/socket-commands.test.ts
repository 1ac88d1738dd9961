/** The socket commands /rst, /send-hex, /partial and /buffer, and their answers over UDP. */

import { expect, test } from "bun:test";
import { hexMaxBytes, receiveBufferMaxBytes } from "../../src/protocol/limits.ts";
import { type Duet, World } from "../support/chat-world.ts";

function room(): { readonly world: World; readonly hub: Duet } {
  const world = new World();
  return { world, hub: world.hub() };
}

/** A raw peer, recognized by its line. */
function connectRawPeer(world: World) {
  const program = world.program().connect();
  program.send("hi\n");
  return program;
}

test("/rst resets the connection with a reason", () => {
  const { world, hub } = room();
  const program = connectRawPeer(world);
  hub.command("/rst");
  expect(program.eventTypes.at(-1)).toBe("disconnected");
  expect(hub.sent).toContainEqual(
    expect.objectContaining({ type: "close", how: "reset", connection: expect.any(Number) }),
  );
  expect(hub.lines().at(-1)).toContain("reset here (RST)");
});

test("/send-hex sends exactly its bytes, whatever separates the digits", () => {
  for (const hex of ["68 69 0a", "0x68,0x69,0x0A", "68690a", "68:69:0a", String.raw`\x68\x69\x0a`]) {
    const { world, hub } = room();
    const program = connectRawPeer(world);
    hub.command(`/send-hex ${hex}`);
    expect([hex, program.received]).toEqual([hex, "hi\n"]);
  }
});

test(`/send-hex accepts at most ${hexMaxBytes} bytes`, () => {
  const { world, hub } = room();
  const program = connectRawPeer(world);
  hub.command(`/send-hex ${"61".repeat(hexMaxBytes)}`);
  expect(program.received.length).toBe(hexMaxBytes);
  hub.command(`/send-hex ${"61".repeat(hexMaxBytes + 1)}`);
  expect(program.received.length).toBe(hexMaxBytes);
  expect(hub.errors().at(-1)).toContain("at most 16384 bytes");
});

test("an invalid argument is returned with what is wrong with it", () => {
  const { world, hub } = room();
  connectRawPeer(world);
  for (const [line, message] of [
    ["/send-hex", "needs bytes"],
    ["/send-hex 6", "two hex digits"],
    ["/send-hex 6g", "g is not a hex digit"],
    ["/send-hex \u0007", "␇ is not a hex digit"],
    ["/partial", "needs text"],
    ["/buffer", "takes 1 to"],
    ["/buffer 0", "takes 1 to"],
    ["/buffer 1.5", "takes 1 to"],
    [`/buffer ${receiveBufferMaxBytes + 1}`, "takes 1 to"],
    ["/buffer off", "is being read already"],
    ["/buffer 4096 nobody", "nobody is called nobody"],
  ] as const) {
    hub.command(line);
    expect(hub.errors().at(-1)).toContain(message);
    expect(hub.returnedLines.at(-1)).toBe(line);
  }
});

test("/partial leaves the line open, and the next line ends it", () => {
  const { world, hub } = room();
  const program = connectRawPeer(world);
  hub.command("/partial par");
  expect(program.received).toBe("par");
  hub.say("tial");
  expect(program.received).toBe("partial\n");
  expect(hub.lines().slice(-2)).toEqual(["<hub> par", "<hub> tial"]);
});

test("/partial keeps the blanks that were written, after the one that ends its name", () => {
  const { world, hub } = room();
  const program = connectRawPeer(world);
  hub.command("/partial   login: ");
  hub.command("/partial  ");
  hub.command("/partial \t");
  expect(program.received).toBe("  login:  \t");
});

test("/partial is sent to the addressee of a private line alone", () => {
  const { world, hub } = room();
  const [one, other] = [connectRawPeer(world), connectRawPeer(world)];
  one.received = "";
  hub.command(`/to 127.0.0.1:${one.local.port}`);
  hub.command("/partial for you");
  expect([one.received, other.received.includes("for you")]).toEqual(["for you", false]);
});

test("a duet receives no bare bytes, which it would take for broken frames", () => {
  const { world, hub } = room();
  const bob = world.member("bob");
  world.pass(1000);
  for (const line of ["/send-hex 61", "/partial x"]) {
    hub.command(line);
    expect(hub.errors().at(-1)).toContain("bob is a duet and takes frames");
  }
  expect(bob.receivedLines()).toEqual([]);
});

test("/buffer pauses one peer until it is off, and pings do not disconnect a duet meanwhile", () => {
  const { world, hub } = room();
  world.member("bob");
  world.pass(1000);
  const {
    link: { connection },
  } = hub.peer();
  hub.command(`/buffer ${receiveBufferMaxBytes} bob`);
  const held = {
    type: "limit-receive-buffer",
    transport: "tcp",
    connection,
    bytes: receiveBufferMaxBytes,
  } as const;
  expect(hub.sent).toContainEqual(held);
  hub.peer().liveness.lastReceivedMs = 0;
  hub.peer().liveness.pingsUnanswered = 3;
  world.pass(60_000);
  expect(hub.peer().link.endReason).toBeUndefined();
  hub.command("/buffer off");
  expect(hub.sent).toContainEqual({
    type: "limit-receive-buffer",
    transport: "tcp",
    connection,
    bytes: undefined,
  });
  expect([...hub.peer().inbound.pausedBy]).toEqual([]);
});

test("over UDP each command explains what UDP has instead, and hex is sent as one datagram", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  hub.command("/udp");
  const program = world.program("udp").connect();
  program.send("hi");
  for (const [line, message] of [
    ["/rst", "UDP has no connection to reset"],
    ["/partial x", "has no newline"],
    ["/buffer 4096", "UDP grants no window"],
  ] as const) {
    hub.command(line);
    expect(hub.errors().at(-1)).toContain(message);
  }
  hub.command("/send-hex 00 ff 0a");
  expect(program.datagrams.at(-1)).toBe("\0\ufffd\n");
});

test("/buffer among several peers asks for one, and takes its name", () => {
  const { world, hub } = room();
  world.member("bob");
  world.member("carl");
  world.pass(1000);
  hub.command("/buffer 4096");
  expect(hub.errors().at(-1)).toContain("which one? Several are here");
  const refused = hub.outputs.findLast((output) => output.type === "error");
  expect(refused?.hint).toStartWith("usage: /buffer SIZE|off [PEER]");
  hub.command("/buffer 4096 carl");
  expect(hub.lines().at(-1)).toContain("nothing is read from carl now");
});
