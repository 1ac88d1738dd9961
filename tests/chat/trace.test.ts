/** Traces in whole chats: the calls highlighted for a message are compared with their bytes. */

import { expect, test } from "bun:test";
import type { MessageEntry } from "../../src/chat/log/entry.ts";
import { findMovedSpanKind } from "../../src/chat/trace/call-links.ts";
import type { WireRow } from "../../src/chat/log/wire-log.ts";
import type { TransportName } from "../../src/protocol/sockets/socket-event.ts";
import { type Duet, World } from "../support/chat-world.ts";
import { loopback } from "../support/fake-network.ts";
import { roughRoom } from "../support/rough-room.ts";
import type { SeenFrame } from "../support/seen-frame.ts";

interface LoggedCall {
  readonly row: WireRow;
  readonly payload: string;
}

function loggedCalls(duet: Duet, transport: TransportName): readonly LoggedCall[] {
  const wire = duet.chat.sides[transport].calls!;
  return Array.from({ length: wire.length }, (_, index) => {
    const row = wire.at(index)!;
    return { row, payload: Buffer.from(wire.payloadOf(row) ?? []).toString() };
  });
}

function messages(duet: Duet, transport: TransportName): readonly MessageEntry[] {
  const {
    conversation: { scrollback },
  } = duet.chat.sides[transport];
  const entries = Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index)!);
  return entries.filter((entry) => entry.kind === "message");
}

/** The calls highlighted for a message, each with its peer and the part that it carried. */
function lit(duet: Duet, transport: TransportName, text: string): readonly string[] {
  const entry = messages(duet, transport).find((one) => one.text === text)!;
  return loggedCalls(duet, transport).flatMap(({ row }) => {
    const part = findMovedSpanKind(row, entry);
    return part === undefined ? [] : [`${row.call} ${row.peer} ${part}`];
  });
}

test("a relayed line is traced to the call that received it and to those that sent it to the others", () => {
  const world = new World();
  world.network.reportsAllCalls = true;
  const hub = world.hub();
  const [nc, cat] = [world.program().connect(), world.program().connect()];
  nc.send("hello\n");
  cat.send("hi\n");
  const bob = world.member("bob");
  world.pass(1000);
  const names = hub.memberNames();
  nc.send("one\ntwo\nun");
  nc.send("finished\n");
  bob.say("three");
  world.pass(1000);
  const [ofNc, ofCat] = names;
  const relayed = (from: string, ...to: readonly string[]) => [
    `recv ${from} text`,
    ...to.map((name) => `send ${name} text`),
  ];
  expect(lit(hub, "tcp", "one").filter((row) => row.endsWith("text"))).toEqual(relayed(ofNc!, "bob", ofCat!));
  expect(lit(hub, "tcp", "two")).toEqual(lit(hub, "tcp", "one"));
  expect(lit(hub, "tcp", "unfinished").slice(0, 2)).toEqual([`recv ${ofNc} text`, `recv ${ofNc} text`]);
  expect(lit(hub, "tcp", "three").filter((row) => row.endsWith("text"))).toEqual(
    relayed("bob", ofNc!, ofCat!),
  );
});

test("receipts over TCP are highlighted at every duet whose line they are about", () => {
  const world = new World();
  world.network.reportsAllCalls = true;
  const hub = world.hub();
  const [bob, cat] = [world.member("bob"), world.member("cat")];
  world.pass(1000);
  bob.say("hello");
  world.pass(1000);
  expect(lit(bob, "tcp", "hello")).toEqual([
    "send hub text",
    // The hub's own, and cat's, which the hub relays.
    "recv hub receipt",
    "recv hub receipt",
  ]);
  expect(lit(hub, "tcp", "hello")).toEqual([
    "recv bob text",
    "send cat text",
    "send bob receipt",
    "recv cat receipt",
    "send bob receipt",
  ]);
  expect(lit(cat, "tcp", "hello")).toEqual(["recv hub text", "send hub receipt"]);
  cat.dispatch({ type: "focus-changed", away: false });
  world.pass(1000);
  // `read` adds one each.
  expect(lit(cat, "tcp", "hello")).toEqual(["recv hub text", "send hub receipt", "send hub receipt"]);
  expect(lit(bob, "tcp", "hello")).toHaveLength(4);
  hub.say("to both");
  world.pass(1000);
  const expected = ["recv bob receipt", "recv cat receipt", "recv cat receipt"];
  expect(lit(hub, "tcp", "to both").slice(2).toSorted()).toEqual(expected.slice(0, 2));
});

test("one receipt for several lines is highlighted for each, and not for its sender's own line", () => {
  const world = new World();
  world.network.reportsAllCalls = true;
  const hub = world.hub();
  const [bob, cat] = [world.member("bob"), world.member("cat")];
  world.pass(1000);
  world.run(() => {
    for (const text of ["one", "two"]) bob.say(text);
    cat.say("mine");
    bob.say("three");
  });
  world.pass(1000);
  const receiptsOf = (duet: Duet, text: string) =>
    lit(duet, "tcp", text).filter((row) => row.endsWith("receipt"));
  for (const text of ["one", "two", "three"]) expect(receiptsOf(cat, text)).toEqual(["send hub receipt"]);
  expect(receiptsOf(hub, "mine")).toEqual(["send cat receipt", "recv bob receipt", "send cat receipt"]);
});

test("a throttled stranger's line is traced to the call that received it and to the one that relayed it", () => {
  const world = new World();
  world.network.reportsAllCalls = true;
  const hub = world.hub();
  const reader = world.program().connect();
  reader.send("here\n");
  const stranger = world.program().connect({ ...loopback(4000), address: "192.0.2.9" });
  for (let count = 0; count < 30; count += 1) stranger.send(`#${count}#\n`);
  world.pass(10_000);
  const entries = messages(hub, "tcp").filter(({ text }) => text.startsWith("#"));
  expect(entries).toHaveLength(30);
  expect(checkTexts(hub, entries, loggedCalls(hub, "tcp"))).toBe(60);
});

test("in a raw room the bytes of a line are traced to the calls that relayed them, however they were cut", () => {
  const world = new World();
  world.network.reportsAllCalls = true;
  const hub = world.hub({ raw: true });
  const programs = [world.program().connect(), world.program().connect(), world.program().connect()];
  for (const [index, program] of programs.entries()) program.send(`#${index}# here\n`);
  const [one, two] = programs;
  for (const piece of ["#3# and ", "more of #3#\n#4#\n#5# un"]) one!.send(piece);
  two!.send("#6#\n");
  one!.send("#5# finished\n");
  world.pass(1000);
  const seen = loggedCalls(hub, "tcp");
  expect(checkTexts(hub, messages(hub, "tcp"), seen)).toBe(1 + 2 + 3 + 6 + 3 + 6 + 3);
});

test("datagrams after one that could not be sent are traced to their own calls", () => {
  const world = new World();
  world.network.reportsAllCalls = true;
  const hub = world.hub({}, "udp");
  const bob = world.member("bob", "udp");
  for (const duet of [hub, bob]) duet.dispatch({ type: "switched", to: "udp" });
  world.pass(1000);
  const { network } = world;
  const sendUdp = network.sendUdp.bind(network);
  network.sendUdp = (connection, { length: bytes }) => {
    const error = {
      code: "ENETUNREACH",
      call: "sendto",
      target: "127.0.0.1:8080",
      transport: "udp",
    } as const;
    bob.onEvent("udp", { type: "send-failed", connection, error, bytes });
    return "closed";
  };
  bob.say("#1#");
  network.sendUdp = sendUdp;
  world.pass(5000);
  for (const text of ["#2#", "#3#"]) bob.say(text);
  world.pass(5000);
  const {
    outbound: { enqueuedAlone: bytesGiven, bytesOut },
  } = bob.peer();
  expect(bytesGiven).toBe(bytesOut);
  expect(messages(hub, "udp")).toHaveLength(3);
  checkTexts(bob, messages(bob, "udp"), loggedCalls(bob, "udp"));
});

function named({ number, call, peer }: WireRow): string {
  return `${number} ${call} ${peer}`;
}

/** The number that a text repeats: `#17#`. */
function readMark(text: string): string {
  return /#\d+#/.exec(text)?.[0] ?? "none";
}

/** The frames in a payload, with their lines. */
function framesOf(payload: string): readonly { readonly frame: SeenFrame; readonly line: string }[] {
  return payload.split("\n").flatMap((line) => {
    const [, type = ""] = /^duet\/1 \{"type":"(\w+)"/.exec(line) ?? [];
    if (type === "message") {
      const id = Number(/"id":(\d+)/.exec(line)?.[1]);
      return [{ frame: { type, id, n: Number(/"n":(\d+)/.exec(line)?.[1]) } as SeenFrame, line }];
    }
    if (type !== "receipt" && type !== "ack") return [];
    return [{ frame: JSON.parse(line.slice("duet/1 ".length)) as SeenFrame, line }];
  });
}

/** Compares the highlighted calls of each message's text with their bytes; returns how many were highlighted. */
function checkTexts(duet: Duet, entries: readonly MessageEntry[], seen: readonly LoggedCall[]): number {
  let checked = 0;
  for (const entry of entries) {
    const mark = readMark(entry.text);
    const carried = seen.filter(({ payload }) => payload.includes(mark)).map(({ row }) => row.number);
    const isLit = seen
      .filter(({ row }) => findMovedSpanKind(row, entry) === "text")
      .map(({ row }) => row.number);
    expect([duet.chat.self.name, mark, ...isLit]).toEqual([duet.chat.self.name, mark, ...carried]);
    checked += isLit.length;
  }
  return checked;
}

/** Receipts and acknowledgements about the message: the highlighted ones, and those found in the bytes. */
function readReceipts(entry: MessageEntry, seen: readonly LoggedCall[]) {
  const frames = seen.flatMap(({ row, payload }) =>
    framesOf(payload).map(({ frame, line }) => ({ row, line, frame })),
  );
  const texts = frames.filter(
    ({ frame, line }) => frame.type === "message" && line.includes(readMark(entry.text)),
  );
  const isOther = (one: WireRow, other: WireRow) =>
    one.connection === other.connection && one.call !== other.call;
  const namedIn = (type: string, names: (word: SeenFrame, text: SeenFrame) => boolean) => {
    const rows = frames
      .filter(
        ({ row, frame }) =>
          frame.type === type && texts.some((text) => isOther(row, text.row) && names(frame, text.frame)),
      )
      .map(({ row }) => row);
    // One datagram may have several receipts.
    return [...new Set(rows)];
  };
  const receipts = namedIn("receipt", ({ first, last }, { id }) => first <= id && id <= last);
  const acks = namedIn(
    "ack",
    ({ upTo, also = [] }, { n }) => n <= upTo || also.some(([first, last]) => first <= n && n <= last),
  );
  const isLit = (what: string) =>
    seen.map(({ row }) => row).filter((row) => findMovedSpanKind(row, entry) === what);
  return { receipts, acks, litReceipts: isLit("receipt"), litAcks: isLit("ack") };
}

/** A hub and two members over a network without faults so far. */
function joinedOverUdp(seed: number) {
  const { world, network, hub, members } = roughRoom(["bob", "cat"], { seed, reportsAllCalls: true });
  return { world, network, duets: [hub, ...members] as const };
}

test.each([1, 2, 3, 4])(
  "over UDP with loss, duplicates and reordering, a message is traced to all its datagrams (seed %d)",
  (seed) => {
    const { world, network, duets } = joinedOverUdp(seed);
    const [hub, bob, cat] = duets;
    network.roughness = { loss: 0.3, duplicated: 0.3, delayMs: 10, jitterMs: 40 };
    for (let count = 0; count < 60; count += 1) {
      const author = [bob, hub, cat][count % 3]!;
      author.say(count % 10 === 3 ? `#${count}#`.repeat(1200) : `#${count}#`);
      if (count % 7 === 0) world.pass(50);
    }
    world.pass(30_000);
    for (const duet of duets) {
      const entries = messages(duet, "udp");
      const seen = loggedCalls(duet, "udp");
      expect(entries).toHaveLength(60);
      expect(checkTexts(duet, entries, seen)).toBeGreaterThan(90);
      for (const entry of entries) {
        const { receipts, acks, litReceipts, litAcks } = readReceipts(entry, seen);
        const leaving = (rows: readonly WireRow[]) => rows.filter(({ call }) => call === "sendto").map(named);
        expect([readMark(entry.text), ...leaving(litReceipts)]).toEqual([
          readMark(entry.text),
          ...leaving(receipts),
        ]);
        expect(litReceipts.length).toBeGreaterThan(0);
        expect(litReceipts.filter((row) => !receipts.includes(row)).map(named)).toEqual([]);
        if (entry.direction === "out") expect(litAcks.length).toBeGreaterThan(0);
        // So little of a long datagram is kept that its number is not part of it.
        if (entry.direction === "in") expect(leaving(litAcks).length).toBeGreaterThan(0);
        if (entry.text.length < 100)
          expect(litAcks.filter((row) => !acks.includes(row)).map(named)).toEqual([]);
      }
    }
  },
);

test("over UDP a duplicated datagram is highlighted twice, its receipts too", () => {
  const { world, duets, network } = joinedOverUdp(5);
  network.roughness = { loss: 0, duplicated: 1, delayMs: 10, jitterMs: 0 };
  for (const [index, duet] of duets.entries()) duet.say(`#${index}#`);
  world.pass(5000);
  for (const duet of duets) {
    const entries = messages(duet, "udp");
    const seen = loggedCalls(duet, "udp");
    checkTexts(duet, entries, seen);
    for (const entry of entries) {
      const { receipts, litReceipts } = readReceipts(entry, seen);
      expect(litReceipts.map(named)).toEqual(receipts.map(named));
    }
  }
});
