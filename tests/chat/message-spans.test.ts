/**
 * The spans that trace messages: their bounds, at each and one past it, and that none are kept where nothing
 * shows or reports them.
 */

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
import { addSpan, listStreamPlaces } from "../../src/chat/trace/enqueued-spans.ts";
import { addRelayedSpans, noteRelayedBytes } from "../../src/chat/trace/relayed-spans.ts";
import { assignOutputId } from "../../src/chat/trace/span-outputs.ts";
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

function emptyTrace(): MessageSpans {
  return { list: [] };
}

test("a span that begins where the last one ends extends it; any other is a span of its own", () => {
  const carried = emptyTrace();
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

test(`a message keeps ${messageSpansMax} spans, and one more only marks it as cut`, () => {
  const carried = emptyTrace();
  for (let piece = 0; piece < messageSpansMax; piece += 1) addSpan(carried, text(piece * 10, piece * 10 + 5));
  expect(carried.list).toHaveLength(messageSpansMax);
  expect(carried.isCut).toBeUndefined();
  addSpan(carried, text(99_990, 99_995));
  expect(carried.isCut).toBe(true);
  expect(carried.list).toHaveLength(messageSpansMax);
  expect(carried.list.at(-1)?.start).toBe((messageSpansMax - 1) * 10);
});

test(`at most ${tracedPeersMax} peers are traced for one payload`, () => {
  const peers = Array.from({ length: tracedPeersMax + 1 }, (_, index) => makePeer(index));
  expect(listStreamPlaces(peers.slice(1))).toHaveLength(tracedPeersMax);
  expect(listStreamPlaces(peers)).toHaveLength(tracedPeersMax);
  expect(listStreamPlaces(peers, peers[0])).toHaveLength(tracedPeersMax);
});

function makePeer(connection: number): Peer {
  const trace = createDeliveryTrace();
  return {
    link: { connection },
    membership: { member: undefined },
    outbound: { enqueuedAlone: 0, delivery: { trace } },
    trace: createPeerTrace(testConfig()),
  } as unknown as Peer;
}

test("each line relayed in one block has the span of its own bytes, in any script", () => {
  const world = new World();
  const hub = world.hub();
  const [sender, reader] = [world.program().connect(), world.program().connect()];
  reader.send("here\n");
  sender.send("first\n");
  const before = Buffer.byteLength(reader.received);
  sender.send("三\nfour\n五六\n");
  sender.send("seven\n");
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

test(`at most ${tracedMessagesMax} messages are found by id, and one more drops the oldest`, () => {
  const traced = new TracedMessages();
  for (let id = 1; id <= tracedMessagesMax; id += 1) traced.note(id, emptyTrace());
  expect(traced.between(1, tracedMessagesMax)).toHaveLength(tracedMessagesMax);
  traced.note(tracedMessagesMax + 1, emptyTrace());
  expect([traced.size, traced.get(1)]).toEqual([tracedMessagesMax, undefined]);
  expect(traced.get(2)).toEqual(emptyTrace());
  // A message that is noted again is the newest.
  const again = emptyTrace();
  traced.note(2, again);
  traced.note(tracedMessagesMax + 2, emptyTrace());
  expect([traced.size, traced.get(2), traced.get(3)]).toEqual([tracedMessagesMax, again, undefined]);
});

function arrived(frame: Frame): ReceivedFrame {
  return { parsed: { kind: "frame", frame, key: undefined }, span: { start: 0, end: 1 } };
}

test("received datagrams are traced within their bounds before they are acknowledged or shown", () => {
  const peer = makePeer(1);
  const trace = peer.outbound.delivery!.trace!;
  const arrive = (id: number): void =>
    noteReceivedFrame(peer, trace, arrived({ type: "message", id, text: "x" }), true);
  for (let id = 1; id <= tracedDatagramsMax; id += 1) arrive(id);
  expect([trace.unacknowledged.length, trace.early.size]).toEqual([tracedDatagramsMax, tracedDatagramsMax]);
  arrive(tracedDatagramsMax + 1);
  expect([trace.unacknowledged.length, trace.early.size]).toEqual([tracedDatagramsMax, tracedDatagramsMax]);
  expect([trace.early.has(1), trace.early.has(tracedDatagramsMax + 1)]).toEqual([false, true]);
  const shown = emptyTrace();
  noteShown(peer, tracedDatagramsMax + 1, shown);
  expect(shown.list).toHaveLength(1);
  expect(trace.early.has(tracedDatagramsMax + 1)).toBe(false);
  expect(takeAcknowledged(peer, trace)?.of).toHaveLength(tracedDatagramsMax);
  expect(takeAcknowledged(peer, trace)).toBeUndefined();
});

test(`at most ${tracedDatagramsMax} receipts are remembered, and one more drops the oldest`, () => {
  const peer = makePeer(1);
  const { receipts } = peer.outbound.delivery!.trace!;
  const receive = (id: number): void =>
    noteReceivedReceipt(peer.outbound, { type: "receipt", stage: "read", first: id, last: id }, [
      emptyTrace(),
    ]);
  for (let id = 1; id <= tracedDatagramsMax; id += 1) receive(id);
  const [oldest] = receipts.keys();
  expect(receipts.size).toBe(tracedDatagramsMax);
  receive(tracedDatagramsMax + 1);
  expect([receipts.size, receipts.has(oldest!)]).toEqual([tracedDatagramsMax, false]);
});

test(`the newest ${tracedDatagramsMax} spans of an unfinished relayed line are kept`, () => {
  const [origin, other] = [makePeer(1), makePeer(2)];
  const pass = (start: number, lineStart = 0): void =>
    noteRelayedBytes(origin, [other], { start, end: start + 1 }, lineStart);
  for (let at = 0; at < tracedDatagramsMax; at += 1) pass(at);
  const passed = () => origin.trace?.relayedSpans;
  expect(passed()).toHaveLength(tracedDatagramsMax);
  pass(500);
  expect([passed()?.length, passed()?.[0]?.start]).toEqual([tracedDatagramsMax, 1]);
  // The first kept span reports that earlier ones of its line were dropped.
  expect(passed()?.map(({ isCut }) => isCut)).toEqual(passed()?.map((_piece, index) => index === 0));
  const carried = emptyTrace();
  addRelayedSpans(origin.trace, carried, 1, 5);
  expect([carried.list.length, carried.isCut]).toEqual([4, true]);
  pass(501, 501);
  expect(passed()).toHaveLength(1);
});

test(`bytes relayed to ${tracedPeersMax} peers are traced, and one more peer only marks the span as cut`, () => {
  for (const [others, isCut] of [
    [tracedPeersMax, false],
    [tracedPeersMax + 1, true],
  ] as const) {
    const peers = Array.from({ length: others + 1 }, (_, index) => makePeer(index));
    const [origin] = peers;
    const member = { via: origin };
    noteRelayedBytes(
      { ...origin!, membership: { member } } as unknown as Peer,
      peers,
      { start: 0, end: 1 },
      0,
    );
    const [piece] = origin!.trace!.relayedSpans;
    expect([piece?.on.length, piece?.isCut]).toEqual([tracedPeersMax, isCut]);
  }
});

test(`at most ${unreportedSpansMax} spans wait to be reported, and later ones merge without their messages`, () => {
  const unreported = new SpanQueue();
  const of = [emptyTrace()];
  const piece = (at: number) => ({ what: "text", of, start: at, end: at + 1 }) as const;
  for (let at = 0; at < unreportedSpansMax; at += 1) unreported.add(piece(at));
  expect(unreported.length).toBe(unreportedSpansMax);
  for (let at = 0; at < 3; at += 1) unreported.add(piece(unreportedSpansMax + at));
  expect(unreported.length).toBe(unreportedSpansMax + 1);
  expect(unreported.takeTo(unreportedSpansMax)).toHaveLength(unreportedSpansMax);
  expect(unreported.takeTo(unreportedSpansMax + 9)).toEqual([
    { what: "text", of: [], start: unreportedSpansMax, end: unreportedSpansMax + 3 },
  ]);
  expect(unreported.length).toBe(0);
  unreported.add(piece(0));
  expect(unreported.takeTo(9)[0]?.of).toEqual(of);
});

test("a span that ends after a call is reported with the next one too, and cut-out bytes shift later spans", () => {
  const unreported = new SpanQueue();
  const of = [emptyTrace()];
  for (const [start, end] of [
    [0, 4],
    [4, 10],
    [10, 12],
    [12, 20],
  ] as const)
    unreported.add({ what: "text", of, start, end });
  const spanEnds = (end: number) => unreported.takeTo(end).map((piece) => [piece.start, piece.end]);
  expect(spanEnds(6)).toEqual([
    [0, 4],
    [4, 10],
  ]);
  unreported.cutOut(10, 2);
  expect(spanEnds(10)).toEqual([[4, 10]]);
  expect(spanEnds(99)).toEqual([[10, 18]]);
  expect(spanEnds(99)).toEqual([]);
});

test(`a message reports at most ${reportedSpansMax} spans, and carriedMore if any were left out`, () => {
  const world = new World();
  const hub = world.hub({ reportSpans: true });
  world.program().connect().send("here\n");
  const { chat } = hub;
  const sender = hub.peer();
  const report = (...ranges: readonly MessageSpan[]) =>
    assignOutputId(chat, sender, 1, { list: [...ranges] });
  const pieces = (count: number): readonly MessageSpan[] =>
    Array.from({ length: count }, (_, index) => ({ ...text(index, index + 1), on: sender.link.connection }));
  expect(report(...pieces(reportedSpansMax))).toMatchObject({ carried: { length: reportedSpansMax } });
  expect(report(...pieces(reportedSpansMax))).not.toHaveProperty("carriedMore");
  expect(report(...pieces(reportedSpansMax + 1))).toMatchObject({
    carried: { length: reportedSpansMax },
    carriedMore: true,
  });
  const closed = [{ connection: 999 as ConnectionId, at: 0 }];
  expect(report({ what: "text", way: "out", on: closed, start: 0, end: 1 })).toEqual({
    carried: [],
    carriedMore: true,
  });
});

test.each(["tcp", "udp"] as const)(
  "nothing is kept for tracing without a screen and without outputs that report it (%s)",
  (transport) => {
    const world = new World();
    const settings = { keepCalls: false };
    const hub = world.hub(settings, transport);
    const duets: Duet[] = [hub, ...["bob", "cat"].map((name) => world.member(name, transport, settings))];
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
    expect(hub.receivedLines()).toHaveLength(3);
  },
);
