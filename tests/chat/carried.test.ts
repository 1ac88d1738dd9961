/** What is kept to trace messages by, at its bounds and one past them; and that nothing is kept where nobody can look. */

import { expect, test } from "bun:test";
import { noteCarried, placesIn } from "../../src/chat/carried.ts";
import {
  acknowledging,
  createDeliveryTrace,
  noteArrived,
  noteHeard,
  noteReceiptHeard,
} from "../../src/chat/delivery-trace.ts";
import type { Carried, CarriedRange } from "../../src/chat/entry.ts";
import { notePassedBytes } from "../../src/chat/passed-bytes.ts";
import { createPeerTrace } from "../../src/chat/peer-trace.ts";
import type { Peer } from "../../src/chat/state.ts";
import { TracedMessages } from "../../src/chat/traced-messages.ts";
import type { Frame, ParsedFrame } from "../../src/protocol/frame.ts";
import {
  carriedPeersMax,
  carriedRangesMax,
  tracedDatagramsMax,
  tracedMessagesMax,
} from "../../src/protocol/limits.ts";
import type { ConnectionId } from "../../src/protocol/socket-event.ts";
import { type Duet, testConfig, World } from "../support/chat-world.ts";

const on = 1 as ConnectionId;

function text(start: number, end: number): CarriedRange {
  return { what: "text", way: "in", on, start, end };
}

function nothing(): Carried {
  return { ranges: [] };
}

test("what begins where the last piece ends goes on with it, and anything else is a piece of its own", () => {
  const carried = nothing();
  for (const range of [text(0, 5), text(5, 9), text(10, 12)]) noteCarried(carried, range);
  noteCarried(carried, { ...text(12, 13), way: "out" });
  noteCarried(carried, { ...text(13, 14), way: "out", what: "ack" });
  expect(carried.ranges.map(({ start, end }) => [start, end])).toEqual([
    [0, 9],
    [10, 12],
    [12, 13],
    [13, 14],
  ]);
});

test("a message has as many pieces as the bound, and one more is not noted", () => {
  const carried = nothing();
  for (let piece = 0; piece < carriedRangesMax; piece += 1)
    noteCarried(carried, text(piece * 10, piece * 10 + 5));
  expect(carried.ranges).toHaveLength(carriedRangesMax);
  noteCarried(carried, text(99_990, 99_995));
  expect(carried.ranges).toHaveLength(carriedRangesMax);
  expect(carried.ranges.at(-1)?.start).toBe((carriedRangesMax - 1) * 10);
});

test("of those who are given the same bytes, as many as the bound are traced", () => {
  const peers = Array.from({ length: carriedPeersMax + 1 }, (_, index) => madePeer(index));
  expect(placesIn(peers.slice(1))).toHaveLength(carriedPeersMax);
  expect(placesIn(peers)).toHaveLength(carriedPeersMax);
  expect(placesIn(peers, peers[0])).toHaveLength(carriedPeersMax);
});

function madePeer(connection: number): Peer {
  const trace = createDeliveryTrace();
  const kept = { trace: createPeerTrace(testConfig()), delivery: { trace } };
  return { connection, bytesGiven: 0, lineStart: 0, lineEnd: 1, ...kept } as unknown as Peer;
}

test("lines that are passed on in one block are each at their own bytes of it, in whatever script", () => {
  const world = new World();
  const hub = world.hub();
  const [speaker, reader] = [world.program().connect(), world.program().connect()];
  reader.send("here\n");
  speaker.send("first\n");
  const before = Buffer.byteLength(reader.received);
  speaker.send("三\nfour\n五六\n");
  speaker.send("seven\n");
  const bytes = Buffer.from(reader.received);
  const { scrollback } = hub.chat.sides.tcp;
  const pieces = Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index)).flatMap(
    (entry) => {
      const out = entry?.kind === "message" && entry.carried?.ranges.find(({ way }) => way === "out");
      if (!out || typeof out.on === "number") return [];
      const { at } = out.on[0]!;
      return at + out.start < before ? [] : [bytes.subarray(at + out.start, at + out.end).toString()];
    },
  );
  const name = hub.memberNames()[1]!;
  expect(pieces).toEqual(["三", "four", "五六", "seven"].map((text) => `<${name}> ${text}\n`));
});

test("as many messages as the bound are known by their ids, and one more costs the oldest", () => {
  const traced = new TracedMessages();
  for (let id = 1; id <= tracedMessagesMax; id += 1) traced.note(id, nothing());
  expect(traced.between(1, tracedMessagesMax)).toHaveLength(tracedMessagesMax);
  traced.note(tracedMessagesMax + 1, nothing());
  expect([traced.size, traced.get(1)]).toEqual([tracedMessagesMax, undefined]);
  expect(traced.get(2)).toEqual(nothing());
  // One that is said again is the newest.
  const again = nothing();
  traced.note(2, again);
  traced.note(tracedMessagesMax + 2, nothing());
  expect([traced.size, traced.get(2), traced.get(3)]).toEqual([tracedMessagesMax, again, undefined]);
});

function parsed(frame: Frame): ParsedFrame {
  return { kind: "frame", frame, key: undefined };
}

test("over UDP what came is traced within its bounds, however much comes before we acknowledge or show it", () => {
  const peer = madePeer(1);
  const trace = peer.delivery!.trace!;
  const arrive = (id: number): void =>
    noteArrived(peer, trace, parsed({ type: "message", id, text: "x" }), true);
  for (let id = 1; id <= tracedDatagramsMax; id += 1) arrive(id);
  expect([trace.arrived.length, trace.early.size]).toEqual([tracedDatagramsMax, tracedDatagramsMax]);
  arrive(tracedDatagramsMax + 1);
  expect([trace.arrived.length, trace.early.size]).toEqual([tracedDatagramsMax, tracedDatagramsMax]);
  expect([trace.early.has(1), trace.early.has(tracedDatagramsMax + 1)]).toEqual([false, true]);
  const shown = nothing();
  noteHeard(peer, tracedDatagramsMax + 1, shown);
  expect(shown.ranges).toHaveLength(1);
  expect(trace.early.has(tracedDatagramsMax + 1)).toBe(false);
  expect(acknowledging(peer, trace)?.of).toHaveLength(tracedDatagramsMax);
  expect(acknowledging(peer, trace)).toBeUndefined();
});

test("as many receipts as the bound are known when they come again, and one more costs the oldest", () => {
  const peer = madePeer(1);
  const { receipts } = peer.delivery!.trace!;
  const told = (id: number): void =>
    noteReceiptHeard(peer, { type: "receipt", stage: "read", first: id, last: id }, [nothing()]);
  for (let id = 1; id <= tracedDatagramsMax; id += 1) told(id);
  const [oldest] = receipts.keys();
  expect(receipts.size).toBe(tracedDatagramsMax);
  told(tracedDatagramsMax + 1);
  expect([receipts.size, receipts.has(oldest!)]).toEqual([tracedDatagramsMax, false]);
});

test("of bytes that were passed on without a newline the newest pieces are kept, as many as the bound", () => {
  const [origin, other] = [madePeer(1), madePeer(2)];
  for (let at = 0; at < tracedDatagramsMax; at += 1) notePassedBytes(origin, [[other]], at, at + 1);
  const passed = () => origin.trace?.passed;
  expect(passed()).toHaveLength(tracedDatagramsMax);
  notePassedBytes(origin, [[other]], 500, 501);
  expect([passed()?.length, passed()?.[0]?.start]).toEqual([tracedDatagramsMax, 1]);
  origin.lineStart = 501;
  notePassedBytes(origin, [[other]], 501, 502);
  expect(passed()).toHaveLength(1);
});

test.each(["tcp", "udp"] as const)("without a screen nothing is kept to trace by (%s)", (transport) => {
  const world = new World();
  const over = { keepCalls: false };
  const hub = world.hub(over, transport);
  const duets: Duet[] = [hub, ...["bob", "cat"].map((name) => world.member(name, transport, over))];
  for (const duet of duets) duet.dispatch({ type: "switched", to: transport });
  const program = world.program(transport).connect();
  world.pass(1000);
  for (const duet of duets) duet.say(`${duet.chat.name} ${"x".repeat(3000)}`);
  program.send("hello\n");
  world.pass(5000);
  for (const { chat } of duets) {
    expect([chat.passedOn, chat.carrying]).toEqual([undefined, undefined]);
    const { scrollback } = chat.sides[transport];
    for (let index = 0; index < scrollback.length; index += 1)
      expect(scrollback.at(index)).not.toHaveProperty("carried", expect.anything());
    for (const peer of chat.peers.values())
      expect([peer.trace, peer.delivery?.trace]).toEqual([undefined, undefined]);
  }
  expect(hub.heard()).toHaveLength(3);
});
