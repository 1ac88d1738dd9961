/** Input that a program pipes in reaches no UDP endpoint that may be forged with more bytes than came from there. */

import { expect, test } from "bun:test";
import { encodeFrame, parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import { parseCidr } from "../../src/protocol/address/cidr.ts";
import type { Config } from "../../src/chat/config/config.ts";
import { type Program, World } from "../support/chat-world.ts";
import type { IpEndpoint } from "../support/fake-network.ts";

const far: IpEndpoint = { family: "IPv4", address: "192.0.2.9", port: 4000 };
const lines = Array.from({ length: 1000 }, (_, index) => `line ${index} ${"x".repeat(500)}`);
const piped = { headless: true, isInputTyped: false };

function openHub(over: Partial<Config> = piped) {
  const world = new World();
  return { world, hub: world.hub(over, "udp") };
}

const bytesOf = (program: Program): number => Buffer.byteLength(program.received);

for (const raw of [false, true]) {
  test(`one byte of an unproven source draws one byte at most${raw ? ", with --raw" : ""}`, () => {
    const { world, hub } = openHub({ ...piped, raw });
    if (raw) hub.pipe(lines.join("\n"));
    else hub.sayAll(lines);
    const program = world.program("udp").connect(far).send("x");
    world.pass(60_000);
    expect(bytesOf(program)).toBeLessThanOrEqual(1);
    expect(hub.chat.sides.udp.peers.size).toBe(1);
  });
}

test("it gets as many lines as it has sent bytes for, in order, and the others wait", () => {
  const { world, hub } = openHub();
  hub.sayAll(lines.slice(0, 20));
  const program = world.program("udp").connect(far);
  let sent = 0;
  for (let round = 0; round < 40; round += 1) {
    program.send("y".repeat(300));
    sent += 300;
    expect(bytesOf(program)).toBeLessThanOrEqual(sent);
    world.pass(1000);
  }
  expect(program.datagrams).toEqual(lines.slice(0, 20));
});

test("nothing is lost: the input waits, and a duet that has proven its address receives all of it", () => {
  const { world, hub } = openHub();
  hub.sayAll(lines);
  world.program("udp").connect(far).send("x");
  world.pass(1000);
  expect(hub.chat.input.waitingLines).toBe(lines.length);
  const duet = world.program("udp").connect({ ...far, port: 5000 });
  duet.send(encodeFrame({ type: "hello", name: "d", session: "s", key: "k" }, undefined, 1200));
  const answer = parseFrame(duet.datagrams[0] ?? "");
  const key = answer.kind === "frame" && answer.frame.type === "hello" ? answer.frame.key : "";
  duet.send(encodeFrame({ type: "ping", number: 1 }, key));
  world.pass(1000);
  const texts = duet.datagrams.flatMap((datagram) => {
    const parsed = parseFrame(datagram);
    return parsed.kind === "frame" && parsed.frame.type === "message" ? [parsed.frame.text] : [];
  });
  expect(texts).toEqual(lines);
  expect(hub.chat.input.waitingLines).toBe(0);
});

test("a source that nobody trusts holds up nobody else", () => {
  const { world, hub } = openHub();
  world.program("udp").connect(far).send("x");
  const here = world.program("udp").connect().send("x");
  hub.sayAll(lines);
  expect(here.datagrams.filter((text) => text.startsWith("line"))).toEqual(lines);
});

test("this machine, ranges of --allow, TCP, a target that was named and a person who types are not limited", () => {
  for (const [over, from] of [
    [{}, undefined],
    [{ allow: [parseCidr("192.0.2.0/24")!] }, far],
    [{ isInputTyped: true }, far],
    [{ headless: false, isInputTyped: true }, far],
  ] as const) {
    const { world, hub } = openHub({ ...piped, ...over });
    hub.command("/udp");
    const program = world.program("udp").connect(from).send("x");
    hub.sayAll(lines.slice(0, 50));
    expect([over, program.datagrams]).toEqual([over, lines.slice(0, 50)]);
  }
  const world = new World();
  const hub = world.hub(piped);
  const overTcp = world.program().connect(far).send("x\n");
  hub.sayAll(lines);
  expect(overTcp.received).toEndWith(`${lines.join("\n")}\n`);
  const there = new World();
  const server = there.program("udp").listen(far);
  const client = there.duet(piped);
  client.open({ role: "connect", target: { kind: "ip", host: far.address, port: far.port } }, "udp");
  client.sayAll(lines);
  expect(server.datagrams).toEqual(lines);
});

test("the limit is explained once for each source, with the way to lift it", () => {
  const { world, hub } = openHub();
  const program = world.program("udp").connect(far).send("x").send("y");
  world.program("udp").connect().send("x");
  expect(program.datagrams).toEqual([]);
  expect(hub.notices().filter((text) => text.includes("forged"))).toEqual([
    "192.0.2.9:4000 may be forged, as any UDP address may: standard input reaches it only as far as it has sent as many bytes; --allow 192.0.2.9 lifts that",
  ]);
});
