/**
 * The sending half of delivery over UDP (PROTOCOL.md): numbers frames, retransmits them until they are acknowledged or
 * given up. Sans-IO: the caller passes the time and sends the datagrams. A frame is an encoded line here.
 */

import { CongestionWindow } from "./congestion-window.ts";
import type { Acknowledgement } from "../frames/frame.ts";
import {
  datagramFrameMaxBytes,
  transmissionNumberMax,
  busyProbeMs,
  deliveryMaxMs,
  deliveryAheadFramesMax,
  deliveryAheadMax,
  transmissionsMax,
  retransmitMaxMs,
} from "../limits.ts";
import { SackedFrames } from "./sacked-frames.ts";
import { StateResync } from "./state-resync.ts";
import { FastRetransmit } from "./fast-retransmit.ts";
import { RetransmitTimer } from "./retransmit-timer.ts";
import type { RoundTrip } from "./round-trip.ts";
import { type SentDatagram, type SentFrame, SentFrames } from "./sent-frames.ts";
import { ForwardSequence } from "./forward-sequence.ts";
import { UnsentLines } from "./unsent-lines.ts";
import { DatagramWriter } from "../frames/datagram-frames.ts";

/** The frames to send now. `skip`: a skip frame up to this number is sent first. */
interface Transmission<Tag> {
  readonly skip: number | undefined;
  /** Each is a frame, or as many with LF between them as the receiver reads. */
  readonly datagrams: readonly string[];
  /** The tag of each frame, in order. Borrowed: overwritten by the next call of `transmit`. */
  readonly tags: readonly (Tag | undefined)[];
}

/**
 * Tags identify frames to the caller when they are acknowledged or given up. Frames with the same (identical) tag
 * belong together.
 */
export class DeliverySender<Tag extends object | string | number> {
  readonly #roundTrip: RoundTrip;
  readonly #writer: DatagramWriter;
  readonly #window = new CongestionWindow();
  readonly #unsent = new UnsentLines<SentFrame<Tag>>();
  readonly #sent = new SentFrames<Tag>();
  readonly #sacked = new SackedFrames<Tag>();
  #next = 1;
  /** The datagram that was sent last. */
  #datagram: SentDatagram = { order: 0, inFlight: 0 };
  readonly #fastRetransmit = new FastRetransmit();
  #acknowledgedUpTo = 0;
  #acknowledgedMs = 0;
  readonly #timer: RetransmitTimer;
  /** While the peer is busy: when it was last probed. */
  #lastProbeMs: number | undefined;
  readonly #forwardSequence = new ForwardSequence();
  /** Whether a presence frame was given up, so that the peer needs the whole room again. */
  readonly resync = new StateResync();
  /** UTF-16 units of all lines that are not acknowledged, which is the memory they take. */
  #units = 0;
  /** The bytes of all frames that were enqueued. */
  #bytes = 0;
  #framesSent = 0;
  #retransmissions = 0;
  /** The tags of the latest transmission; the array is reused, since most callers need none. */
  readonly #tags: (Tag | undefined)[] = [];

  /** `framesMax`: as many frames of one datagram the receiver reads. */
  constructor(roundTrip: RoundTrip, framesMax = 1) {
    this.#roundTrip = roundTrip;
    this.#writer = new DatagramWriter(framesMax);
    this.#timer = new RetransmitTimer(roundTrip);
  }

  /** True if all frames were acknowledged or given up. */
  get isEmpty(): boolean {
    return this.#sent.size === 0 && this.#unsent.isEmpty;
  }

  get units(): number {
    return this.#units;
  }

  /** When an acknowledgement last covered a new frame, or no frame was waiting for one. */
  get acknowledgedMs(): number {
    return this.#acknowledgedMs;
  }

  /** The units of lines that were not sent yet. */
  get unsentUnits(): number {
    return this.#unsent.units;
  }

  /** The number of the newest frame that was enqueued; 0 if none was. */
  get lastEnqueued(): number {
    return this.#next - 1;
  }

  /** The number of the newest frame that was sent; 0 if none was. */
  get lastSent(): number {
    return (this.#unsent.next?.number ?? this.#next) - 1;
  }

  /** Frames sent, each counted once. */
  get framesSent(): number {
    return this.#framesSent;
  }

  /** Transmissions of frames that had been sent before. */
  get retransmissions(): number {
    return this.#retransmissions;
  }

  /** When to call `onTimeReached`; undefined if nothing is due. */
  get dueMs(): number | undefined {
    if (this.#lastProbeMs !== undefined && !this.isEmpty) return this.#lastProbeMs + busyProbeMs;
    if (this.#timer.dueMs !== undefined) return this.#timer.dueMs;
    return (
      this.#forwardSequence.computeDueMs(this.#findLowest(), this.#timer.timeoutMs) ?? this.#sacked.dueMs
    );
  }

  /**
   * Enqueues the line of a frame. `tag` is returned when the frame is acknowledged or given up. `isPresence`: the
   * frame is given up after deliveryMaxMs, however often it was sent. `keyField`: that of the receiver's key.
   */
  enqueue(line: string, nowMs: number, tag?: Tag, isPresence = false, keyField = ""): void {
    if (this.isEmpty) this.#acknowledgedMs = nowMs;
    const bytes = this.#writer.takesSeveral ? Buffer.byteLength(line) : line.length;
    this.#unsent.add({
      number: this.#next,
      line,
      bytes,
      keyField,
      bytesBefore: this.#bytes,
      tag,
      enqueuedMs: nowMs,
      isPresence,
      firstSentMs: 0,
      sentMs: 0,
      datagram: undefined,
      countedTransmissions: 0,
      transmission: 0,
      isLost: false,
    });
    this.#next += 1;
    this.#bytes += bytes;
    this.#units += line.length;
    this.#forwardSequence.renew();
  }

  /**
   * The peer is busy, perhaps for long: frames that it refused are sent again later, and these transmissions do not
   * count.
   */
  #postpone(nowMs: number): void {
    this.#lastProbeMs ??= nowMs;
    this.#acknowledgedMs = nowMs;
    this.#timer.onAcknowledged(nowMs, this.#sent.size === 0);
    for (const frame of this.#sent) {
      this.#sent.noteLost(frame);
      frame.countedTransmissions = 0;
      frame.firstSentMs = nowMs;
    }
  }

  /** Sends one frame to a busy peer, to learn whether it has room again. */
  #probe(nowMs: number, busyMs: number): void {
    if (nowMs < busyMs + busyProbeMs) return;
    this.#lastProbeMs = nowMs;
    for (const frame of this.#sent) if (frame.isLost) return this.#send(frame, nowMs);
    const { next } = this.#unsent;
    if (this.#sent.size > 0 || next === undefined) return;
    this.#unsent.take();
    this.#send(next, nowMs);
  }

  /** The frames to send now, which count as sent. */
  transmit(nowMs: number): Transmission<Tag> {
    const tags = this.#tags;
    tags.length = 0;
    const skip = this.#forwardSequence.take(this.#findLowest(), nowMs, this.#timer.timeoutMs);
    if (this.#lastProbeMs === undefined) this.#transmitWindow(nowMs);
    else this.#probe(nowMs, this.#lastProbeMs);
    return { skip, datagrams: this.#writer.take(), tags };
  }

  /** Lost frames, and then new ones, as the window allows. */
  #transmitWindow(nowMs: number): void {
    for (const frame of this.#sent) {
      if (!this.#sent.hasLost) break;
      if (!frame.isLost) continue;
      if (!this.#hasWindowFor(frame)) return;
      this.#send(frame, nowMs);
    }
    const lowest = this.#sent.lowest ?? this.#unsent.next;
    for (let frame = this.#unsent.next; frame !== undefined; frame = this.#unsent.next) {
      if (!this.#hasWindowFor(frame) || this.#isFarAhead(frame, lowest ?? frame)) break;
      this.#unsent.take();
      this.#send(frame, nowMs);
    }
  }

  /** True if the window has room for a datagram, or the datagram that is being written for the frame. */
  #hasWindowFor(frame: SentFrame<Tag>): boolean {
    return this.#sent.inFlight < this.#window.datagrams || this.#writer.hasRoomFor(frame);
  }

  /** True if the frame is so far ahead of the lowest one that the receiver might have to keep too many. */
  #isFarAhead(frame: SentFrame<Tag>, lowest: SentFrame<Tag>): boolean {
    const ahead = frame.number - lowest.number;
    if (!this.#writer.takesSeveral) return ahead >= deliveryAheadMax;
    const bytes = frame.bytesBefore - lowest.bytesBefore;
    return ahead >= deliveryAheadFramesMax || bytes >= deliveryAheadMax * datagramFrameMaxBytes;
  }

  /** The lowest number that may still be sent. */
  #findLowest(): number {
    return this.#sent.lowest?.number ?? this.#unsent.next?.number ?? this.#next;
  }

  #send(frame: SentFrame<Tag>, nowMs: number): void {
    if (frame.transmission === 0) {
      frame.firstSentMs = nowMs;
      this.#framesSent += 1;
    } else this.#retransmissions += 1;
    frame.countedTransmissions += 1;
    frame.transmission = Math.min(transmissionNumberMax, frame.transmission + 1);
    frame.sentMs = nowMs;
    this.#timer.start(nowMs);
    this.#tags.push(frame.tag);
    if (this.#writer.add(frame, frame)) this.#datagram = { order: this.#datagram.order + 1, inFlight: 0 };
    this.#sent.noteSent(frame, this.#datagram);
  }

  /** Processes an acknowledgement. Returns the tags of the frames that it newly acknowledges. */
  onAcknowledged(ack: Acknowledgement, nowMs: number): readonly Tag[] {
    const arrived = this.#sent.selectAcknowledged(ack);
    this.#acknowledgedUpTo = Math.max(this.#acknowledgedUpTo, Math.min(ack.upTo, this.lastSent));
    this.#sacked.onDelivered(this.#acknowledgedUpTo);
    this.#forwardSequence.onAcknowledged(this.#acknowledgedUpTo);
    if (ack.busy === true) this.#postpone(nowMs);
    else this.#lastProbeMs = undefined;
    if (arrived.length === 0) return [];
    for (const { number, tag } of arrived)
      if (number > this.#acknowledgedUpTo && tag !== undefined) this.#sacked.add(number, tag, nowMs);
    this.#acknowledgedMs = nowMs;
    this.#measure(ack, arrived, nowMs);
    this.#window.onAcknowledged(countDatagrams(arrived));
    const tags = arrived.flatMap((frame) => this.#drop(frame));
    this.#markOvertaken(nowMs);
    this.#timer.onAcknowledged(nowMs, this.#sent.size === 0);
    return tags;
  }

  /** Only frames sent once are measured (Karn's algorithm). The stated delay is that of the newest frame. */
  #measure(ack: Acknowledgement, arrived: readonly SentFrame<Tag>[], nowMs: number): void {
    const newest = ack.also?.at(-1)?.[1] ?? ack.upTo;
    for (const { number, transmission, sentMs, datagram } of arrived) {
      if (transmission !== 1 || datagram === undefined) continue;
      this.#fastRetransmit.onArrived(datagram.order);
      if (number === newest) this.#roundTrip.addSample(nowMs - sentMs - ack.delayMs);
    }
  }

  /** Marks frames that overtakenMax later ones overtook as lost, without waiting for the timer. */
  #markOvertaken(nowMs: number): void {
    for (const frame of this.#sent) {
      const isOvertaken = this.#fastRetransmit.isOvertaken(frame.datagram?.order ?? 0);
      // Frames that follow and were sent once were sent later, so they are not overtaken either.
      if (frame.transmission === 1 && !isOvertaken) break;
      if (isOvertaken && !frame.isLost) this.#lose(frame, nowMs);
    }
  }

  #lose(frame: SentFrame<Tag>, nowMs: number): void {
    this.#sent.noteLost(frame);
    this.#window.onLost(nowMs, this.#roundTrip.smoothedMs ?? retransmitMaxMs);
  }

  /**
   * Marks frames as lost whose timer expired, and gives up those sent often or long enough. Returns the tags of the
   * latter.
   */
  onTimeReached(nowMs: number): readonly Tag[] {
    const tags: Tag[] = [];
    const { dueMs = Number.POSITIVE_INFINITY, timeoutMs } = this.#timer;
    const isTime = nowMs >= dueMs;
    for (const frame of this.#sent) {
      if (this.#isExhausted(frame, nowMs, timeoutMs) || nowMs - frame.firstSentMs >= deliveryMaxMs)
        tags.push(...this.#giveUp(frame));
      else if (isTime && !frame.isLost && nowMs - frame.sentMs >= this.#roundTrip.timeoutMs)
        this.#lose(frame, nowMs);
    }
    for (let frame = this.#findStale(nowMs); frame !== undefined; frame = this.#findStale(nowMs)) {
      this.#unsent.take();
      tags.push(...this.#giveUp(frame));
    }
    tags.push(...this.#sacked.takeExpired(nowMs));
    if (isTime) this.#timer.onExpired(nowMs, this.#sent.size === 0);
    return tags;
  }

  #isExhausted(
    { isPresence, countedTransmissions, isLost, sentMs }: SentFrame<Tag>,
    nowMs: number,
    timeoutMs: number,
  ): boolean {
    return !isPresence && countedTransmissions >= transmissionsMax && (isLost || nowMs - sentMs >= timeoutMs);
  }

  /** The next unsent frame, if it has waited for deliveryMaxMs and the peer has acknowledged nothing meanwhile. */
  #findStale(nowMs: number): SentFrame<Tag> | undefined {
    const { next } = this.#unsent;
    if (next === undefined || nowMs - this.#acknowledgedMs < deliveryMaxMs) return undefined;
    return nowMs - next.enqueuedMs >= deliveryMaxMs ? next : undefined;
  }

  #giveUp(frame: SentFrame<Tag>): readonly Tag[] {
    this.#forwardSequence.onGivenUp(frame.number);
    this.resync.onGivenUp(frame);
    return this.#drop(frame);
  }

  #drop(frame: SentFrame<Tag>): readonly Tag[] {
    this.#sent.remove(frame);
    this.#units -= frame.line.length;
    return frame.tag === undefined ? [] : [frame.tag];
  }

  /** Ends the sender. Returns the tags of all frames that the peer is not known to have delivered. */
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

/** The datagrams that these frames left in last; those of one datagram follow each other. */
function countDatagrams(frames: readonly SentFrame<unknown>[]): number {
  let count = 0;
  let last: SentDatagram | undefined;
  for (const { datagram } of frames) {
    if (datagram !== last) count += 1;
    last = datagram;
  }
  return count;
}
