/** Notices, errors and changes of state that peers cause at will are limited in rate, whatever they do. */

import { expect, test } from "bun:test";
import { encodeFrame, parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import { lineMaxBytes, malformedFramesMax, peerNoticesBurst } from "../../src/protocol/limits.ts";
import { type Duet, home, World } from "../support/chat-world.ts";
import { type IpEndpoint, loopback } from "../support/fake-network.ts";

const hello = (name: string): string =>
  encodeFrame({ type: "hello", name, session: `s-${name}`, key: "k", delivery: 1 }, undefined, 1200);

/** Greets over UDP and proves the address, as a duet does. Returns a function that sends a frame with the key. */
function greetOverUdp(world: World, name: string, from: IpEndpoint) {
  const program = world.program("udp").connect(from).send(hello(name));
  const answer = parseFrame(program.datagrams[0] ?? "");
  const key = answer.kind === "frame" && answer.frame.type === "hello" ? answer.frame.key : "";
  program.send(encodeFrame({ type: "ping", number: 1 }, key));
  return { program, key };
}

function leaveOverUdp(world: World, number: number): void {
  const { program, key } = greetOverUdp(world, `d${number}`, loopback(20_000 + number));
  program.send(encodeFrame({ type: "goodbye", reason: "left" }, key));
  world.pass(1);
}

/** What a peer does, again and again. */
const acts: Readonly<Record<string, (world: World, hub: Duet, number: number) => void>> = {
  "connecting, sending and half-closing": (world) => void world.program().connect().send("x\n").fin(),
  "connecting and resetting": (world) => void world.program().connect().send("x\n").close("reset"),
  "joining and leaving over UDP": (world, _hub, number) => leaveOverUdp(world, number),
  "a datagram from a port that is closed": (world, _hub, number) =>
    world.run(() => void world.network.datagram(loopback(20_000 + number), home, Buffer.from(hello("x")))),
  "a datagram from an address that cannot be answered": (world, hub, number) => {
    world
      .program("udp")
      .connect(loopback(20_000 + number))
      .send(hello("x"));
    const connection = [...hub.chat.sides.udp.peers.keys()].at(-1)!;
    const error = { code: "EACCES", call: "sendto", target: "255.255.255.255:9", transport: "udp" } as const;
    hub.onEvent("udp", { type: "send-failed", connection, error, bytes: 9 });
  },
  "a line that is too long": (world) =>
    void world
      .program()
      .connect()
      .send(`${"x".repeat(lineMaxBytes + 1)}\n`.repeat(2)),
  "malformed frames": (world, _hub, number) =>
    void world
      .program()
      .connect()
      .send(`${encodeFrame({ type: "hello", name: `m${number}`, session: `${number}`, key: "k" })}\n`)
      .send('duet/1 {"type":"message"}\n'.repeat(malformedFramesMax + 1)),
  "empty datagrams": (world, _hub, number) =>
    void world
      .program("udp")
      .connect(loopback(20_000 + number))
      .send(""),
  "an unfinished hello": (world, _hub, number) =>
    void world
      .program()
      .connect(loopback(20_000 + number))
      .send("duet/1 {"),
  "new names": (world, hub, number) => {
    if (hub.chat.room.members.size === 0)
      world
        .program()
        .connect()
        .send(`${encodeFrame({ type: "hello", name: "n", session: "n", key: "k" })}\n`);
    const { connection } = hub.peer().link;
    const renamed = `${encodeFrame({ type: "renamed", name: `n${number}` })}\n`;
    hub.onEvent("tcp", { type: "received", connection, bytes: Buffer.from(renamed) });
  },
};

const times = 4 * peerNoticesBurst;

/** Rows of a screen that are no messages. */
function countRows(hub: Duet): number {
  return hub.allLines().filter((line) => !line.startsWith("<")).length;
}

function countOutputs(hub: Duet): number {
  return hub.outputs.filter(({ type }) => type === "notice" || type === "error").length;
}

for (const headless of [false, true]) {
  test.each(Object.keys(acts))(`${headless ? "without" : "with"} a screen, %s ${times} times`, (name) => {
    const world = new World();
    const hub = world.hub({ headless });
    hub.open({ role: "listen", target: { kind: "ip", host: "127.0.0.1", port: 8080 } }, "udp");
    const [rows, outputs] = [countRows(hub), countOutputs(hub)];
    for (let number = 0; number < times; number += 1) acts[name]!(world, hub, number);
    // Rows that grow, of joins and leaves, are one or two; the rate is that of the room.
    expect(countRows(hub) - rows).toBeLessThanOrEqual(peerNoticesBurst + 4);
    if (headless) expect(countOutputs(hub) - outputs).toBeLessThanOrEqual(peerNoticesBurst + 4);
  });
}
