/** Delivery over UDP in whole chats: what a bad network does, what is shown of it, and what a stranger cannot do. */

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

/** Duets tell the hub that nothing of theirs bears a key, when it is so. */
function forged(duet: Duet): number {
  return duet.chat.sides.udp.counters.forged;
}

test("at 30 % loss each way, doubled and reordered, every line comes once, in order, long ones whole", () => {
  const { world, network, hub, bob } = roomWithBob();
  network.roughness = { loss: 0.3, doubled: 0.5, delayMs: 10, jitterMs: 50 };
  const lines = Array.from(
    { length: 300 },
    (_, number) => `${number} ${number % 50 === 0 ? "长".repeat(5000) : ""}`,
  );
  for (const line of lines) bob.say(line);
  world.pass(60_000);
  expect(hub.heard()).toEqual(lines.map((line) => `<bob> ${line}`));
  const link = selectScreen(hub.chat).peers[0]?.link;
  expect(link?.received).toBeGreaterThan(300);
  for (const count of [link?.lost, link?.duplicates, link?.reordered]) expect(count).toBeGreaterThan(50);
  expect(selectScreen(bob.chat).peers[0]?.link?.retransmitted).toBeGreaterThan(50);
  expect(forged(hub)).toBe(0);
});

test("the loss that is shown is the loss there is", () => {
  const { world, network, hub, bob } = roomWithBob();
  network.roughness = { loss: 0.2, doubled: 0, delayMs: 10, jitterMs: 0 };
  for (let count = 0; count < 3000; count += 1) bob.say(`line ${count}`);
  world.pass(120_000);
  const { loss } = selectScreen(hub.chat).tabs.udp;
  expect(loss).toBeGreaterThan(0.17);
  expect(loss).toBeLessThan(0.23);
  hub.command("/stats");
  hub.dispatch({ type: "kernel-looked", purpose: "command", seen: [] });
  const told = hub.notices().slice(-3);
  expect(told[0]).toMatch(/^  .* in, .* out, round trip \d+ ms ± /);
  expect(told[1]).toMatch(
    /^  from it 3,0\d\d frames, \d+ lost \((1[7-9]|2[0-3]) %\), \d+ doubled, 0 reordered$/,
  );
  expect(told[2]).toMatch(/^  to it \d+ frames?, \d+ sent again$/);
});

test("the round trip is the network's, without what acknowledgements wait", () => {
  const { world, hub, bob } = roomWithBob();
  for (let count = 0; count < 20; count += 1) {
    bob.say(`line ${count}`);
    world.pass(200);
  }
  expect(selectScreen(bob.chat).peers[0]?.roundTripMs).toBeCloseTo(20, 0);
  expect(selectScreen(hub.chat).peers[0]?.roundTripMs).toBeCloseTo(20, 0);
});

test("a line that never arrives is said not to be delivered, and what follows it comes all the same", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  network.setCut(port, true);
  bob.say("into the void");
  world.pass(30_000);
  expect(noteOf(bob, "into the void")).toBe("not delivered: it did not answer");
  expect(bob.outputs.filter(({ type }) => type === "receipt")).toMatchObject([
    { stage: "sent" },
    { stage: "undelivered" },
  ]);
  network.setCut(port, false);
  bob.say("here again");
  world.pass(2000);
  expect(hub.heard()).toEqual([]);
  expect(bob.notices().concat(hub.notices()).join()).toContain("answered none of 3 pings");
});

test("after a gap was skipped, lines go on at once, and the gap is told", () => {
  const { world, network, hub, bob } = roomWithBob();
  let isOver = false;
  const carry = world.network.carry!;
  // Only this one line is lost, every time.
  world.network.carry = (from, to, bytes) => {
    if (isOver || !Buffer.from(bytes).toString().includes("never")) carry(from, to, bytes);
  };
  bob.say("never");
  bob.say("after it");
  world.pass(2000);
  expect(hub.notices()).toContain("1 datagram of bob is missing: what came after waits");
  expect(hub.heard()).toEqual([]);
  world.pass(30_000);
  expect(hub.heard()).toEqual(["<bob> after it"]);
  expect(hub.notices()).toContain("1 datagram of bob never came");
  isOver = true;
  world.pass(1000);
  expect(noteOf(bob, "never")).toBe("not delivered: it did not answer");
  const receipts = bob.outputs.flatMap((output) => (output.type === "receipt" ? [output.stage] : []));
  expect(receipts).toEqual(["sent", "sent", "undelivered", "received"]);
  expect(network.lost).toBe(0);
});

test("a datagram that could not be sent is not counted as given, so that what follows is where it is counted", () => {
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
  // Of several that are given together the first one alone.
  network.sendUdp = (...datagram) => {
    network.sendUdp = sendUdp;
    return failing(...datagram);
  };
  bob.say("x".repeat(3000));
  expect(counted()[0]).toBe(counted()[1]);
});

test("leaving waits until what was said has arrived, and the goodbye is answered however often it is lost", () => {
  const { world, network, hub, bob } = roomWithBob();
  network.roughness = { loss: 0.3, doubled: 0, delayMs: 10, jitterMs: 0 };
  for (let count = 0; count < 10; count += 1) bob.say(`line ${count}`);
  bob.quit();
  expect(bob.exitCode).toBeUndefined();
  world.pass(deliveryFlushMs);
  expect(bob.exitCode).toBe(0);
  expect(hub.heard()).toHaveLength(10);
  expect(hub.memberNames()).toEqual([]);
  expect(hub.notices().at(-1)).toContain("bob left: it said goodbye");
  expect(forged(hub)).toBe(0);
});

test("leaving a peer that does not answer takes a moment, and no longer", () => {
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

test("a goodbye whose acknowledgement is lost is acknowledged again, with no more bytes than it has", () => {
  const { world, hub, bob, port } = roomWithBob();
  const carry = world.network.carry!;
  const sizes: [came: number, left: number][] = [];
  let goodbyeBytes = 0;
  world.network.carry = (from, to, bytes) => {
    const text = Buffer.from(bytes).toString();
    if (text.includes("goodbye")) goodbyeBytes = bytes.length;
    const isAck = from.port === home.port && goodbyeBytes > 0;
    if (isAck) sizes.push([goodbyeBytes, bytes.length]);
    if (!isAck || sizes.length > 2) carry(from, to, bytes);
  };
  bob.quit();
  world.pass(deliveryFlushMs - 1);
  expect(bob.exitCode).toBe(0);
  expect(sizes).toHaveLength(3);
  for (const [came, left] of sizes) expect(left).toBeLessThanOrEqual(came);
  expect([forged(hub), hub.chat.peers.size, port > 0]).toEqual([0, 0, true]);
});

test(`${goodbyesMax} goodbyes are remembered, and not one more`, () => {
  const { world, hub } = roomWithBob();
  for (let count = 0; count <= goodbyesMax; count += 1) {
    const member = world.member(`m${count}`, "udp");
    world.pass(500);
    member.quit();
    world.pass(500);
  }
  expect(hub.chat.sides.udp.farewells.size).toBe(goodbyesMax);
});

test("a peer that acknowledges nothing is cut off when its queue is full, and costs no more than that", () => {
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
  expect(hub.notices().join()).toContain("bob left: acknowledges too slowly: its queue is full");
  expect(most).toBeLessThanOrEqual(outQueueMaxBytes + partsMax * 1200);
  world.pass(10_000);
  expect(hub.chat.deliveryUnits).toBe(0);
  expect(hub.heard()).toHaveLength(20);
});

test("what is typed waits in order for a peer that acknowledges nothing, and comes when it does", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  network.setCut(port, true);
  const lines = Array.from({ length: 400 }, (_, number) => `${number} ${"x".repeat(1000)}`);
  for (const line of lines) bob.say(line);
  expect(bob.chat.input.waitingLines).toBeGreaterThan(200);
  world.pass(5000);
  network.setCut(port, false);
  world.pass(30_000);
  expect(bob.chat.input.waitingLines).toBe(0);
  expect(hub.heard()).toEqual(lines.map((line) => `<bob> ${line}`));
});

test("a replayed datagram of a duet shows nothing, and brings few acknowledgements", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  let line: Uint8Array | undefined;
  const carry = world.network.carry!;
  world.network.carry = (from, to, bytes) => {
    if (Buffer.from(bytes).toString().includes("once")) line = bytes;
    carry(from, to, bytes);
  };
  bob.say("once");
  world.pass(1000);
  const before = network.left;
  for (let count = 0; count < 10_000; count += 1)
    world.run(() => void world.network.datagram(loopback(port), home, line!));
  world.pass(1000);
  expect(hub.heard()).toEqual(["<bob> once"]);
  expect(network.left - before).toBeLessThanOrEqual(1000 / ackDelayMs);
  expect(selectScreen(hub.chat).peers[0]?.link?.duplicates).toBe(10_000);
});

test("numbers, acknowledgements and skips without our key change nothing", () => {
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
  expect(hub.heard()).toEqual(["<bob> still me"]);
  expect(forged(hub)).toBe(3);
});

test("a duet that knows no delivery is spoken to without numbers, and heard", () => {
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
  expect(hub.heard()).toEqual(["<old> hello"]);
  expect(old.datagrams.filter((line) => line.includes("hello old one"))).toHaveLength(1);
  expect(old.datagrams.filter((line) => line.includes('"n":') || line.includes('"ack"'))).toEqual([]);
});

test("a malformed frame with a number costs that frame, and not what follows", () => {
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
  expect(hub.heard()).toEqual(["<bob> one", "<bob> two"]);
  expect(hub.peer().inbound.malformedFrames).toBe(1);
});

test("a line that was not delivered is sent again to whom it was lost for, and the old one says so", () => {
  const { world, network, hub, bob, port } = roomWithBob();
  const eve = world.member("eve", "udp");
  world.pass(1000);
  // Short enough that bob is still there, long enough for all tries.
  const carry = world.network.carry!;
  world.network.carry = (from, to, bytes) => {
    if (to.port !== port || !Buffer.from(bytes).toString().includes("missed")) carry(from, to, bytes);
  };
  hub.say("missed");
  world.pass(70_000);
  expect(noteOf(hub, "missed")).toBe("not delivered to bob: it did not answer");
  expect([bob.heard(), eve.heard()]).toEqual([[], ["<hub> missed"]]);
  world.network.carry = carry;
  const { scrollback } = hub.chat.sides.udp.conversation;
  const ids = Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index)!);
  const lost = ids.find((entry) => entry.text === "missed")!;
  hub.dispatch({ type: "resend-requested", entryId: lost.id });
  world.pass(1000);
  expect([bob.heard(), eve.heard()]).toEqual([["<hub> missed"], ["<hub> missed"]]);
  expect(noteOf(hub, "missed")).toBe("not delivered, and sent again below");
  hub.dispatch({ type: "resend-requested", entryId: lost.id });
  expect(hub.notices().at(-1)).toBe("only a line that was not delivered can be sent again");
  expect(network.lost).toBe(0);
});

test("after /reconnect a line can be sent again to the hub; while nobody is there it is said and kept", () => {
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
  expect(hub.heard()).toEqual(["<bob> lost once", "<bob> lost too"]);
  bob.command("/resend");
  expect(bob.errors().at(-1)).toBe("EUSAGE there is no line here that was not delivered");
});

test("with --send-only, or -N, all that was piped in arrives before it leaves", () => {
  const world = new World();
  const network = new RoughNetwork(world, seeded(2), { loss: 0.2, doubled: 0, delayMs: 50, jitterMs: 0 });
  const hub = world.hub({}, "udp");
  const bob = world.member("bob", "udp", { headless: true, lingerAfterInputMs: 0 });
  bob.dispatch({ type: "switched", to: "udp" });
  const lines = Array.from({ length: 300 }, (_, number) => `${number} ${"x".repeat(1000)}`);
  for (const line of lines) bob.say(line);
  bob.endInput();
  world.pass(60_000);
  expect(bob.exitCode).toBe(0);
  expect(hub.heard()).toEqual(lines.map((line) => `<bob> ${line}`));
  expect(network.lost).toBeGreaterThan(50);
});

test("a duet from another machine that speaks too fast waits its turn, and not a line that was acknowledged is lost", () => {
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
    for (const line of sender.transmit(world.nowMs).lines) stranger.send(line);
    most = Math.max(most, hub.peer().inbound.strangerThrottle?.waitingBytes ?? 0);
  }
  world.pass(200_000);
  expect(givenUp).toEqual([]);
  expect(hub.heard()).toEqual(texts.map((text) => `<far> ${text}`));
  expect(most).toBeGreaterThan(strangerWaitingMaxBytes / 2);
  expect(most).toBeLessThanOrEqual(strangerWaitingMaxBytes + outOfOrderMaxBytes);
  expect(hub.chat.sides.udp.counters.droppedOfStrangers).toBe(0);
});

/** A third one whose path is slower than the others', and what a member pipes into the room. */
function slowThird(answers: boolean) {
  const { world, hub, bob } = roomWithBob();
  const eve = world.member("eve", "udp");
  world.pass(1000);
  const port = Number([...hub.chat.peers.values()].at(-1)?.link.address.split(":")[1]);
  world.network.carry = (from, to, bytes) => {
    const isSlow = from.port === port || to.port === port;
    if (!isSlow || answers) world.after(isSlow ? 25 : 2, () => world.network.datagram(from, to, bytes));
  };
  const lines = Array.from({ length: 4000 }, (_, number) => `${number} ${"x".repeat(150)}`);
  for (const line of lines) bob.say(line);
  return { world, hub, bob, eve, heard: lines.map((line) => `<bob> ${line}`) };
}

test("a file that one member pipes in costs nobody its place whose path is slower, and waits for it", () => {
  const { world, hub, eve, heard } = slowThird(true);
  world.pass(60_000);
  expect(hub.heard()).toEqual(heard);
  expect(eve.heard()).toEqual(heard);
});

test("who acknowledges nothing costs the room a moment once, and its own place", () => {
  const { world, hub, eve, heard } = slowThird(false);
  world.pass(10_000);
  expect(hub.heard()).toEqual(heard);
  expect(eve.heard()).toEqual([]);
  expect(hub.notices().join()).toContain("eve left: acknowledges too slowly: its queue is full");
});
