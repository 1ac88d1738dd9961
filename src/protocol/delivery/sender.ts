/**
 * The sending half of PROTOCOL.md, Delivery over UDP: numbers what must arrive, sends it again until it is
 * acknowledged, and says what it has given up. Sans-IO: times come in, lines to send come out. It knows no keys, and of
 * a frame only its line.
 */

import { CongestionWindow } from "./congestion-window.ts";
import type { Acknowledgement } from "../frames/frame.ts";
import {
  transmissionNumberMax,
  busyProbeMs,
  deliveryMaxMs,
  deliveryAheadMax,
  transmissionsMax,
  retransmitMaxMs,
} from "../limits.ts";
import { SackedFrames } from "./sacked-frames.ts";
import { StateResync } from "./state-resync.ts";
import { FastRetransmit } from "./fast-retransmit.ts";
import { RetransmitTimer } from "./retransmit-timer.ts";
import type { RoundTrip } from "./round-trip.ts";
import { type SentFrame, SentFrames } from "./sent-frames.ts";
import { ForwardSequence } from "./forward-sequence.ts";
import { UnsentLines } from "./unsent-lines.ts";
import { numberLine } from "../frames/frame-codec.ts";

/** What may leave now. `skip`: a frame of that type, up to this number, goes first. */
interface Transmission<Tag> {
  readonly skip: number | undefined;
  readonly lines: readonly string[];
  /** The tag of each line's frame. Valid until the next one. */
  readonly tags: readonly (Tag | undefined)[];
}

/** Frames that have the same tag are told of together; a tag is known again by being the same one. */
export class DeliverySender<Tag extends object | string | number> {
  readonly #roundTrip: RoundTrip;
  readonly #window = new CongestionWindow();
  readonly #unsent = new UnsentLines<SentFrame<Tag>>();
  readonly #sent = new SentFrames<Tag>();
  readonly #sacked = new SackedFrames<Tag>();
  #next = 1;
  #order = 0;
  readonly #fastRetransmit = new FastRetransmit();
  #cumulative = 0;
  #answeredMs = 0;
  readonly #timer: RetransmitTimer;
  /** The peer takes nothing for now: when it was last asked. */
  #busyMs: number | undefined;
  readonly #forward = new ForwardSequence();
  /** Whether a lasting frame was given up, so that the peer needs the whole state again. */
  readonly resync = new StateResync();
  /** UTF-16 units of all lines that are not acknowledged: the memory they take. */
  #units = 0;
  #framesSent = 0;
  #retransmitted = 0;
  /** Of the lines that leave now; used again, for most callers want none. */
  readonly #tags: (Tag | undefined)[] = [];

  constructor(roundTrip: RoundTrip) {
    this.#roundTrip = roundTrip;
    this.#timer = new RetransmitTimer(roundTrip);
  }

  /** All that was pushed has been acknowledged or given up. */
  get isEmpty(): boolean {
    return this.#sent.size === 0 && this.#unsent.isEmpty;
  }

  get units(): number {
    return this.#units;
  }

  /** When an acknowledgement last told something new, or there was nothing to tell. */
  get acknowledgedMs(): number {
    return this.#answeredMs;
  }

  /** Of them, those that were not sent yet. */
  get unsentUnits(): number {
    return this.#unsent.units;
  }

  /** The number of the newest frame that was pushed; 0: none. */
  get lastEnqueued(): number {
    return this.#next - 1;
  }

  /** The number of the newest frame that was sent; 0: none. */
  get lastSent(): number {
    return (this.#unsent.next?.number ?? this.#next) - 1;
  }

  /** Frames sent, each counted once. */
  get framesSent(): number {
    return this.#framesSent;
  }

  /** Further tries of them. */
  get retransmissions(): number {
    return this.#retransmitted;
  }

  /** When `timeReached` has something to do; undefined: never, as things are. */
  get dueMs(): number | undefined {
    if (this.#busyMs !== undefined && !this.isEmpty) return this.#busyMs + busyProbeMs;
    if (this.#timer.dueMs !== undefined) return this.#timer.dueMs;
    return this.#forward.computeDueMs(this.#lowest(), this.#timer.timeoutMs) ?? this.#sacked.dueMs;
  }

  /**
   * Takes a frame's line; `tag` is given back when it is acknowledged or given up. `isLasting`: it is given up after
   * deliveryMaxMs alone, however often it was tried.
   */
  enqueue(line: string, nowMs: number, tag?: Tag, isPresence = false): void {
    if (this.isEmpty) this.#answeredMs = nowMs;
    const never = {
      enqueuedMs: nowMs,
      isPresence,
      firstSentMs: 0,
      sentMs: 0,
      sentOrder: 0,
      countedTransmissions: 0,
      transmission: 0,
      isLost: false,
    };
    this.#unsent.add({ number: this.#next, line, tag, ...never });
    this.#next += 1;
    this.#units += line.length;
    this.#forward.renew();
  }

  /** What is on the way to a busy peer is not lost, and it may be busy for long: nothing of it counts as tried. */
  #postpone(nowMs: number): void {
    this.#busyMs ??= nowMs;
    this.#answeredMs = nowMs;
    this.#timer.onAcknowledged(nowMs, this.#sent.size === 0);
    for (const frame of this.#sent) {
      this.#sent.setLost(frame, true);
      frame.countedTransmissions = 0;
      frame.firstSentMs = nowMs;
    }
  }

  /** One frame asks whether there is room again. */
  #probe(nowMs: number, busyMs: number): readonly string[] {
    if (nowMs < busyMs + busyProbeMs) return [];
    this.#busyMs = nowMs;
    for (const frame of this.#sent) if (frame.isLost) return [this.#send(frame, nowMs)];
    const { next } = this.#unsent;
    return this.#sent.size > 0 || next === undefined ? [] : [this.#sendFirst(next, nowMs)];
  }

  #sendFirst(frame: SentFrame<Tag>, nowMs: number): string {
    this.#unsent.take();
    this.#sent.add(frame);
    return this.#send(frame, nowMs);
  }

  /** What may leave now: it counts as sent. */
  transmit(nowMs: number): Transmission<Tag> {
    const tags = this.#tags;
    tags.length = 0;
    const skip = this.#forward.take(this.#lowest(), nowMs, this.#timer.timeoutMs);
    if (this.#busyMs !== undefined) return { skip, lines: this.#probe(nowMs, this.#busyMs), tags };
    const lines: string[] = [];
    for (const frame of this.#sent) {
      if (!this.#sent.hasLost || this.#sent.inFlight >= this.#window.frames) break;
      if (frame.isLost) lines.push(this.#send(frame, nowMs));
    }
    const lowest = this.#lowest();
    for (let frame = this.#unsent.next; frame !== undefined; frame = this.#unsent.next) {
      if (this.#sent.inFlight >= this.#window.frames || frame.number - lowest >= deliveryAheadMax) break;
      lines.push(this.#sendFirst(frame, nowMs));
    }
    return { skip, lines, tags };
  }

  /** The lowest number that may still arrive. */
  #lowest(): number {
    return this.#sent.lowest ?? this.#unsent.next?.number ?? this.#next;
  }

  #send(frame: SentFrame<Tag>, nowMs: number): string {
    if (frame.transmission === 0) {
      frame.firstSentMs = nowMs;
      this.#framesSent += 1;
    } else this.#retransmitted += 1;
    frame.countedTransmissions += 1;
    frame.transmission = Math.min(transmissionNumberMax, frame.transmission + 1);
    frame.sentMs = nowMs;
    this.#sent.setLost(frame, false);
    frame.sentOrder = this.#order += 1;
    this.#timer.start(nowMs);
    this.#tags.push(frame.tag);
    return numberLine(frame.line, { number: frame.number, transmission: frame.transmission });
  }

  /** The tags of what is known to have arrived by it. */
  onAcknowledged(ack: Acknowledgement, nowMs: number): readonly Tag[] {
    const arrived = this.#sent.selectAcknowledged(ack);
    this.#cumulative = Math.max(this.#cumulative, Math.min(ack.upTo, this.lastSent));
    this.#sacked.onDelivered(this.#cumulative);
    this.#forward.onAcknowledged(this.#cumulative);
    if (ack.busy === true) this.#postpone(nowMs);
    else this.#busyMs = undefined;
    if (arrived.length === 0) return [];
    for (const { number, tag } of arrived)
      if (number > this.#cumulative && tag !== undefined) this.#sacked.add(number, tag, nowMs);
    this.#answeredMs = nowMs;
    this.#measure(ack, arrived, nowMs);
    this.#window.onAcknowledged(arrived.length);
    const tags = arrived.flatMap((frame) => this.#drop(frame));
    this.#findOvertaken(nowMs);
    this.#timer.onAcknowledged(nowMs, this.#sent.size === 0);
    return tags;
  }

  /** Karn's rule: only a frame that was sent once tells a round trip. The delay told is the newest frame's. */
  #measure(ack: Acknowledgement, arrived: readonly SentFrame<Tag>[], nowMs: number): void {
    const newest = ack.also?.at(-1)?.[1] ?? ack.upTo;
    for (const { number, transmission, sentMs, sentOrder } of arrived) {
      if (transmission !== 1) continue;
      this.#fastRetransmit.onArrived(sentOrder);
      if (number === newest) this.#roundTrip.addSample(nowMs - sentMs - ack.delayMs);
    }
  }

  /** Those that overtakenMax later ones overtook are lost, without waiting for the timer. */
  #findOvertaken(nowMs: number): void {
    for (const frame of this.#sent) {
      const isOvertaken = this.#fastRetransmit.isOvertaken(frame.sentOrder);
      // Of frames that were sent once, those that follow left later.
      if (frame.transmission === 1 && !isOvertaken) break;
      if (isOvertaken && !frame.isLost) this.#lose(frame, nowMs);
    }
  }

  #lose(frame: SentFrame<Tag>, nowMs: number): void {
    this.#sent.setLost(frame, true);
    this.#window.onLost(nowMs, this.#roundTrip.smoothedMs ?? retransmitMaxMs);
  }

  /** Time has passed: what waited too long is taken for lost, what was tried often enough is given up. Its tags. */
  onTimeReached(nowMs: number): readonly Tag[] {
    const tags: Tag[] = [];
    const { dueMs = Number.POSITIVE_INFINITY, timeoutMs } = this.#timer;
    const isTime = nowMs >= dueMs;
    for (const frame of this.#sent) {
      if (this.#isTriedOut(frame, nowMs, timeoutMs) || nowMs - frame.firstSentMs >= deliveryMaxMs)
        tags.push(...this.#giveUp(frame));
      else if (isTime && !frame.isLost && nowMs - frame.sentMs >= this.#roundTrip.timeoutMs)
        this.#lose(frame, nowMs);
    }
    for (let frame = this.#stale(nowMs); frame !== undefined; frame = this.#stale(nowMs)) {
      this.#unsent.take();
      tags.push(...this.#giveUp(frame));
    }
    tags.push(...this.#sacked.takeExpired(nowMs));
    if (isTime) this.#timer.onExpired(nowMs, this.#sent.size === 0);
    return tags;
  }

  #isTriedOut(
    { isPresence, countedTransmissions, isLost, sentMs }: SentFrame<Tag>,
    nowMs: number,
    timeoutMs: number,
  ): boolean {
    return !isPresence && countedTransmissions >= transmissionsMax && (isLost || nowMs - sentMs >= timeoutMs);
  }

  /** The next one to be sent, if it has waited for so long for a peer that does not answer at all. */
  #stale(nowMs: number): SentFrame<Tag> | undefined {
    const { next } = this.#unsent;
    if (next === undefined || nowMs - this.#answeredMs < deliveryMaxMs) return undefined;
    return nowMs - next.enqueuedMs >= deliveryMaxMs ? next : undefined;
  }

  #giveUp(frame: SentFrame<Tag>): readonly Tag[] {
    this.#forward.onGivenUp(frame.number);
    this.resync.onGivenUp(frame);
    return this.#drop(frame);
  }

  #drop(frame: SentFrame<Tag>): readonly Tag[] {
    this.#sent.remove(frame);
    this.#units -= frame.line.length;
    return frame.tag === undefined ? [] : [frame.tag];
  }

  /** What is not known to have been given out in order, given back: nothing is sent any more. */
  takeAll(): readonly Tag[] {
    const frames = [...this.#sent, ...this.#unsent.takeAll()];
    const tags = frames.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
    tags.push(...this.#sacked.takeAll());
    this.#sent.clear();
    this.#units = 0;
    this.#timer.stop();
    return tags;
  }
}
