/**
 * Delivery over UDP: an input is a network, a sequence of losses, repeats, delays and acknowledgements, honest or
 * forged. Each frame is delivered at most once and in order; over an honest network each is delivered or given up.
 */

import { DeliveryReceiver } from "../../../src/protocol/delivery/receiver.ts";
import { RoundTrip } from "../../../src/protocol/delivery/round-trip.ts";
import { DeliverySender } from "../../../src/protocol/delivery/sender.ts";
import { parseFrame } from "../../../src/protocol/frames/frame-codec.ts";
import type { Acknowledgement, FrameOrder } from "../../../src/protocol/frames/frame.ts";
import {
  ackRangesMax,
  deliveryNumbersMax,
  deliveryWindowMax,
  outOfOrderMaxBytes,
} from "../../../src/protocol/limits.ts";
import { demand, demandSame, type FuzzTarget } from "../target.ts";

const enqueuedMax = 400;
const waits = [0, 1, 25, 60, 300, 1000, 5000, 61_000];

type Datagram = { readonly skip: number } | { readonly order: FrameOrder; readonly text: string };

/** A sender, a receiver, and the datagrams between them. */
class Link {
  readonly sender = new DeliverySender<number>(new RoundTrip());
  readonly receiver = new DeliveryReceiver<number>();
  readonly inFlight: Datagram[] = [];
  readonly acks: Acknowledgement[] = [];
  readonly delivered: number[] = [];
  readonly acknowledged = new Set<number>();
  /** Given up, or acknowledged beyond a gap that was never closed: never delivered. */
  readonly lost = new Set<number>();
  nowMs = 0;
  enqueued = 0;
  isForged = false;

  enqueue(isPresence: boolean): void {
    if (this.enqueued === enqueuedMax) return;
    this.enqueued += 1;
    this.sender.enqueue(
      `duet/1 {"type":"message","id":${this.enqueued},"text":""}`,
      this.nowMs,
      this.enqueued,
      isPresence,
    );
  }

  transmit(): void {
    const { skip, datagrams: lines } = this.sender.transmit(this.nowMs);
    demand(
      lines.length <= deliveryWindowMax,
      "no more frames than the window are sent at once",
      lines.length,
    );
    if (skip !== undefined) this.inFlight.push({ skip });
    for (const line of lines) {
      const parsed = parseFrame(line);
      if (parsed.kind !== "frame" || parsed.order === undefined || parsed.frame.type !== "message")
        throw new Error(`a numbered frame is parsed: ${line}`);
      demandSame(parsed.frame.id, parsed.order.number, "frames are numbered in order");
      this.inFlight.push({ order: parsed.order, text: line });
    }
    if (this.inFlight.length > 4096) this.inFlight.splice(0, this.inFlight.length - 4096);
  }

  receive(datagram: Datagram | undefined): void {
    if (datagram === undefined) return;
    if ("skip" in datagram) this.deliver(this.receiver.skip(datagram.skip, this.nowMs).runs.flat());
    else {
      const { order, text } = datagram;
      this.deliver(this.receiver.accept(order, order.number, text.length, this.nowMs));
    }
  }

  deliver(numbers: readonly number[]): void {
    for (const number of numbers) {
      demand(number > (this.delivered.at(-1) ?? 0), "frames are delivered once and in order", number);
      this.delivered.push(number);
    }
  }

  noteAcknowledged(tags: readonly number[]): void {
    for (const tag of tags) {
      demand(!this.acknowledged.has(tag), "a frame is acknowledged once", tag);
      this.acknowledged.add(tag);
    }
  }

  noteLost(tags: readonly number[]): void {
    for (const tag of tags) {
      demand(!this.lost.has(tag), "a frame is lost once", tag);
      this.lost.add(tag);
    }
  }

  /** The frames of which nothing further will be reported. */
  get settled(): number {
    return this.acknowledged.union(this.lost).size;
  }

  acknowledge(isWanted: boolean): void {
    const ack = this.receiver.takeAck(this.nowMs, isWanted);
    if (ack === undefined) return;
    demand((ack.also?.length ?? 0) <= ackRangesMax && ack.delayMs >= 0, "an acknowledgement is bounded", ack);
    let last = ack.upTo;
    for (const [first, end] of ack.also ?? []) {
      demand(first > last + 1 && end >= first, "ranges are ascending and apart", ack);
      last = end;
    }
    this.acks.push(ack);
    if (this.acks.length > 256) this.acks.shift();
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.noteLost(this.sender.onTimeReached(this.nowMs));
    const { runs, missing, skipped } = this.receiver.onTimeReached(this.nowMs);
    demand(missing >= 0 && skipped >= 0, "a report counts frames", { missing, skipped });
    this.deliver(runs.flat());
  }

  check(): void {
    const { receiver, sender } = this;
    demand(
      receiver.outOfOrderBytes >= 0 && receiver.outOfOrderBytes <= outOfOrderMaxBytes,
      "kept frames are bounded",
    );
    demand(receiver.lost >= 0 && receiver.duplicates >= 0, "counters are counts");
    demand(
      sender.units >= 0 && (!sender.isEmpty || sender.units === 0),
      "an empty sender has no units",
      sender.units,
    );
    demand(
      sender.lastSent - (this.isForged ? 0 : receiver.upTo) >= 0 || this.isForged,
      "nothing unsent is received",
    );
    demand(sender.lastEnqueued - sender.lastSent >= 0, "no more is sent than enqueued");
  }
}

/** One step: its first byte chooses what happens, the second one to which datagram. Returns the bytes read. */
function step(link: Link, code: number, value: number): void {
  const { inFlight, acks, nowMs } = link;
  const at = inFlight.length === 0 ? 0 : value % inFlight.length;
  switch (code % 13) {
    case 0:
      return link.enqueue(false);
    case 1:
      for (let count = 0; count < value; count += 1) link.enqueue(count % 7 === 0);
      return;
    case 2:
      return link.transmit();
    case 3:
      return link.receive(inFlight.splice(at, 1)[0]);
    case 4: // Repeated.
      return link.receive(inFlight[at]);
    case 5: // Lost.
      inFlight.splice(at, 1 + (value >> 4));
      return;
    case 6: // In order.
      for (const one of inFlight.splice(0, 1 + value)) link.receive(one);
      return;
    case 7:
      return link.acknowledge(value > 127);
    case 8: {
      const ack = value > 200 ? acks[value % Math.max(1, acks.length)] : acks.shift();
      if (ack !== undefined) link.noteAcknowledged(link.sender.onAcknowledged(ack, nowMs));
      return;
    }
    case 9:
      return link.pass(waits[value % waits.length] ?? 0);
    case 10:
      link.receiver.refuse({ number: link.receiver.upTo + 1 + (value % 4), transmission: 1 }, nowMs);
      if (value > 99) link.receiver.endRefusal(nowMs);
      return;
    case 11:
      return forgeAck(link, value);
    default:
      return forgeFrames(link, value);
  }
}

function forgeAck(link: Link, value: number): void {
  link.isForged = true;
  const upTo = value % 2 === 0 ? value : link.sender.lastSent + value;
  const also = [[value, value + 5] as const, [value >> 1, Number.MAX_SAFE_INTEGER] as const];
  const busy = value % 3 === 0 ? ({ busy: true } as const) : {};
  link.noteAcknowledged(
    link.sender.onAcknowledged(
      { upTo, ...(value % 5 < 3 ? { also } : {}), delayMs: value, ...busy },
      link.nowMs,
    ),
  );
}

/** Frames that the sender did not send, of any size and number, and a skip. */
function forgeFrames(link: Link, value: number): void {
  link.isForged = true;
  const ahead =
    value % 4 === 0 ? deliveryNumbersMax - 2 : value % 4 === 1 ? Number.MAX_SAFE_INTEGER - 300 : 1;
  const number = link.receiver.upTo + ahead + (value >> 2);
  const bytes = value % 8 === 7 ? outOfOrderMaxBytes : 1000;
  link.deliver(link.receiver.accept({ number, transmission: 1 + (value % 255) }, number, bytes, link.nowMs));
  if (value % 16 === 5) link.deliver(link.receiver.skip(number, link.nowMs).runs.flat());
}

function run(input: Uint8Array): void {
  const link = new Link();
  for (let at = 0; at + 1 < input.length; at += 2) {
    step(link, input[at] ?? 0, input[at + 1] ?? 0);
    link.check();
  }
  if (link.isForged) {
    link.noteLost(link.sender.takeAll());
    demandSame(link.settled, link.enqueued, "each frame is settled at the end");
    return;
  }
  drain(link);
}

/** From now on the network is perfect: everything that was not given up arrives, and both sides agree. */
function drain(link: Link): void {
  const { sender, receiver } = link;
  link.acks.length = 0;
  for (let round = 0; round < 4000 && !(sender.isEmpty && receiver.outOfOrderBytes === 0); round += 1) {
    link.transmit();
    for (const one of link.inFlight.splice(0)) link.receive(one);
    receiver.endRefusal(link.nowMs);
    link.acknowledge(true);
    for (const ack of link.acks.splice(0)) link.noteAcknowledged(sender.onAcknowledged(ack, link.nowMs));
    link.pass(20);
    link.check();
    demand(sender.lastSent - receiver.upTo < deliveryNumbersMax, "the receiver accepts what is sent");
  }
  demand(sender.isEmpty, "everything is acknowledged or given up", sender.units);
  demandSame(sender.units, 0, "an empty sender takes no memory");
  demandSame(link.settled, link.enqueued, "each frame is settled once");
}

export const deliveryTarget: FuzzTarget = {
  name: "delivery",
  modules: /^src\/protocol\/delivery\//,
  seeds: [
    Uint8Array.of(0, 0, 2, 0, 3, 0, 7, 200, 8, 0),
    Uint8Array.of(1, 40, 2, 0, 5, 0, 6, 30, 7, 200, 8, 0, 2, 0, 9, 4, 2, 0, 6, 99),
    Uint8Array.of(1, 9, 2, 0, 4, 3, 4, 3, 3, 5, 3, 1, 7, 200, 8, 0, 9, 5, 9, 5, 9, 7, 2, 0, 6, 255, 8, 250),
    Uint8Array.of(
      1,
      200,
      2,
      0,
      10,
      1,
      7,
      200,
      8,
      0,
      9,
      4,
      2,
      0,
      10,
      101,
      7,
      200,
      8,
      0,
      2,
      0,
      6,
      255,
      7,
      200,
      8,
      0,
    ),
    Uint8Array.of(1, 20, 2, 0, 11, 7, 11, 6, 12, 4, 12, 5, 12, 7, 12, 21, 7, 200, 8, 0, 9, 6),
  ],
  tokens: [
    "\x02\0\x06\xff\x07\xff\x08\0",
    "\x09\x07\x02\0",
    "\x01\x80\x02\0",
    "\x05\xff",
    "\x09\x04",
    "\x0a\0\x07\xff\x08\0",
  ],
  run,
};
