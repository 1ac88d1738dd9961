/**
 * Datagrams that exceed their source's share of a turn: they wait here, in a queue for each source. All queues share
 * one bound, and a queue may grow as long as what is left of it, so that no source takes the room of the others.
 */

import { type BorrowedBytes, copyBytes } from "../../protocol/borrowed-bytes.ts";
import {
  chunkDatagrams,
  datagramFramesMax,
  waitingDatagramCost,
  waitingDatagramsMaxBytes,
} from "../../protocol/limits.ts";
import { computeWork, type ReceiveTurns, ReceiveShare } from "../queue/receive-turns.ts";

/** Reports one datagram. */
type ReportDatagram = (
  bytes: BorrowedBytes,
  port: number,
  address: string,
  local: string | undefined,
) => void;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly port: number;
  readonly address: string;
  /** The address of this machine that it was sent to, if that is known. */
  readonly local: string | undefined;
}

/** The room that the sources of one socket share. */
export class DatagramRoom {
  #bytes = 0;

  /** Takes room for a datagram; false if its queue, of `queuedBytes`, would be longer than the room that is left. */
  take(bytes: number, queuedBytes: number): boolean {
    if (queuedBytes + bytes > waitingDatagramsMaxBytes - this.#bytes - bytes) return false;
    this.#bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** One source: a known endpoint, or all unknown ones together. */
export class DatagramSource {
  readonly #room: DatagramRoom;
  readonly #report: ReportDatagram;
  readonly #share: ReceiveShare;
  readonly #countMax: number;
  #queue: Waiting[] = [];
  #first = 0;
  #bytes = 0;

  /** `countMax`: the most datagrams that wait. */
  constructor(
    room: DatagramRoom,
    turns: ReceiveTurns,
    report: ReportDatagram,
    countMax = Number.POSITIVE_INFINITY,
  ) {
    this.#room = room;
    this.#report = report;
    this.#countMax = countMax;
    this.#share = new ReceiveShare(turns, () => this.#reportWaiting());
  }

  /** Reports a datagram now, or lets it wait. False: there is no room, and it is dropped. */
  receive(bytes: BorrowedBytes, port: number, address: string, local?: string): boolean {
    if (this.#count === 0 && this.#share.mayReportNow) {
      this.#reportOne(bytes, port, address, local);
      return true;
    }
    const cost = computeCost(bytes.length);
    if (this.#count >= this.#countMax || !this.#room.take(cost, this.#bytes)) return false;
    this.#bytes += cost;
    this.#queue.push({ bytes: copyBytes(bytes), port, address, local });
    this.#share.wait();
    return true;
  }

  get isWaiting(): boolean {
    return this.#count > 0;
  }

  /** Moves the waiting datagrams of an endpoint to its own source, so that they stay in order. */
  moveTo(source: DatagramSource, port: number, address: string): void {
    const isOf = (one: Waiting): boolean => one.port === port && one.address === address;
    const waiting = this.#queue.slice(this.#first);
    this.#queue = waiting.filter((one) => !isOf(one));
    this.#first = 0;
    for (const one of waiting) if (isOf(one)) source.#adopt(one, this);
  }

  #adopt(one: Waiting, from: DatagramSource): void {
    const cost = computeCost(one.bytes.length);
    from.#bytes -= cost;
    this.#bytes += cost;
    this.#queue.push(one);
    this.#share.wait();
  }

  /** Drops what waits. */
  end(): void {
    this.#room.release(this.#bytes);
    this.#queue = [];
    this.#first = this.#bytes = 0;
    this.#share.leave();
  }

  get #count(): number {
    return this.#queue.length - this.#first;
  }

  #reportOne(bytes: BorrowedBytes, port: number, address: string, local: string | undefined): void {
    this.#share.spend(computeWork(bytes.length, countFrames(bytes)));
    this.#report(bytes, port, address, local);
  }

  /** Reports some of the waiting datagrams. Returns true if more wait. */
  #reportWaiting(): boolean {
    for (let count = 0; count < chunkDatagrams && this.#count > 0; count += 1) {
      const { bytes, port, address, local } = this.#queue[this.#first]!;
      this.#first += 1;
      this.#bytes -= computeCost(bytes.length);
      this.#room.release(computeCost(bytes.length));
      this.#reportOne(bytes, port, address, local);
    }
    if (this.#count > 0 && this.#first < this.#queue.length / 2) return true;
    this.#queue = this.#queue.slice(this.#first);
    this.#first = 0;
    return this.#count > 0;
  }
}

/** The frames that a datagram may have: its lines, as far as they are read. */
function countFrames(bytes: BorrowedBytes): number {
  let frames = 1;
  let newline = bytes.indexOf(lineFeed);
  for (; newline !== -1 && frames < datagramFramesMax; newline = bytes.indexOf(lineFeed, newline + 1))
    frames += 1;
  return frames;
}

const lineFeed = 0x0a;

/** The memory of a waiting datagram, in bytes. */
function computeCost(length: number): number {
  return length + waitingDatagramCost;
}
