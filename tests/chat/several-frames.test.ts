/** Several frames in one datagram: between duets of this release, with older ones, and from peers that misuse it. */

import { describe, expect, test } from "bun:test";
import { encodeFrame, numberLine } from "../../src/protocol/frames/frame-codec.ts";
import { datagramFramesMax, datagramFramesMaxBytes } from "../../src/protocol/limits.ts";
import { type Duet, home, World } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";
import { RoughNetwork } from "../support/rough-network.ts";
import { udpPort } from "../support/rough-room.ts";
import { seeded } from "../support/seeded.ts";

type Age = "old" | "new";

/** A hub and bob; what an old one sends has no `frames`, as of a release that reads one frame of a datagram. */
function openRoom(hubAge: Age, bobAge: Age, loss = 0) {
  const world = new World();
  const network = new RoughNetwork(world, seeded(7), { loss: 0, duplicated: 0, delayMs: 10, jitterMs: 0 });
  const carry = world.network.forward!;
  const datagrams: { readonly from: number; readonly text: string }[] = [];
  world.network.forward = (from, to, bytes) => {
    const text = Buffer.from(bytes).toString();
    const age = from.port === home.port ? hubAge : bobAge;
    datagrams.push({ from: from.port, text });
    carry(from, to, age === "new" ? bytes : Buffer.from(text.replace(`,"frames":${datagramFramesMax}`, "")));
  };
  const hub = world.hub({}, "udp");
  const bob = world.member("bob", "udp");
  for (const duet of [hub, bob]) duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  network.roughness = { ...network.roughness, loss };
  const countFrames = (from: "hub" | "bob"): readonly number[] =>
    datagrams
      .filter((one) => (one.from === home.port) === (from === "hub"))
      .map(({ text }) => text.split("\nduet/1 {").length);
  return { world, hub, bob, datagrams, countFrames };
}

function sayMany(duet: Duet, name: string): readonly string[] {
  const lines = Array.from({ length: 200 }, (_, number) => `${name} ${number} ${"长".repeat(number % 40)}`);
  for (const line of lines) duet.say(line);
  return lines;
}

const pairs: [Age, Age][] = [
  ["new", "new"],
  ["old", "new"],
  ["new", "old"],
  ["old", "old"],
];

describe.each([0, 0.2])("at a loss of %d", (loss) => {
  test.each(pairs)("lines arrive between a hub that is %s and a member that is %s", (hubAge, bobAge) => {
    const { world, hub, bob, countFrames } = openRoom(hubAge, bobAge, loss);
    const fromBob = sayMany(bob, "b");
    const fromHub = sayMany(hub, "h");
    world.pass(60_000);
    expect(hub.receivedLines()).toEqual(fromBob.map((line) => `<bob> ${line}`));
    expect(bob.receivedLines()).toEqual(fromHub.map((line) => `<${bob.peer().identity.name}> ${line}`));
    // What an old one receives is as before.
    expect(Math.max(...countFrames("hub")) > 1).toBe(bobAge === "new");
    expect(Math.max(...countFrames("bob")) > 1).toBe(hubAge === "new");
  });
});

test(`datagrams of several frames have at most ${datagramFramesMaxBytes} bytes, and a key each`, () => {
  const { world, bob, datagrams } = openRoom("new", "new");
  sayMany(bob, "b");
  world.pass(5000);
  const several = datagrams.filter(({ text }) => text.includes("\nduet/1 {"));
  expect(several.length).toBeGreaterThan(5);
  for (const { text } of several) {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(datagramFramesMaxBytes);
    expect(text.split('"k":')).toHaveLength(2);
  }
});

test("one acknowledgement covers the frames of a datagram", () => {
  const { world, bob, datagrams } = openRoom("new", "new");
  sayMany(bob, "b");
  world.pass(5000);
  const acks = datagrams.filter(({ from, text }) => from === home.port && text.includes('"type":"ack"'));
  expect(acks.length).toBeLessThan(200 / 4);
});

describe("a datagram with several frames", () => {
  function joined() {
    const world = new World();
    const hub = world.hub({}, "udp");
    const bob = world.member("bob", "udp");
    for (const duet of [hub, bob]) duet.dispatch({ type: "switched", to: "udp" });
    bob.say("first");
    world.pass(1000);
    const key = bob.peer().handshake.theirKey ?? "";
    const next = (bob.peer().outbound.delivery?.sender.lastEnqueued ?? 0) + 1;
    const message = (place: number, frameKey?: string): string =>
      numberLine(encodeFrame({ type: "message", id: 900 + place, text: `${place}` }, frameKey), {
        number: next + place,
        transmission: 1,
      });
    const send = (lines: readonly string[], port = udpPort(bob)!): void =>
      world.run(() => void world.network.datagram(loopback(port), home, Buffer.from(lines.join("\n"))));
    return { world, hub, key, message, send };
  }

  test("counts only with our key in the first one", () => {
    const { hub, key, message, send } = joined();
    send([message(0, "x".repeat(16)), message(1, key)]);
    expect(hub.chat.sides.udp.counters.forged).toBe(1);
    send([message(0, key), message(1)]);
    expect(hub.receivedLines()).toEqual(["<bob> first", "<bob> 0", "<bob> 1"]);
  });

  test(`is read up to ${datagramFramesMax} frames`, () => {
    const { hub, key, message, send } = joined();
    const count = datagramFramesMax + 1;
    send(Array.from({ length: count }, (_, place) => message(place, place === 0 ? key : undefined)));
    expect(hub.receivedLines()).toHaveLength(1 + datagramFramesMax);
  });

  test("may have a malformed and an unknown one, and a hello in it is ignored", () => {
    const { world, hub, key, message, send } = joined();
    const before = world.network.datagrams.length;
    send([
      message(0, key),
      "duet/1 {}",
      'duet/1 {"type":"news"}',
      encodeFrame({ type: "hello", name: "eve", session: "e".repeat(24), key: "e".repeat(16) }),
      message(1),
    ]);
    expect(hub.receivedLines()).toEqual(["<bob> first", "<bob> 0", "<bob> 1"]);
    expect([hub.peer().inbound.malformedFrames, hub.memberNames()]).toEqual([1, ["bob"]]);
    expect(world.network.datagrams.slice(before).join()).not.toContain("hello");
  });

  test("is no text of an unknown endpoint", () => {
    const { hub, key, message, send } = joined();
    send([message(0, key), message(1)], 4242);
    expect(hub.receivedLines()).toEqual(["<bob> first"]);
    expect(hub.chat.sides.udp.counters.forged).toBe(1);
  });

  test("ends with a goodbye, which is acknowledged again if it is repeated", () => {
    const { world, hub, key, message, send } = joined();
    const goodbye = numberLine(encodeFrame({ type: "goodbye", reason: "left" }), {
      number: Number(/"n":(\d+)/.exec(message(1))?.[1]),
      transmission: 1,
    });
    const before = world.network.datagrams.length;
    send([message(0, key), goodbye]);
    expect(hub.receivedLines()).toEqual(["<bob> first", "<bob> 0"]);
    expect(hub.memberNames()).toEqual([]);
    send([message(0, key), goodbye]);
    const acks = world.network.datagrams
      .slice(before)
      .map(({ bytes }) => Buffer.from(bytes).toString())
      .filter((text) => text.includes('"ack"'));
    expect(acks).toHaveLength(2);
    expect(hub.receivedLines()).toEqual(["<bob> first", "<bob> 0"]);
  });
});
