/** Delivery over UDP under a virtual clock: sender and receiver over a simulated network, and each bound. */

import { describe, expect, test } from "bun:test";
import { DeliveryReceiver } from "../../src/protocol/delivery/receiver.ts";
import { DeliverySender } from "../../src/protocol/delivery/sender.ts";
import { CongestionWindow } from "../../src/protocol/delivery/congestion-window.ts";
import {
  ackDelayMs,
  ackEveryDatagrams,
  ackRangesMax,
  transmissionNumberMax,
  busyProbeMs,
  outOfOrderMaxBytes,
  datagramFrameMaxBytes,
  datagramFramesMax,
  deliveryMaxMs,
  deliveryNumbersMax,
  deliveryAheadMax,
  deliveryAheadFramesMax,
  transmissionsMax,
  deliveryWindowMax,
  deliveryWindowMin,
  gapReportedMs,
  gapSkippedMs,
  retransmitMaxMs,
  retransmitMinMs,
} from "../../src/protocol/limits.ts";
import { RoundTrip } from "../../src/protocol/delivery/round-trip.ts";
import { seeded } from "../support/seeded.ts";
import { encodeFrame } from "../../src/protocol/frames/frame-codec.ts";
import { numberLine } from "../../src/protocol/frames/frame-codec.ts";
import { orderMaxBytes } from "../../src/protocol/frames/frame-codec.ts";
import { splitDatagram } from "../../src/protocol/frames/datagram-frames.ts";
import { parseFrame } from "../../src/protocol/frames/frame-codec.ts";

const ping = encodeFrame({ type: "ping", number: 0 });

function makeSender(count: number): DeliverySender<number> {
  const receiver = new DeliverySender<number>(new RoundTrip());
  for (let tag = 1; tag <= count; tag += 1) receiver.enqueue(ping, 0, tag);
  return receiver;
}

function readNumbers(lines: readonly string[]): readonly number[] {
  return lines.map((line) => readOrder(line).number);
}

function readOrder(line: string) {
  const parsed = parseFrame(line);
  if (parsed.kind !== "frame" || parsed.order === undefined) throw new Error(`no order in ${line}`);
  return parsed.order;
}

/** A receiver that accepted these numbers, each with itself as the item. */
function makeReceiver(numbers: readonly number[], atMs = 0) {
  const receiver = new DeliveryReceiver<number>();
  const delivered = numbers.flatMap((number) =>
    receiver.accept({ number, transmission: 1 }, number, 10, atMs),
  );
  return { receiver, delivered };
}

test("the number is a field of the frame, and a first transmission is not stated", () => {
  expect(numberLine(ping, { number: 5, transmission: 1 })).toBe('duet/1 {"type":"ping","number":0,"n":5}');
  const again = numberLine(ping, { number: 5, transmission: 3 });
  expect(again).toBe('duet/1 {"type":"ping","number":0,"n":5,"t":3}');
  expect(readOrder(again)).toEqual({ number: 5, transmission: 3 });
  const most = numberLine(ping, { number: Number.MAX_SAFE_INTEGER, transmission: transmissionNumberMax });
  expect(most.length - ping.length).toBeLessThanOrEqual(orderMaxBytes);
});

test("the round trip is smoothed as in RFC 6298, and the timeout stays in its bounds", () => {
  const roundTrip = new RoundTrip();
  expect(roundTrip.timeoutMs).toBe(retransmitMaxMs);
  roundTrip.addSample(100);
  expect([roundTrip.smoothedMs, roundTrip.variationMs]).toEqual([100, 50]);
  roundTrip.addSample(200);
  expect([roundTrip.smoothedMs, roundTrip.variationMs]).toEqual([112.5, 62.5]);
  for (let count = 0; count < 200; count += 1) roundTrip.addSample(0);
  expect(roundTrip.timeoutMs).toBe(retransmitMinMs);
  for (let count = 0; count < 200; count += 1) roundTrip.addSample(5000);
  expect(roundTrip.timeoutMs).toBe(retransmitMaxMs);
});

test(`${deliveryWindowMax} frames are in flight, and no more until one is acknowledged`, () => {
  const out = makeSender(100);
  expect(readNumbers(out.transmit(0).datagrams)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
  expect(out.transmit(0).datagrams).toEqual([]);
  expect(out.lastSent).toBe(32);
  expect(out.onAcknowledged({ upTo: 2, delayMs: 0 }, 10)).toEqual([1, 2]);
  expect(readNumbers(out.transmit(10).datagrams)).toEqual([33, 34]);
});

test("the window is halved at most once a round trip, not below its minimum, and grows again", () => {
  const window = new CongestionWindow();
  window.onLost(0, 100);
  window.onLost(99, 100);
  expect(window.datagrams).toBe(deliveryWindowMax / 2);
  for (let round = 1; round < 10; round += 1) window.onLost(round * 100, 100);
  expect(window.datagrams).toBe(deliveryWindowMin);
  for (let round = 0; round < 100; round += 1) window.onAcknowledged(window.datagrams);
  expect(window.datagrams).toBe(deliveryWindowMax);
});

test("a frame overtaken by three later ones is retransmitted at once, one overtaken by two is not", () => {
  const out = makeSender(5);
  out.transmit(0);
  out.onAcknowledged({ upTo: 0, also: [[2, 3]], delayMs: 0 }, 10);
  expect(out.transmit(10).datagrams).toEqual([]);
  out.onAcknowledged({ upTo: 0, also: [[2, 4]], delayMs: 0 }, 11);
  const again = out.transmit(11).datagrams;
  expect(again.map(readOrder)).toEqual([{ number: 1, transmission: 2 }]);
  expect(out.retransmissions).toBe(1);
});

test("a retransmitted frame is no round trip sample (Karn), and the receiver's delay is subtracted", () => {
  const roundTrip = new RoundTrip();
  const out = new DeliverySender<number>(roundTrip);
  out.enqueue(ping, 0, 1);
  out.enqueue(ping, 0, 2);
  out.transmit(0);
  out.onAcknowledged({ upTo: 1, delayMs: 20 }, 50);
  expect(roundTrip.smoothedMs).toBe(30);
  out.onTimeReached(1000);
  expect(readNumbers(out.transmit(1000).datagrams)).toEqual([2]);
  out.onAcknowledged({ upTo: 2, delayMs: 0 }, 1001);
  expect(roundTrip.smoothedMs).toBe(30);
});

test(`a frame is given up after ${transmissionsMax} transmissions with timeouts doubling up to a second`, () => {
  const roundTrip = new RoundTrip();
  roundTrip.addSample(0);
  const out = new DeliverySender<number>(roundTrip);
  out.enqueue(ping, 0, 7);
  const sentAt: number[] = [];
  const givenUp: number[] = [];
  for (let nowMs = 0; nowMs <= deliveryMaxMs; nowMs = out.dueMs ?? Number.POSITIVE_INFINITY) {
    givenUp.push(...out.onTimeReached(nowMs));
    if (out.transmit(nowMs).datagrams.length > 0) sentAt.push(nowMs);
    if (out.isEmpty) break;
  }
  expect(sentAt.slice(0, 7)).toEqual([0, 50, 150, 350, 750, 1550, 2550]);
  expect(sentAt).toHaveLength(transmissionsMax);
  expect(givenUp).toEqual([7]);
});

test("a presence frame is retransmitted until its time is over, and blocks no later frame", () => {
  const roundTrip = new RoundTrip();
  roundTrip.addSample(0);
  const out = new DeliverySender<number>(roundTrip);
  out.enqueue(ping, 0, 7, true);
  out.enqueue(ping, 0, 8);
  const givenUp: (readonly [number, number])[] = [];
  let transmissions = 0;
  for (let nowMs = 0; !out.isEmpty; nowMs = out.dueMs ?? deliveryMaxMs) {
    for (const tag of out.onTimeReached(nowMs)) givenUp.push([tag, nowMs]);
    transmissions += readNumbers(out.transmit(nowMs).datagrams).filter((number) => number === 1).length;
  }
  expect(transmissions).toBeGreaterThan(transmissionsMax * 2);
  expect(givenUp.map(([tag]) => tag)).toEqual([8, 7]);
  expect(givenUp[0]![1]).toBeLessThan(deliveryMaxMs / 2);
  expect(givenUp[1]![1]).toBeGreaterThanOrEqual(deliveryMaxMs);
});

test(`a frame is given up after ${deliveryMaxMs / 1000} s even after few transmissions`, () => {
  const out = makeSender(1);
  out.transmit(0);
  expect(out.onTimeReached(deliveryMaxMs - 1)).toEqual([]);
  expect(out.onTimeReached(deliveryMaxMs)).toEqual([1]);
});

test("a presence frame that is given up requires a resync, any other frame does not", () => {
  const out = makeSender(1);
  out.transmit(0);
  out.onTimeReached(deliveryMaxMs);
  expect(out.resync.isNeeded).toBe(false);
  out.enqueue(ping, deliveryMaxMs, 2, true);
  out.enqueue(ping, deliveryMaxMs + 10, 3, true);
  out.transmit(deliveryMaxMs + 10);
  out.onTimeReached(2 * deliveryMaxMs + 9);
  expect(out.resync.isNeeded).toBe(false);
  out.onTimeReached(2 * deliveryMaxMs + 10);
  expect(out.resync.isNeeded).toBe(true);
  // Enqueued before the resync and given up after it: the resync replaced it as well.
  out.enqueue(ping, 3 * deliveryMaxMs, 4, true);
  out.transmit(3 * deliveryMaxMs);
  out.resync.onResynced(out.lastEnqueued);
  out.enqueue(ping, 3 * deliveryMaxMs + 10, 5, true);
  out.transmit(3 * deliveryMaxMs + 10);
  expect(out.onTimeReached(4 * deliveryMaxMs)).toEqual([4]);
  expect(out.resync.isNeeded).toBe(false);
  expect(out.onTimeReached(4 * deliveryMaxMs + 10)).toEqual([5]);
  expect(out.resync.isNeeded).toBe(true);
});

test("unsent frames for a peer that does not answer are given up a minute after they were enqueued", () => {
  const out = makeSender(100);
  out.transmit(0);
  out.enqueue(ping, 1000, 101);
  expect(out.onTimeReached(deliveryMaxMs)).toHaveLength(100);
  expect(out.onTimeReached(deliveryMaxMs + 999)).toEqual([]);
  expect(out.onTimeReached(deliveryMaxMs + 1000)).toEqual([101]);
  expect([out.isEmpty, out.units]).toEqual([true, 0]);
});

test("a skip of given up frames is repeated until it is acknowledged, and never covers frames in flight", () => {
  const out = makeSender(3);
  out.transmit(0);
  out.onAcknowledged({ upTo: 1, also: [[3, 3]], delayMs: 0 }, 1);
  expect(out.onTimeReached(deliveryMaxMs)).toEqual([2]);
  expect(out.transmit(deliveryMaxMs).skip).toBe(3 - 1);
  expect(out.transmit(deliveryMaxMs + 1).skip).toBeUndefined();
  expect(out.transmit(deliveryMaxMs + retransmitMaxMs).skip).toBe(2);
  out.onAcknowledged({ upTo: 3, delayMs: 0 }, deliveryMaxMs + 2000);
  expect(out.transmit(deliveryMaxMs + 5000).skip).toBeUndefined();
  expect(out.dueMs).toBeUndefined();
});

test("frames sacked beyond a gap that the peer never skips are given up", () => {
  const out = makeSender(2);
  out.transmit(0);
  expect(out.onAcknowledged({ upTo: 0, also: [[2, 2]], delayMs: 0 }, 10)).toEqual([2]);
  const givenUp: number[] = [];
  for (let nowMs = 0; nowMs < 200_000; nowMs = out.dueMs ?? Number.POSITIVE_INFINITY) {
    givenUp.push(...out.onTimeReached(nowMs));
    out.transmit(nowMs);
  }
  expect(givenUp).toEqual([1, 2]);
});

test(`a sender is at most ${deliveryAheadMax} frames ahead of the oldest unacknowledged one`, () => {
  const out = makeSender(200);
  let sent = out.transmit(0).datagrams.length;
  for (let round = 0; round < 50; round += 1) {
    out.onAcknowledged({ upTo: 0, also: [[2, sent]], delayMs: 0 }, 0);
    sent += out.transmit(0).datagrams.filter((line) => readOrder(line).transmission === 1).length;
  }
  expect(sent).toBe(deliveryAheadMax);
});

describe("to a receiver that reads several frames of a datagram", () => {
  const text = "x".repeat(100);
  const line = encodeFrame({ type: "message", id: 1, text });
  const makeBatching = (count: number): DeliverySender<number> => {
    const out = new DeliverySender<number>(new RoundTrip(), datagramFramesMax);
    for (let tag = 1; tag <= count; tag += 1) out.enqueue(line, 0, tag);
    return out;
  };
  const readAll = (datagrams: readonly string[]): readonly (readonly number[])[] =>
    datagrams.map((datagram) => readNumbers(splitDatagram(datagram)));
  /** As many frames of the line as a datagram has. */
  const full = readAll(makeBatching(100).transmit(0).datagrams)[0]?.length ?? 0;

  test(`${deliveryWindowMax} datagrams are in flight, and an acknowledged one makes room for another full one`, () => {
    const out = makeBatching(50 * full);
    const first = readAll(out.transmit(0).datagrams);
    expect(first).toHaveLength(deliveryWindowMax);
    for (const frames of first.slice(1)) expect(frames.length).toBe(full);
    expect(out.transmit(0).datagrams).toEqual([]);
    out.onAcknowledged({ upTo: full - 1, delayMs: 0 }, 10);
    expect(out.transmit(10).datagrams).toEqual([]);
    out.onAcknowledged({ upTo: full, delayMs: 0 }, 10);
    expect(readAll(out.transmit(10).datagrams).map(({ length }) => length)).toEqual([full]);
  });

  test("a datagram is lost when three later ones have arrived, however many frames they had", () => {
    const out = makeBatching(10 * full);
    const sent = readAll(out.transmit(0).datagrams);
    const [lost = [], ...later] = sent;
    const acknowledge = (datagrams: number): void =>
      void out.onAcknowledged(
        { upTo: 0, also: [[later[0]![0]!, later[datagrams - 1]!.at(-1)!]], delayMs: 0 },
        10,
      );
    acknowledge(2);
    expect(out.transmit(10).datagrams).toEqual([]);
    acknowledge(3);
    expect(readAll(out.transmit(10).datagrams).flat()).toEqual([...lost]);
    expect(out.retransmissions).toBe(lost.length);
  });

  test(`it is at most ${deliveryAheadFramesMax} frames, and ${deliveryAheadMax} full datagrams, ahead`, () => {
    const countAhead = (size: number): number => {
      const out = new DeliverySender<number>(new RoundTrip(), datagramFramesMax);
      const one = encodeFrame({ type: "message", id: 1, text: "x".repeat(size) });
      for (let tag = 0; tag < 3000; tag += 1) out.enqueue(one, 0);
      out.transmit(0);
      for (let round = 0; round < 200; round += 1) {
        out.onAcknowledged({ upTo: 0, also: [[2, out.lastSent]], delayMs: 0 }, 0);
        out.transmit(0);
      }
      return out.lastSent;
    };
    expect(countAhead(0)).toBe(deliveryAheadFramesMax);
    const bytes = encodeFrame({ type: "message", id: 1, text: "x".repeat(1100) }).length;
    const most = Math.ceil((deliveryAheadMax * datagramFrameMaxBytes) / bytes);
    expect([countAhead(1100), most * bytes < outOfOrderMaxBytes]).toEqual([most, true]);
  });

  test("frames of one datagram are acknowledged as one is", () => {
    const accept = (datagrams: number): DeliveryReceiver<number> => {
      const receiver = new DeliveryReceiver<number>();
      for (let number = 1; number <= datagrams * 3; number += 1)
        receiver.accept({ number, transmission: 1 }, number, 10, 0, number % 3 === 1);
      return receiver;
    };
    expect(accept(ackEveryDatagrams - 1).takeAck(0)).toBeUndefined();
    expect(accept(ackEveryDatagrams).takeAck(0)?.upTo).toBe(ackEveryDatagrams * 3);
  });
});

test("a busy peer is probed with one frame at a time, and probes count neither as transmissions nor as lost", () => {
  const out = makeSender(40);
  const inn = new DeliveryReceiver<number>();
  let isFull = true;
  const left: number[] = [];
  const givenUp: number[] = [];
  const turn = (nowMs: number): void => {
    givenUp.push(...out.onTimeReached(nowMs));
    for (const line of out.transmit(nowMs).datagrams) {
      left.push(nowMs);
      if (isFull) inn.refuse(readOrder(line), nowMs);
      else inn.accept(readOrder(line), readOrder(line).number, 10, nowMs);
    }
    const ack = inn.takeAck(nowMs);
    if (ack === undefined) return;
    out.onAcknowledged(ack, nowMs);
    turn(nowMs);
  };
  let nowMs = 0;
  const until = (endMs: number): void => {
    for (; nowMs < endMs; nowMs = Math.max(nowMs, Math.min(out.dueMs ?? endMs, inn.dueMs ?? endMs, endMs)))
      turn(nowMs);
  };
  until(200_000);
  expect(left.filter((atMs) => atMs === 0)).toHaveLength(deliveryWindowMax);
  expect(left.length - deliveryWindowMax).toBeCloseTo(200_000 / busyProbeMs, -2);
  expect(givenUp).toEqual([]);
  isFull = false;
  until(230_000);
  expect([out.isEmpty, inn.upTo, inn.lost, inn.duplicates]).toEqual([true, 40, 0, 0]);
});

test("frames for a busy peer that becomes silent are given up like any other", () => {
  const out = makeSender(40);
  out.transmit(0);
  out.onAcknowledged({ upTo: 0, delayMs: 0, busy: true }, 10);
  const givenUp: number[] = [];
  for (let nowMs = 10; nowMs < 200_000; nowMs = out.dueMs ?? Number.POSITIVE_INFINITY) {
    givenUp.push(...out.onTimeReached(nowMs));
    out.transmit(nowMs);
  }
  expect(givenUp).toHaveLength(40);
});

test("an acknowledgement of unsent frames changes nothing", () => {
  const out = makeSender(40);
  out.transmit(0);
  expect(out.onAcknowledged({ upTo: 2 ** 50, delayMs: 0 }, 1)).toHaveLength(32);
  expect(readNumbers(out.transmit(1).datagrams)[0]).toBe(33);
});

test("frames are delivered once and in order, despite duplicates and reordering", () => {
  const { receiver, delivered } = makeReceiver([2, 2, 1, 1, 4, 3, 2]);
  expect(delivered).toEqual([1, 2, 3, 4]);
  expect([receiver.received, receiver.duplicates, receiver.reordered, receiver.lost]).toEqual([4, 3, 2, 0]);
});

test("missing transmissions count as lost, and no longer when they arrive late", () => {
  const { receiver } = makeReceiver([1]);
  receiver.accept({ number: 2, transmission: 3 }, 2, 10, 0);
  expect(receiver.lost).toBe(2);
  receiver.accept({ number: 2, transmission: 1 }, 2, 10, 0);
  expect([receiver.lost, receiver.reordered, receiver.duplicates]).toEqual([1, 1, 0]);
  receiver.accept({ number: 2, transmission: 3 }, 2, 10, 0);
  expect([receiver.lost, receiver.reordered, receiver.duplicates]).toEqual([1, 1, 1]);
});

test("one frame in order is acknowledged after the delay, several or any beyond a gap at once", () => {
  const one = makeReceiver([1]).receiver;
  expect(one.takeAck(ackDelayMs - 1)).toBeUndefined();
  expect(one.dueMs).toBe(ackDelayMs);
  expect(one.takeAck(ackDelayMs)).toEqual({ upTo: 1, delayMs: ackDelayMs });
  expect(one.takeAck(1000)).toBeUndefined();
  const several = makeReceiver(Array.from({ length: ackEveryDatagrams }, (_, index) => index + 1)).receiver;
  expect(several.takeAck(0)).toEqual({ upTo: ackEveryDatagrams, delayMs: 0 });
  const beyond = makeReceiver([1, 3, 4, 6]).receiver;
  expect(beyond.takeAck(0)).toEqual({
    upTo: 1,
    also: [
      [3, 4],
      [6, 6],
    ],
    delayMs: 0,
  });
});

test("a replayed frame is acknowledged again, but at most once per delay", () => {
  const { receiver } = makeReceiver([1]);
  receiver.takeAck(100);
  let acks = 0;
  for (let count = 0; count < 1000; count += 1) {
    receiver.accept({ number: 1, transmission: 1 }, 1, 10, 100);
    if (receiver.takeAck(100) !== undefined) acks += 1;
  }
  expect(acks).toBe(0);
  expect(receiver.takeAck(100 + ackDelayMs)).toEqual({ upTo: 1, delayMs: ackDelayMs });
});

test(`at most ${deliveryNumbersMax} numbers ahead are accepted, and out-of-order bytes up to their bound`, () => {
  const { receiver } = makeReceiver([deliveryNumbersMax]);
  expect(receiver.received).toBe(1);
  receiver.accept({ number: deliveryNumbersMax + 1, transmission: 1 }, 0, 10, 0);
  expect(receiver.received).toBe(1);
  const full = makeReceiver([]).receiver;
  full.accept({ number: 2, transmission: 1 }, 2, outOfOrderMaxBytes, 0);
  full.accept({ number: 3, transmission: 1 }, 3, 1, 0);
  expect([full.received, full.outOfOrderBytes]).toEqual([1, outOfOrderMaxBytes]);
  expect(full.accept({ number: 1, transmission: 1 }, 1, 1000, 0)).toEqual([1, 2]);
  expect(full.outOfOrderBytes).toBe(0);
});

test(`an acknowledgement has at most ${ackRangesMax} ranges`, () => {
  const { receiver } = makeReceiver(Array.from({ length: ackRangesMax + 1 }, (_, index) => 2 + index * 2));
  const ack = receiver.takeAck(0);
  expect(ack?.also).toHaveLength(ackRangesMax);
  const line = encodeFrame({ type: "ack", ...ack! }, "k".repeat(16));
  expect(parseFrame(line)).toMatchObject({ kind: "frame", frame: { type: "ack" } });
  const tooMany = encodeFrame({ type: "ack", ...ack!, also: [...ack!.also!, [200, 201]] });
  expect(parseFrame(tooMany).kind).toBe("malformed");
});

test("a gap is reported once, and skipped by the sender's skip or after a minute", () => {
  const { receiver } = makeReceiver([1, 4]);
  expect(receiver.onTimeReached(gapReportedMs - 1)).toEqual({ missing: 0, skipped: 0, runs: [] });
  expect(receiver.onTimeReached(gapReportedMs)).toEqual({ missing: 2, skipped: 0, runs: [] });
  expect(receiver.onTimeReached(gapReportedMs + 1).missing).toBe(0);
  expect(receiver.skip(3, 5000)).toEqual({ missing: 0, skipped: 2, runs: [[4]] });
  expect(receiver.accept({ number: 2, transmission: 1 }, 2, 10, 5001)).toEqual([]);
  const silent = makeReceiver([1, 4]).receiver;
  expect(silent.onTimeReached(gapSkippedMs - 1).runs).toEqual([]);
  expect(silent.onTimeReached(gapSkippedMs)).toEqual({ missing: 0, skipped: 2, runs: [[4]] });
});

test("frames behind several gaps are delivered as separate runs", () => {
  const { receiver } = makeReceiver([1, 4, 5, 7]);
  expect(receiver.skip(9, 0)).toEqual({ missing: 0, skipped: 5, runs: [[4, 5], [7]] });
});

test("a skip of any size takes a bounded number of steps", () => {
  const { receiver } = makeReceiver([1]);
  expect(receiver.skip(Number.MAX_SAFE_INTEGER, 0).skipped).toBe(deliveryNumbersMax);
});

/**
 * Sends `count` frames over a network that drops, duplicates and delays. Returns the delivered frames and the time
 * of the end.
 */
function runOverNetwork(seed: number, loss: number, doubled: number, jitterMs: number, count: number) {
  const chance = seeded(seed);
  const out = new DeliverySender<number>(new RoundTrip());
  const inn = new DeliveryReceiver<number>();
  const underway: { atMs: number; arrive: (nowMs: number) => void }[] = [];
  const delivered: number[] = [];
  const acknowledged: number[] = [];
  const travel = (nowMs: number, arrive: (nowMs: number) => void): void => {
    for (let copies = chance() < doubled ? 2 : 1; copies > 0; copies -= 1)
      if (chance() >= loss) underway.push({ atMs: nowMs + 5 + Math.floor(chance() * jitterMs), arrive });
  };
  const settle = (nowMs: number): void => {
    const { skip, datagrams: lines } = out.transmit(nowMs);
    if (skip !== undefined) throw new Error(`seed ${seed} gave up`);
    for (const line of lines)
      travel(nowMs, (atMs) => {
        const order = readOrder(line);
        delivered.push(...inn.accept(order, order.number, line.length, atMs));
      });
    const ack = inn.takeAck(nowMs);
    if (ack !== undefined) travel(nowMs, (atMs) => void acknowledged.push(...out.onAcknowledged(ack, atMs)));
  };
  for (let tag = 1; tag <= count; tag += 1) out.enqueue(ping, 0, tag);
  let nowMs = 0;
  for (settle(nowMs); !out.isEmpty; settle(nowMs)) {
    nowMs = Math.min(out.dueMs ?? Infinity, inn.dueMs ?? Infinity, ...underway.map(({ atMs }) => atMs));
    if (nowMs > 600_000) throw new Error(`seed ${seed} does not end`);
    for (const arrived of underway.filter(({ atMs }) => atMs <= nowMs)) arrived.arrive(nowMs);
    underway.splice(0, Infinity, ...underway.filter(({ atMs }) => atMs > nowMs));
    acknowledged.push(...out.onTimeReached(nowMs).map((tag) => -tag));
    if (inn.onTimeReached(nowMs).skipped > 0) throw new Error(`seed ${seed} passed a gap`);
  }
  return { delivered, acknowledged, nowMs, out, inn };
}

test("all frames arrive once and in order with up to 30 % loss each way, duplicates and reordering", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const chance = seeded(seed + 1e6);
    const run = runOverNetwork(seed, chance() * 0.3, chance() * 0.5, chance() * 40, 100);
    const all = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(run.delivered).toEqual(all);
    expect(run.acknowledged.toSorted((one, other) => one - other)).toEqual(all);
  }
});

test("the measured loss is the real loss", () => {
  const { inn, out } = runOverNetwork(7, 0.2, 0, 0, 5000);
  expect(inn.received).toBe(5000);
  const left = out.framesSent + out.retransmissions;
  expect(inn.lost / left).toBeGreaterThan(0.17);
  expect(inn.lost / left).toBeLessThan(0.23);
});

test("without loss nothing is retransmitted, however long the delay", () => {
  const { inn, out, nowMs } = runOverNetwork(1, 0, 0, 0, 1000);
  expect([out.retransmissions, inn.duplicates, inn.lost, inn.reordered]).toEqual([0, 0, 0, 0]);
  expect(nowMs).toBeLessThan(1000);
});
