/**
 * Delivery over UDP in whole chats: loss, duplicates and reordering, the notices about them, and forged
 * frames.
 */

import { expect, test } from "bun:test";
import type { MessageEntry } from "../../src/chat/log/entry.ts";
import { selectScreen } from "../../src/chat/screen/select-screen.ts";
import { DeliverySender } from "../../src/protocol/delivery/sender.ts";
import {
  ackDelayMs,
  deliveryFlushMs,
  outOfOrderMaxBytes,
  goodbyesMax,
  outQueueMaxBytes,
  partsMax,
  strangerWaitingMaxBytes,
} from "../../src/protocol/limits.ts";
import { RoundTrip } from "../../src/protocol/delivery/round-trip.ts";
import { type Duet, home, World } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";
import { RoughNetwork } from "../support/rough-network.ts";
import { roomWithBob } from "../support/rough-room.ts";
import { seeded } from "../support/seeded.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { numberLine } from "../../src/protocol/frames/frame-codec.ts";
import { parseFrame } from "../../src/protocol/frames/frame-codec.ts";
import { english } from "../support/words.ts";

function entryOf(duet: Duet, text: string): MessageEntry | undefined {
  const { scrollback } = duet.chat.sides.udp.conversation;
  for (let index = 0; index < scrollback.length; index += 1) {
    const entry = scrollback.at(index);
    if (entry?.kind === "message" && entry.text === text) return entry;
  }
  return undefined;
}

function noteOf(duet: Duet, text: string): string | undefined {
  const note = entryOf(duet, text)?.note;
  return note && english.word(note);
}

/** Datagrams without a valid key that this duet counted. */
function countForged(duet: Duet): number {
  return duet.chat.sides.udp.counters.forged;
}

test("at 30 % loss each way, with duplicates and reordering, every line is delivered once, in order and whole", () => {
  const { world, network, hub, bob } = roomWithBob();
  network.roughness = { loss: 0.3, duplicated: 0.5, delayMs: 10, jitterMs: 50 };
  const lines = Array.from(
    { length: 300 },
    (_, number) => `${number} ${number % 50 === 0 ? "长".repeat(5000) : ""}`,
  );
  for (const line of lines) bob.say(line);
  world.pass(60_000);
  expect(hub.receivedLines()).toEqual(lines.map((line) => `<bob> ${line}`));
  const link = selectScreen(hub.chat).peers[0]?.link;
  expect(link?.received).toBeGreaterThan(300);
  for (const count of [link?.lost, link?.duplicates, link?.reordered]) expect(count).toBeGreaterThan(50);
  expect(selectScreen(bob.chat).peers[0]?.link?.retransmitted).toBeGreaterThan(50);
  expect(countForged(hub)).toBe(0);
});

test("the reported loss is the loss of the network", () => {
  const { world, network, hub, bob } = roomWithBob();
  network.roughness = { loss: 0.2, duplicated: 0, delayMs: 10, jitterMs: 0 };
  for (let count = 0; count < 3000; count += 1) bob.say(`line ${count}`);
  world.pass(120_000);
  const { loss } = selectScreen(hub.chat).tabs.udp;
  expect(loss).toBeGreaterThan(0.17);
  expect(loss).toBeLessThan(0.23);
  hub.command("/stats");
  hub.dispatch({ type: "kernel-looked", purpose: "command", seen: [] });
  const statistics = hub.notices().slice(-3);
  expect(statistics[0]).toMatch(/^  .* in, .* out, round trip \d+ ms ± /);
  expect(statistics[1]).toMatch(
    /^  received 3,0\d\d frames, \d+ lost \((1[7-9]|2[0-3]) %\), \d+ doubled, 0 reordered$/,
  );
  expect(statistics[2]).toMatch(/^  sent \d+ frames?, \d+ sent again$/);
});

test("the round trip excludes the delay of acknowledgements", () => {
  const { world, hub, bob } = roomWithBob();
  for (let count = 0; count < 20; count += 1) {
    bob.say(`line ${count}`);
    world.pass(200);
  }
  expect(selectScreen(bob.chat).peers[0]?.roundTripMs).toBeCloseTo(20, 0);
  expect(selectScreen(hub.chat).peers[0]?.roundTripMs).toBeCloseTo(20, 0);
});

test("a line that is never acknowledged is reported as not delivered, and its peer as silent", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  network.setCut(port, true);
  bob.say("into the void");
  world.pass(30_000);
  expect(noteOf(bob, "into the void")).toBe("not delivered: no answer");
  expect(bob.outputs.filter(({ type }) => type === "receipt")).toMatchObject([
    { stage: "sent" },
    { stage: "undelivered" },
  ]);
  network.setCut(port, false);
  bob.say("here again");
  world.pass(2000);
  expect(hub.receivedLines()).toEqual([]);
  expect(bob.notices().concat(hub.notices()).join()).toContain("answered none of 3 pings");
});

test("lines after a skipped gap are delivered at once, and the gap is reported", () => {
  const { world, network, hub, bob } = roomWithBob();
  let isOver = false;
  const forward = world.network.forward!;
  // Only this one line is lost, at each transmission.
  world.network.forward = (from, to, bytes) => {
    if (isOver || !Buffer.from(bytes).toString().includes("never")) forward(from, to, bytes);
  };
  bob.say("never");
  bob.say("after it");
  world.pass(2000);
  expect(hub.notices()).toContain("1 datagram from bob is missing: later ones wait");
  expect(hub.receivedLines()).toEqual([]);
  world.pass(30_000);
  expect(hub.receivedLines()).toEqual(["<bob> after it"]);
  expect(hub.notices()).toContain("1 datagram from bob was lost");
  isOver = true;
  world.pass(1000);
  expect(noteOf(bob, "never")).toBe("not delivered: no answer");
  const receipts = bob.outputs.flatMap((output) => (output.type === "receipt" ? [output.stage] : []));
  expect(receipts).toEqual(["sent", "sent", "undelivered", "received"]);
  expect(network.lost).toBe(0);
});

test("a datagram that could not be sent is subtracted from the enqueued bytes", () => {
  const { world, bob } = roomWithBob();
  const { network } = world;
  const sendUdp = network.sendUdp.bind(network);
  const failing: typeof network.sendUdp = (connection, { length: bytes }) => {
    const error = {
      code: "ENETUNREACH",
      call: "sendto",
      target: "127.0.0.1:8080",
      transport: "udp",
    } as const;
    bob.onEvent("udp", { type: "send-failed", connection, error, bytes });
    return "closed";
  };
  network.sendUdp = failing;
  bob.say("into the void");
  network.sendUdp = sendUdp;
  world.pass(5000);
  const counted = () => [bob.peer().outbound.enqueuedAlone, bob.peer().outbound.bytesOut] as const;
  expect(counted()[0]).toBe(counted()[1]);
  // Only the first of several datagrams that are sent together fails.
  network.sendUdp = (...datagram) => {
    network.sendUdp = sendUdp;
    return failing(...datagram);
  };
  bob.say("x".repeat(3000));
  expect(counted()[0]).toBe(counted()[1]);
});

test("leaving waits until the sent lines arrived, and a lost goodbye is retransmitted", () => {
  const { world, network, hub, bob } = roomWithBob();
  network.roughness = { loss: 0.3, duplicated: 0, delayMs: 10, jitterMs: 0 };
  for (let count = 0; count < 10; count += 1) bob.say(`line ${count}`);
  bob.quit();
  expect(bob.exitCode).toBeUndefined();
  world.pass(deliveryFlushMs);
  expect(bob.exitCode).toBe(0);
  expect(hub.receivedLines()).toHaveLength(10);
  expect(hub.memberNames()).toEqual([]);
  expect(hub.notices().at(-1)).toBe("bob left");
  expect(countForged(hub)).toBe(0);
});

test("leaving a peer that does not answer waits deliveryFlushMs and no longer", () => {
  const { world, network, bob, port } = roomWithBob();
  network.setCut(port, true);
  bob.say("hello?");
  bob.quit();
  world.pass(deliveryFlushMs - 1);
  expect(bob.exitCode).toBeUndefined();
  world.pass(1);
  expect(bob.exitCode).toBe(0);
  expect(noteOf(bob, "hello?")).toContain("not delivered");
});

test("a line whose receipt arrived is delivered, though the peer leaves before its acknowledgement", () => {
  const { world, hub, bob } = roomWithBob();
  bob.say("hello");
  world.pass(ackDelayMs);
  expect(entryOf(bob, "hello")?.receipt?.stage).toBe("received");
  hub.quit();
  world.pass(deliveryFlushMs);
  expect(hub.exitCode).toBe(0);
  expect(noteOf(bob, "hello")).toBeUndefined();
});

test("a retransmitted goodbye is acknowledged again, with no more bytes than it has", () => {
  const { world, hub, bob, port } = roomWithBob();
  const forward = world.network.forward!;
  const sizes: [came: number, left: number][] = [];
  let goodbyeBytes = 0;
  world.network.forward = (from, to, bytes) => {
    const text = Buffer.from(bytes).toString();
    if (text.includes("goodbye")) goodbyeBytes = bytes.length;
    const isAck = from.port === home.port && goodbyeBytes > 0;
    if (isAck) sizes.push([goodbyeBytes, bytes.length]);
    if (!isAck || sizes.length > 2) forward(from, to, bytes);
  };
  bob.quit();
  world.pass(deliveryFlushMs - 1);
  expect(bob.exitCode).toBe(0);
  expect(sizes).toHaveLength(3);
  for (const [received, left] of sizes) expect(left).toBeLessThanOrEqual(received);
  expect([countForged(hub), hub.chat.peers.size, port > 0]).toEqual([0, 0, true]);
});

test(`at most ${goodbyesMax} goodbyes are remembered`, () => {
  const { world, hub } = roomWithBob();
  for (let count = 0; count <= goodbyesMax; count += 1) {
    const member = world.member(`m${count}`, "udp");
    world.pass(500);
    member.quit();
    world.pass(500);
  }
  expect(hub.chat.sides.udp.receivedGoodbyes.size).toBe(goodbyesMax);
});

test("a peer that acknowledges nothing is disconnected when its queue is full, and its queue stays bounded", () => {
  const { world, network, hub, port } = roomWithBob();
  const eve = world.member("eve", "udp");
  world.pass(1000);
  network.setCut(port, true);
  const text = "x".repeat(60_000);
  let most = 0;
  for (let count = 0; count < 20; count += 1) {
    eve.say(text);
    world.pass(200);
    for (const {
      outbound: { delivery },
    } of hub.chat.peers.values())
      most = Math.max(most, delivery?.sender.units ?? 0);
  }
  expect(hub.memberNames()).toEqual(["eve"]);
  expect(hub.notices().join()).toContain("bob left: acknowledges too slowly: the send queue is full");
  expect(most).toBeLessThanOrEqual(outQueueMaxBytes + partsMax * 1200);
  world.pass(10_000);
  expect(hub.chat.deliveryUnits).toBe(0);
  expect(hub.receivedLines()).toHaveLength(20);
});

test("typed lines wait in order for a peer that acknowledges nothing, and are delivered when it does", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  network.setCut(port, true);
  const lines = Array.from({ length: 400 }, (_, number) => `${number} ${"x".repeat(1000)}`);
  for (const line of lines) bob.say(line);
  expect(bob.chat.input.waitingLines).toBeGreaterThan(200);
  world.pass(5000);
  network.setCut(port, false);
  world.pass(30_000);
  expect(bob.chat.input.waitingLines).toBe(0);
  expect(hub.receivedLines()).toEqual(lines.map((line) => `<bob> ${line}`));
});

test("a replayed datagram of a duet shows nothing and causes few acknowledgements", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  let line: Uint8Array | undefined;
  const forward = world.network.forward!;
  world.network.forward = (from, to, bytes) => {
    if (Buffer.from(bytes).toString().includes("once")) line = bytes;
    forward(from, to, bytes);
  };
  bob.say("once");
  world.pass(1000);
  const before = network.sent;
  for (let count = 0; count < 10_000; count += 1)
    world.run(() => void world.network.datagram(loopback(port), home, line!));
  world.pass(1000);
  expect(hub.receivedLines()).toEqual(["<bob> once"]);
  expect(network.sent - before).toBeLessThanOrEqual(1000 / ackDelayMs);
  expect(selectScreen(hub.chat).peers[0]?.link?.duplicates).toBe(10_000);
});

test("numbers, acknowledgements and skips without the key change nothing", () => {
  const { world, hub, bob, port } = roomWithBob();
  for (const text of [
    numberLine(encodeFrame({ type: "message", id: 1, text: "forged" }, "x".repeat(16)), {
      number: 1,
      transmission: 1,
    }),
    encodeFrame({ type: "ack", upTo: 1000, delayMs: 0 }, "x".repeat(16)),
    encodeFrame({ type: "skip", upTo: 1000 }, "x".repeat(16)),
  ])
    world.run(() => void world.network.datagram(loopback(port), home, Buffer.from(text)));
  bob.say("still me");
  world.pass(1000);
  expect(hub.receivedLines()).toEqual(["<bob> still me"]);
  expect(countForged(hub)).toBe(3);
});

test("a duet without delivery receives frames without numbers", () => {
  const world = new World();
  const hub = world.hub({}, "udp");
  const old = world.program("udp").connect();
  const key = "k".repeat(16);
  old.send(encodeFrame({ type: "hello", name: "old", session: "s".repeat(24), key }, undefined, 1200));
  const answer = parseFrame(old.datagrams[0] ?? "");
  const ours = answer.kind === "frame" && answer.frame.type === "hello" ? answer.frame.key : "";
  old.send(encodeFrame({ type: "message", id: 1, text: "hello" }, ours));
  hub.dispatch({ type: "switched", to: "udp" });
  hub.say("hello old one");
  world.pass(5000);
  expect(hub.receivedLines()).toEqual(["<old> hello"]);
  expect(old.datagrams.filter((line) => line.includes("hello old one"))).toHaveLength(1);
  expect(old.datagrams.filter((line) => line.includes('"n":') || line.includes('"ack"'))).toEqual([]);
});

test("a malformed numbered frame is dropped alone, and the next frame is delivered", () => {
  const { world, hub, bob, port } = roomWithBob();
  const key = bob.peer().handshake.theirKey ?? "";
  bob.say("one");
  world.pass(100);
  const number = bob.peer().outbound.delivery?.sender.lastEnqueued ?? 0;
  for (const [text, at] of [
    ['duet/1 {"type":"message","k":""}', 1],
    [encodeFrame({ type: "message", id: 900, text: "two" }), 2],
  ] as const) {
    const keyed = text.replace(/(,"k":"")?\}$/, `,"k":"${key}"}`);
    const line = numberLine(keyed, { number: number + at, transmission: 1 });
    world.run(() => void world.network.datagram(loopback(port), home, Buffer.from(line)));
  }
  expect(hub.receivedLines()).toEqual(["<bob> one", "<bob> two"]);
  expect(hub.peer().inbound.malformedFrames).toBe(1);
});

test("an undelivered line is resent only to the member that missed it, and the old entry is marked", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  const eve = world.member("eve", "udp");
  world.pass(1000);
  // Short enough that bob stays a member, long enough for all transmissions.
  const forward = world.network.forward!;
  world.network.forward = (from, to, bytes) => {
    if (to.port !== port || !Buffer.from(bytes).toString().includes("missed")) forward(from, to, bytes);
  };
  hub.say("missed");
  world.pass(70_000);
  expect(noteOf(hub, "missed")).toBe("not delivered to bob: no answer");
  expect([bob.receivedLines(), eve.receivedLines()]).toEqual([[], ["<hub> missed"]]);
  world.network.forward = forward;
  const { scrollback } = hub.chat.sides.udp.conversation;
  const ids = Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index)!);
  const lost = ids.find((entry) => entry.text === "missed")!;
  hub.dispatch({ type: "resend-requested", entryId: lost.id });
  world.pass(1000);
  expect([bob.receivedLines(), eve.receivedLines()]).toEqual([["<hub> missed"], ["<hub> missed"]]);
  expect(noteOf(hub, "missed")).toBe("not delivered, and sent again below");
  hub.dispatch({ type: "resend-requested", entryId: lost.id });
  expect(hub.notices().at(-1)).toBe("only a line that was not delivered can be sent again");
  expect(network.lost).toBe(0);
});

test("an undelivered line can be resent to the hub after /reconnect; before it, the resend is refused", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  network.setCut(port, true);
  bob.say("lost once");
  bob.command("/msg hub lost too");
  world.pass(30_000);
  expect(noteOf(bob, "lost once")).toContain("not delivered");
  bob.command("/close");
  world.pass(5000);
  const { scrollback } = bob.chat.sides.udp.conversation;
  const idOf = (text: string) => {
    for (let index = 0; index < scrollback.length; index += 1)
      if (scrollback.at(index)?.text === text) return scrollback.at(index)!.id;
    throw new Error(text);
  };
  const again = (text: string) => bob.dispatch({ type: "resend-requested", entryId: idOf(text) });
  again("lost once");
  expect(bob.notices().at(-1)).toBe("hub is no longer here: the line was not sent again");
  bob.command("/reconnect");
  world.pass(5000);
  again("lost once");
  bob.command("/resend");
  world.pass(1000);
  expect(hub.receivedLines()).toEqual(["<bob> lost once", "<bob> lost too"]);
  bob.command("/resend");
  expect(bob.errors().at(-1)).toBe("EUSAGE there is no line here that was not delivered");
});

test("--send-only exits only after all piped input arrived", () => {
  const world = new World();
  const network = new RoughNetwork(world, seeded(2), { loss: 0.2, duplicated: 0, delayMs: 50, jitterMs: 0 });
  const hub = world.hub({}, "udp");
  const bob = world.member("bob", "udp", { headless: true, lingerAfterInputMs: 0 });
  bob.dispatch({ type: "switched", to: "udp" });
  const lines = Array.from({ length: 300 }, (_, number) => `${number} ${"x".repeat(1000)}`);
  for (const line of lines) bob.say(line);
  bob.endInput();
  world.pass(60_000);
  expect(bob.exitCode).toBe(0);
  expect(hub.receivedLines()).toEqual(lines.map((line) => `<bob> ${line}`));
  expect(network.lost).toBeGreaterThan(50);
});

test("an acknowledged line of a throttled stranger that stays is never lost, and what waits for it stays bounded", () => {
  const world = new World();
  const hub = world.hub({ headless: true }, "udp");
  const stranger = world.program("udp").connect({ family: "IPv4", address: "192.0.2.9", port: 4000 });
  const hello = {
    type: "hello",
    name: "far",
    session: "s".repeat(24),
    key: "k".repeat(16),
    delivery: 1,
  } as const;
  stranger.send(encodeFrame(hello, undefined, 1200));
  const answer = parseFrame(stranger.datagrams[0] ?? "");
  const key = answer.kind === "frame" && answer.frame.type === "hello" ? answer.frame.key : "";
  const sender = new DeliverySender<number>(new RoundTrip());
  const texts = Array.from({ length: 900 }, (_, number) => `${number} ${"x".repeat(200)}`);
  for (const [id, text] of texts.entries())
    sender.enqueue(encodeFrame({ type: "message", id, text }, key), world.nowMs, id);
  const givenUp: number[] = [];
  let most = 0;
  for (let seen = 0; !sender.isEmpty; world.pass(20)) {
    for (const datagram of stranger.datagrams.slice(seen)) {
      const parsed = parseFrame(datagram);
      if (parsed.kind === "frame" && parsed.frame.type === "ack")
        sender.onAcknowledged(parsed.frame, world.nowMs);
    }
    seen = stranger.datagrams.length;
    givenUp.push(...sender.onTimeReached(world.nowMs));
    for (const line of sender.transmit(world.nowMs).datagrams) stranger.send(line);
    most = Math.max(most, hub.peer().inbound.strangerThrottle?.waitingBytes ?? 0);
  }
  for (let passed = 0; passed < 200_000; passed += 5000) {
    stranger.send(encodeFrame({ type: "ping", number: passed }, key));
    world.pass(5000);
  }
  expect(givenUp).toEqual([]);
  expect(hub.receivedLines()).toEqual(texts.map((text) => `<far> ${text}`));
  expect(most).toBeGreaterThan(strangerWaitingMaxBytes / 2);
  expect(most).toBeLessThanOrEqual(strangerWaitingMaxBytes + outOfOrderMaxBytes);
  expect(hub.chat.sides.udp.counters.droppedOfStrangers).toBe(0);
});

/** A third member, eve, with a slower path or none, and 4,000 lines that bob pipes into the room. */
function roomWithSlowMember(answers: boolean) {
  const { world, hub, bob } = roomWithBob();
  const eve = world.member("eve", "udp");
  world.pass(1000);
  const port = Number([...hub.chat.peers.values()].at(-1)?.link.address.split(":")[1]);
  world.network.forward = (from, to, bytes) => {
    const isSlow = from.port === port || to.port === port;
    if (!isSlow || answers) world.after(isSlow ? 25 : 2, () => world.network.datagram(from, to, bytes));
  };
  const lines = Array.from({ length: 4000 }, (_, number) => `${number} ${"x".repeat(150)}`);
  for (const line of lines) bob.say(line);
  return { world, hub, bob, eve, expected: lines.map((line) => `<bob> ${line}`) };
}

test("a piped file waits for a member with a slower path, and no member is disconnected", () => {
  const { world, hub, eve, expected } = roomWithSlowMember(true);
  world.pass(60_000);
  expect(hub.receivedLines()).toEqual(expected);
  expect(eve.receivedLines()).toEqual(expected);
});

test("a member that acknowledges nothing pauses the room once and is then disconnected", () => {
  const { world, hub, eve, expected } = roomWithSlowMember(false);
  world.pass(10_000);
  expect(hub.receivedLines()).toEqual(expected);
  expect(eve.receivedLines()).toEqual([]);
  expect(hub.notices().join()).toContain("eve left: acknowledges too slowly: the send queue is full");
});
