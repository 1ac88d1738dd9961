/** Delivery over UDP under a virtual clock: the two halves against a network that the test makes, and each bound. */

import { expect, test } from "bun:test";
import { DeliveryReceiver } from "../../src/protocol/delivery/receiver.ts";
import { DeliverySender } from "../../src/protocol/delivery/sender.ts";
import { CongestionWindow } from "../../src/protocol/delivery/congestion-window.ts";
import {
  ackDelayMs,
  ackEveryFrames,
  ackRangesMax,
  transmissionNumberMax,
  busyProbeMs,
  outOfOrderMaxBytes,
  deliveryMaxMs,
  deliveryNumbersMax,
  deliveryAheadMax,
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
import { parseFrame } from "../../src/protocol/frames/frame-codec.ts";

const ping = encodeFrame({ type: "ping", number: 0 });

function sender(count: number): DeliverySender<number> {
  const made = new DeliverySender<number>(new RoundTrip());
  for (let tag = 1; tag <= count; tag += 1) made.enqueue(ping, 0, tag);
  return made;
}

function numbersOf(lines: readonly string[]): readonly number[] {
  return lines.map((line) => orderOf(line).number);
}

function orderOf(line: string) {
  const parsed = parseFrame(line);
  if (parsed.kind !== "frame" || parsed.order === undefined) throw new Error(`no order in ${line}`);
  return parsed.order;
}

/** Numbers given to a receiver, each as its own item. */
function receiver(numbers: readonly number[], atMs = 0) {
  const made = new DeliveryReceiver<number>();
  const given = numbers.flatMap((number) => made.accept({ number, transmission: 1 }, number, 10, atMs));
  return { made, given };
}

test("a frame's order travels beside it, and the first try is not said", () => {
  expect(numberLine(ping, { number: 5, transmission: 1 })).toBe('duet/1 {"type":"ping","number":0,"n":5}');
  const again = numberLine(ping, { number: 5, transmission: 3 });
  expect(again).toBe('duet/1 {"type":"ping","number":0,"n":5,"t":3}');
  expect(orderOf(again)).toEqual({ number: 5, transmission: 3 });
  const most = numberLine(ping, { number: Number.MAX_SAFE_INTEGER, transmission: transmissionNumberMax });
  expect(most.length - ping.length).toBeLessThanOrEqual(orderMaxBytes);
});

test("the round trip is smoothed as RFC 6298 does it, and its timeout keeps its bounds", () => {
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

test(`${deliveryWindowMax} frames are in flight, and not one more until one is acknowledged`, () => {
  const out = sender(100);
  expect(numbersOf(out.transmit(0).lines)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
  expect(out.transmit(0).lines).toEqual([]);
  expect(out.lastSent).toBe(32);
  expect(out.onAcknowledged({ upTo: 2, delayMs: 0 }, 10)).toEqual([1, 2]);
  expect(numbersOf(out.transmit(10).lines)).toEqual([33, 34]);
});

test("the window is halved once a round trip, never below its least, and grows again", () => {
  const window = new CongestionWindow();
  window.onLost(0, 100);
  window.onLost(99, 100);
  expect(window.frames).toBe(deliveryWindowMax / 2);
  for (let round = 1; round < 10; round += 1) window.onLost(round * 100, 100);
  expect(window.frames).toBe(deliveryWindowMin);
  for (let round = 0; round < 100; round += 1) window.onAcknowledged(window.frames);
  expect(window.frames).toBe(deliveryWindowMax);
});

test("what three later ones overtook is sent again at once, and not what two did", () => {
  const out = sender(5);
  out.transmit(0);
  out.onAcknowledged({ upTo: 0, also: [[2, 3]], delayMs: 0 }, 10);
  expect(out.transmit(10).lines).toEqual([]);
  out.onAcknowledged({ upTo: 0, also: [[2, 4]], delayMs: 0 }, 11);
  const again = out.transmit(11).lines;
  expect(again.map(orderOf)).toEqual([{ number: 1, transmission: 2 }]);
  expect(out.retransmissions).toBe(1);
});

test("a frame that was sent twice tells no round trip (Karn), and the receiver's delay is taken off", () => {
  const roundTrip = new RoundTrip();
  const out = new DeliverySender<number>(roundTrip);
  out.enqueue(ping, 0, 1);
  out.enqueue(ping, 0, 2);
  out.transmit(0);
  out.onAcknowledged({ upTo: 1, delayMs: 20 }, 50);
  expect(roundTrip.smoothedMs).toBe(30);
  out.onTimeReached(1000);
  expect(numbersOf(out.transmit(1000).lines)).toEqual([2]);
  out.onAcknowledged({ upTo: 2, delayMs: 0 }, 1001);
  expect(roundTrip.smoothedMs).toBe(30);
});

test(`unanswered, a frame is sent ${transmissionsMax} times, each after twice as long up to a second, and given up`, () => {
  const roundTrip = new RoundTrip();
  roundTrip.addSample(0);
  const out = new DeliverySender<number>(roundTrip);
  out.enqueue(ping, 0, 7);
  const sentAt: number[] = [];
  const givenUp: number[] = [];
  for (let nowMs = 0; nowMs <= deliveryMaxMs; nowMs = out.dueMs ?? Number.POSITIVE_INFINITY) {
    givenUp.push(...out.onTimeReached(nowMs));
    if (out.transmit(nowMs).lines.length > 0) sentAt.push(nowMs);
    if (out.isEmpty) break;
  }
  expect(sentAt.slice(0, 7)).toEqual([0, 50, 150, 350, 750, 1550, 2550]);
  expect(sentAt).toHaveLength(transmissionsMax);
  expect(givenUp).toEqual([7]);
});

test("a lasting frame is tried on, and given up by time alone; what was tried as often behind it is not waited for", () => {
  const roundTrip = new RoundTrip();
  roundTrip.addSample(0);
  const out = new DeliverySender<number>(roundTrip);
  out.enqueue(ping, 0, 7, true);
  out.enqueue(ping, 0, 8);
  const givenUp: (readonly [number, number])[] = [];
  let tries = 0;
  for (let nowMs = 0; !out.isEmpty; nowMs = out.dueMs ?? deliveryMaxMs) {
    for (const tag of out.onTimeReached(nowMs)) givenUp.push([tag, nowMs]);
    tries += numbersOf(out.transmit(nowMs).lines).filter((number) => number === 1).length;
  }
  expect(tries).toBeGreaterThan(transmissionsMax * 2);
  expect(givenUp.map(([tag]) => tag)).toEqual([8, 7]);
  expect(givenUp[0]![1]).toBeLessThan(deliveryMaxMs / 2);
  expect(givenUp[1]![1]).toBeGreaterThanOrEqual(deliveryMaxMs);
});

test(`after ${deliveryMaxMs / 1000} s a frame is given up though few tries were made`, () => {
  const out = sender(1);
  out.transmit(0);
  expect(out.onTimeReached(deliveryMaxMs - 1)).toEqual([]);
  expect(out.onTimeReached(deliveryMaxMs)).toEqual([1]);
});

test("a lasting frame that is given up is missed, until what makes up for it is sent after it; no other frame is", () => {
  const out = sender(1);
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
  // Sent before what makes up for it, and given up later: that is made up for as well.
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

test("what waits behind a peer that does not answer is given up as well, each a minute after it was handed over", () => {
  const out = sender(100);
  out.transmit(0);
  out.enqueue(ping, 1000, 101);
  expect(out.onTimeReached(deliveryMaxMs)).toHaveLength(100);
  expect(out.onTimeReached(deliveryMaxMs + 999)).toEqual([]);
  expect(out.onTimeReached(deliveryMaxMs + 1000)).toEqual([101]);
  expect([out.isEmpty, out.units]).toEqual([true, 0]);
});

test("what is given up is skipped, again and again until the peer knows it, and not before what may still come", () => {
  const out = sender(3);
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

test("what arrived beyond a gap that the peer never passes is given up, since nobody has seen it", () => {
  const out = sender(2);
  out.transmit(0);
  expect(out.onAcknowledged({ upTo: 0, also: [[2, 2]], delayMs: 0 }, 10)).toEqual([2]);
  const givenUp: number[] = [];
  for (let nowMs = 0; nowMs < 200_000; nowMs = out.dueMs ?? Number.POSITIVE_INFINITY) {
    givenUp.push(...out.onTimeReached(nowMs));
    out.transmit(nowMs);
  }
  expect(givenUp).toEqual([1, 2]);
});

test(`a sender runs ${deliveryAheadMax} frames ahead of the oldest, and no further`, () => {
  const out = sender(200);
  let sent = out.transmit(0).lines.length;
  for (let round = 0; round < 50; round += 1) {
    out.onAcknowledged({ upTo: 0, also: [[2, sent]], delayMs: 0 }, 0);
    sent += out.transmit(0).lines.filter((line) => orderOf(line).transmission === 1).length;
  }
  expect(sent).toBe(deliveryAheadMax);
});

test("a busy peer is asked with one frame at a time for as long as it says so, and nothing of it counts as tried or lost", () => {
  const out = sender(40);
  const inn = new DeliveryReceiver<number>();
  let isFull = true;
  const left: number[] = [];
  const givenUp: number[] = [];
  const turn = (nowMs: number): void => {
    givenUp.push(...out.onTimeReached(nowMs));
    for (const line of out.transmit(nowMs).lines) {
      left.push(nowMs);
      if (isFull) inn.refuse(orderOf(line), nowMs);
      else inn.accept(orderOf(line), orderOf(line).number, 10, nowMs);
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

test("a busy peer that falls silent is given up like any other", () => {
  const out = sender(40);
  out.transmit(0);
  out.onAcknowledged({ upTo: 0, delayMs: 0, busy: true }, 10);
  const givenUp: number[] = [];
  for (let nowMs = 10; nowMs < 200_000; nowMs = out.dueMs ?? Number.POSITIVE_INFINITY) {
    givenUp.push(...out.onTimeReached(nowMs));
    out.transmit(nowMs);
  }
  expect(givenUp).toHaveLength(40);
});

test("an acknowledgement of what was never sent changes nothing", () => {
  const out = sender(40);
  out.transmit(0);
  expect(out.onAcknowledged({ upTo: 2 ** 50, delayMs: 0 }, 1)).toHaveLength(32);
  expect(numbersOf(out.transmit(1).lines)[0]).toBe(33);
});

test("frames are given once and in order, whatever comes twice or early", () => {
  const { made, given } = receiver([2, 2, 1, 1, 4, 3, 2]);
  expect(given).toEqual([1, 2, 3, 4]);
  expect([made.received, made.duplicates, made.reordered, made.lost]).toEqual([4, 3, 2, 0]);
});

test("tries that never came are counted as lost, and no more when they come late", () => {
  const { made } = receiver([1]);
  made.accept({ number: 2, transmission: 3 }, 2, 10, 0);
  expect(made.lost).toBe(2);
  made.accept({ number: 2, transmission: 1 }, 2, 10, 0);
  expect([made.lost, made.reordered, made.duplicates]).toEqual([1, 1, 0]);
  made.accept({ number: 2, transmission: 3 }, 2, 10, 0);
  expect([made.lost, made.reordered, made.duplicates]).toEqual([1, 1, 1]);
});

test("one frame in order is acknowledged after the delay, several and all beyond a gap at once", () => {
  const one = receiver([1]).made;
  expect(one.takeAck(ackDelayMs - 1)).toBeUndefined();
  expect(one.dueMs).toBe(ackDelayMs);
  expect(one.takeAck(ackDelayMs)).toEqual({ upTo: 1, delayMs: ackDelayMs });
  expect(one.takeAck(1000)).toBeUndefined();
  const several = receiver(Array.from({ length: ackEveryFrames }, (_, index) => index + 1)).made;
  expect(several.takeAck(0)).toEqual({ upTo: ackEveryFrames, delayMs: 0 });
  const beyond = receiver([1, 3, 4, 6]).made;
  expect(beyond.takeAck(0)).toEqual({
    upTo: 1,
    also: [
      [3, 4],
      [6, 6],
    ],
    delayMs: 0,
  });
});

test("a replayed frame is acknowledged again, but at most once a delay", () => {
  const { made } = receiver([1]);
  made.takeAck(100);
  let acks = 0;
  for (let count = 0; count < 1000; count += 1) {
    made.accept({ number: 1, transmission: 1 }, 1, 10, 100);
    if (made.takeAck(100) !== undefined) acks += 1;
  }
  expect(acks).toBe(0);
  expect(made.takeAck(100 + ackDelayMs)).toEqual({ upTo: 1, delayMs: ackDelayMs });
});

test(`${deliveryNumbersMax} numbers ahead are taken, and not one more; so are the bytes that are held`, () => {
  const { made } = receiver([deliveryNumbersMax]);
  expect(made.received).toBe(1);
  made.accept({ number: deliveryNumbersMax + 1, transmission: 1 }, 0, 10, 0);
  expect(made.received).toBe(1);
  const full = receiver([]).made;
  full.accept({ number: 2, transmission: 1 }, 2, outOfOrderMaxBytes, 0);
  full.accept({ number: 3, transmission: 1 }, 3, 1, 0);
  expect([full.received, full.outOfOrderBytes]).toEqual([1, outOfOrderMaxBytes]);
  expect(full.accept({ number: 1, transmission: 1 }, 1, 1000, 0)).toEqual([1, 2]);
  expect(full.outOfOrderBytes).toBe(0);
});

test(`an acknowledgement names ${ackRangesMax} runs, and not one more`, () => {
  const { made } = receiver(Array.from({ length: ackRangesMax + 1 }, (_, index) => 2 + index * 2));
  const ack = made.takeAck(0);
  expect(ack?.also).toHaveLength(ackRangesMax);
  const line = encodeFrame({ type: "ack", ...ack! }, "k".repeat(16));
  expect(parseFrame(line)).toMatchObject({ kind: "frame", frame: { type: "ack" } });
  const tooMany = encodeFrame({ type: "ack", ...ack!, also: [...ack!.also!, [200, 201]] });
  expect(parseFrame(tooMany).kind).toBe("malformed");
});

test("a gap is named once, passed when the sender skips it, and by itself after a minute", () => {
  const { made } = receiver([1, 4]);
  expect(made.onTimeReached(gapReportedMs - 1)).toEqual({ missing: 0, skipped: 0, runs: [] });
  expect(made.onTimeReached(gapReportedMs)).toEqual({ missing: 2, skipped: 0, runs: [] });
  expect(made.onTimeReached(gapReportedMs + 1).missing).toBe(0);
  expect(made.skip(3, 5000)).toEqual({ missing: 0, skipped: 2, runs: [[4]] });
  expect(made.accept({ number: 2, transmission: 1 }, 2, 10, 5001)).toEqual([]);
  const silent = receiver([1, 4]).made;
  expect(silent.onTimeReached(gapSkippedMs - 1).runs).toEqual([]);
  expect(silent.onTimeReached(gapSkippedMs)).toEqual({ missing: 0, skipped: 2, runs: [[4]] });
});

test("what stood behind several gaps is given apart, so that nobody takes it for one run", () => {
  const { made } = receiver([1, 4, 5, 7]);
  expect(made.skip(9, 0)).toEqual({ missing: 0, skipped: 5, runs: [[4, 5], [7]] });
});

test("a skip however far costs a bounded number of steps", () => {
  const { made } = receiver([1]);
  expect(made.skip(Number.MAX_SAFE_INTEGER, 0).skipped).toBe(deliveryNumbersMax);
});

/** Sends `count` frames over a network that loses, doubles and delays; what came out, and when it was all over. */
function overNetwork(seed: number, loss: number, doubled: number, jitterMs: number, count: number) {
  const chance = seeded(seed);
  const out = new DeliverySender<number>(new RoundTrip());
  const inn = new DeliveryReceiver<number>();
  const underway: { atMs: number; arrive: (nowMs: number) => void }[] = [];
  const given: number[] = [];
  const acknowledged: number[] = [];
  const travel = (nowMs: number, arrive: (nowMs: number) => void): void => {
    for (let copies = chance() < doubled ? 2 : 1; copies > 0; copies -= 1)
      if (chance() >= loss) underway.push({ atMs: nowMs + 5 + Math.floor(chance() * jitterMs), arrive });
  };
  const settle = (nowMs: number): void => {
    const { skip, lines } = out.transmit(nowMs);
    if (skip !== undefined) throw new Error(`seed ${seed} gave up`);
    for (const line of lines)
      travel(nowMs, (atMs) => {
        const order = orderOf(line);
        given.push(...inn.accept(order, order.number, line.length, atMs));
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
  return { given, acknowledged, nowMs, out, inn };
}

test("whatever is lost up to 30 % each way, doubled or reordered, all comes once and in order", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const chance = seeded(seed + 1e6);
    const run = overNetwork(seed, chance() * 0.3, chance() * 0.5, chance() * 40, 100);
    const all = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(run.given).toEqual(all);
    expect(run.acknowledged.toSorted((one, other) => one - other)).toEqual(all);
  }
});

test("the loss that is measured is the loss there was", () => {
  const { inn, out } = overNetwork(7, 0.2, 0, 0, 5000);
  expect(inn.received).toBe(5000);
  const left = out.framesSent + out.retransmissions;
  expect(inn.lost / left).toBeGreaterThan(0.17);
  expect(inn.lost / left).toBeLessThan(0.23);
});

test("without loss nothing is sent twice, however much the network delays", () => {
  const { inn, out, nowMs } = overNetwork(1, 0, 0, 0, 1000);
  expect([out.retransmissions, inn.duplicates, inn.lost, inn.reordered]).toEqual([0, 0, 0, 0]);
  expect(nowMs).toBeLessThan(1000);
});
