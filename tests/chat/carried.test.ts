/** What is kept to trace messages by, at its bounds and one past them; and that nothing is kept where nobody can look, or is told. */

import type { Peer } from "../../src/chat/model/peer.ts";
import type { MessageSpans, MessageSpan } from "../../src/chat/log/entry.ts";
import { createPeerTrace } from "../../src/chat/spans/peer-trace.ts";
import { TracedMessages } from "../../src/chat/spans/traced-messages.ts";
import { SpanQueue } from "../../src/chat/spans/unreported-spans.ts";
import {
  takeAcknowledged,
  createDeliveryTrace,
  noteReceivedFrame,
  noteShown,
  noteReceivedReceipt,
} from "../../src/chat/trace/delivery-trace.ts";
import { addSpan, listStreamPlaces } from "../../src/chat/trace/message-spans.ts";
import { addRelayedSpans, noteRelayedBytes } from "../../src/chat/trace/relayed-spans.ts";
import { assignOutputId } from "../../src/chat/trace/reported-spans.ts";
import type { ReceivedFrame } from "../../src/chat/peer/delivery.ts";
import type { Frame } from "../../src/protocol/frames/frame.ts";
import {
  tracedPeersMax,
  messageSpansMax,
  reportedSpansMax,
  tracedDatagramsMax,
  tracedMessagesMax,
  unreportedSpansMax,
} from "../../src/protocol/limits.ts";
import type { ConnectionId } from "../../src/protocol/sockets/socket-event.ts";
import { type Duet, World, testConfig } from "../support/chat-world.ts";
import { expect, test } from "bun:test";

const on = 1 as ConnectionId;

function text(start: number, end: number): MessageSpan {
  return { what: "text", way: "in", on, start, end };
}

function nothing(): MessageSpans {
  return { list: [] };
}

test("what begins where the last piece ends goes on with it, and anything else is a piece of its own", () => {
  const carried = nothing();
  for (const range of [text(0, 5), text(5, 9), text(10, 12)]) addSpan(carried, range);
  addSpan(carried, { ...text(12, 13), way: "out" });
  addSpan(carried, { ...text(13, 14), way: "out", what: "ack" });
  expect(carried.list.map(({ start, end }) => [start, end])).toEqual([
    [0, 9],
    [10, 12],
    [12, 13],
    [13, 14],
  ]);
});

test("a message has as many pieces as the bound, and of one more it is known that there is more", () => {
  const carried = nothing();
  for (let piece = 0; piece < messageSpansMax; piece += 1) addSpan(carried, text(piece * 10, piece * 10 + 5));
  expect(carried.list).toHaveLength(messageSpansMax);
  expect(carried.isCut).toBeUndefined();
  addSpan(carried, text(99_990, 99_995));
  expect(carried.isCut).toBe(true);
  expect(carried.list).toHaveLength(messageSpansMax);
  expect(carried.list.at(-1)?.start).toBe((messageSpansMax - 1) * 10);
});

test("of those who are given the same bytes, as many as the bound are traced", () => {
  const peers = Array.from({ length: tracedPeersMax + 1 }, (_, index) => madePeer(index));
  expect(listStreamPlaces(peers.slice(1))).toHaveLength(tracedPeersMax);
  expect(listStreamPlaces(peers)).toHaveLength(tracedPeersMax);
  expect(listStreamPlaces(peers, peers[0])).toHaveLength(tracedPeersMax);
});

function madePeer(connection: number): Peer {
  const trace = createDeliveryTrace();
  return {
    link: { connection },
    membership: { member: undefined },
    outbound: { enqueuedAlone: 0, delivery: { trace } },
    trace: createPeerTrace(testConfig()),
  } as unknown as Peer;
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
  const { scrollback } = hub.chat.sides.tcp.conversation;
  const pieces = Array.from({ length: scrollback.length }, (_, index) => scrollback.at(index)).flatMap(
    (entry) => {
      const out = entry?.kind === "message" && entry.spans?.list.find(({ way }) => way === "out");
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

function arrived(frame: Frame): ReceivedFrame {
  return { parsed: { kind: "frame", frame, key: undefined }, span: { start: 0, end: 1 } };
}

test("over UDP what came is traced within its bounds, however much comes before we acknowledge or show it", () => {
  const peer = madePeer(1);
  const trace = peer.outbound.delivery!.trace!;
  const arrive = (id: number): void =>
    noteReceivedFrame(peer, trace, arrived({ type: "message", id, text: "x" }), true);
  for (let id = 1; id <= tracedDatagramsMax; id += 1) arrive(id);
  expect([trace.unacknowledged.length, trace.early.size]).toEqual([tracedDatagramsMax, tracedDatagramsMax]);
  arrive(tracedDatagramsMax + 1);
  expect([trace.unacknowledged.length, trace.early.size]).toEqual([tracedDatagramsMax, tracedDatagramsMax]);
  expect([trace.early.has(1), trace.early.has(tracedDatagramsMax + 1)]).toEqual([false, true]);
  const shown = nothing();
  noteShown(peer, tracedDatagramsMax + 1, shown);
  expect(shown.list).toHaveLength(1);
  expect(trace.early.has(tracedDatagramsMax + 1)).toBe(false);
  expect(takeAcknowledged(peer, trace)?.of).toHaveLength(tracedDatagramsMax);
  expect(takeAcknowledged(peer, trace)).toBeUndefined();
});

test("as many receipts as the bound are known when they come again, and one more costs the oldest", () => {
  const peer = madePeer(1);
  const { receipts } = peer.outbound.delivery!.trace!;
  const told = (id: number): void =>
    noteReceivedReceipt(peer, { type: "receipt", stage: "read", first: id, last: id }, [nothing()]);
  for (let id = 1; id <= tracedDatagramsMax; id += 1) told(id);
  const [oldest] = receipts.keys();
  expect(receipts.size).toBe(tracedDatagramsMax);
  told(tracedDatagramsMax + 1);
  expect([receipts.size, receipts.has(oldest!)]).toEqual([tracedDatagramsMax, false]);
});

test("of bytes that were passed on without a newline the newest pieces are kept, as many as the bound", () => {
  const [origin, other] = [madePeer(1), madePeer(2)];
  const pass = (start: number, lineStart = 0): void =>
    noteRelayedBytes(origin, [[other]], { start, end: start + 1 }, lineStart);
  for (let at = 0; at < tracedDatagramsMax; at += 1) pass(at);
  const passed = () => origin.trace?.relayedSpans;
  expect(passed()).toHaveLength(tracedDatagramsMax);
  pass(500);
  expect([passed()?.length, passed()?.[0]?.start]).toEqual([tracedDatagramsMax, 1]);
  // A line that is known to be of more than these says so.
  expect(passed()?.map(({ isCut }) => isCut)).toEqual(passed()?.map((_piece, index) => index === 0));
  const carried = nothing();
  addRelayedSpans(origin, carried, 1, 5);
  expect([carried.list.length, carried.isCut]).toEqual([4, true]);
  pass(501, 501);
  expect(passed()).toHaveLength(1);
});

test(`bytes that were passed on to ${tracedPeersMax} are traced, and to one more it is known that there is more`, () => {
  for (const [others, isCut] of [
    [tracedPeersMax, false],
    [tracedPeersMax + 1, true],
  ] as const) {
    const peers = Array.from({ length: others + 1 }, (_, index) => madePeer(index));
    const [origin] = peers;
    const member = { via: origin };
    noteRelayedBytes(
      { ...origin!, membership: { member } } as unknown as Peer,
      [peers],
      { start: 0, end: 1 },
      0,
    );
    const [piece] = origin!.trace!.relayedSpans;
    expect([piece?.on.length, piece?.isCut]).toEqual([tracedPeersMax, isCut]);
  }
});

test("as many pieces as the bound wait to be told, and one more is only known to be there", () => {
  const untold = new SpanQueue();
  const of = [nothing()];
  const piece = (at: number) => ({ what: "text", of, start: at, end: at + 1 }) as const;
  for (let at = 0; at < unreportedSpansMax; at += 1) untold.add(piece(at));
  expect(untold.length).toBe(unreportedSpansMax);
  for (let at = 0; at < 3; at += 1) untold.add(piece(unreportedSpansMax + at));
  expect(untold.length).toBe(unreportedSpansMax + 1);
  expect(untold.takeTo(unreportedSpansMax)).toHaveLength(unreportedSpansMax);
  expect(untold.takeTo(unreportedSpansMax + 9)).toEqual([
    { what: "text", of: [], start: unreportedSpansMax, end: unreportedSpansMax + 3 },
  ]);
  expect(untold.length).toBe(0);
  untold.add(piece(0));
  expect(untold.takeTo(9)[0]?.of).toEqual(of);
});

test("a piece that goes on after a call is there for the next one, and what never left gives its place", () => {
  const untold = new SpanQueue();
  const of = [nothing()];
  for (const [start, end] of [
    [0, 4],
    [4, 10],
    [10, 12],
    [12, 20],
  ] as const)
    untold.add({ what: "text", of, start, end });
  const places = (end: number) => untold.takeTo(end).map((piece) => [piece.start, piece.end]);
  expect(places(6)).toEqual([
    [0, 4],
    [4, 10],
  ]);
  untold.cutOut(10, 2);
  expect(places(10)).toEqual([[4, 10]]);
  expect(places(99)).toEqual([[10, 18]]);
  expect(places(99)).toEqual([]);
});

test(`a message tells ${reportedSpansMax} pieces, and of one more, or of who is gone, that there was more`, () => {
  const world = new World();
  const hub = world.hub({ reportSpans: true });
  world.program().connect().send("here\n");
  const { chat } = hub;
  const speaker = hub.peer();
  const ledger = (...ranges: readonly MessageSpan[]) =>
    assignOutputId(chat, speaker, 1, { list: [...ranges] });
  const pieces = (count: number): readonly MessageSpan[] =>
    Array.from({ length: count }, (_, index) => ({ ...text(index, index + 1), on: speaker.link.connection }));
  expect(ledger(...pieces(reportedSpansMax))).toMatchObject({ carried: { length: reportedSpansMax } });
  expect(ledger(...pieces(reportedSpansMax))).not.toHaveProperty("carriedMore");
  expect(ledger(...pieces(reportedSpansMax + 1))).toMatchObject({
    carried: { length: reportedSpansMax },
    carriedMore: true,
  });
  const gone = [{ connection: 999 as ConnectionId, at: 0 }];
  expect(ledger({ what: "text", way: "out", on: gone, start: 0, end: 1 })).toEqual({
    carried: [],
    carriedMore: true,
  });
});

test.each(["tcp", "udp"] as const)(
  "without a screen and with nobody to tell, nothing is kept to trace by (%s)",
  (transport) => {
    const world = new World();
    const over = { keepCalls: false };
    const hub = world.hub(over, transport);
    const duets: Duet[] = [hub, ...["bob", "cat"].map((name) => world.member(name, transport, over))];
    for (const duet of duets) duet.dispatch({ type: "switched", to: transport });
    const program = world.program(transport).connect();
    world.pass(1000);
    for (const duet of duets) duet.say(`${duet.chat.self.name} ${"x".repeat(3000)}`);
    program.send("hello\n");
    world.pass(5000);
    for (const { chat } of duets) {
      expect(chat.ledger.relayed).toBeUndefined();
      const {
        conversation: { scrollback },
      } = chat.sides[transport];
      for (let index = 0; index < scrollback.length; index += 1)
        expect(scrollback.at(index)).not.toHaveProperty("carried", expect.anything());
      for (const peer of chat.peers.values())
        expect([peer.trace, peer.outbound.delivery?.trace]).toEqual([undefined, undefined]);
    }
    expect(hub.heard()).toHaveLength(3);
  },
);
