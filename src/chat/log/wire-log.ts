/**
 * Recent socket calls of one transport, bounded in rows and bytes. Keeping a call must cost next to nothing: there may
 * be a hundred thousand a second, and most are never looked at.
 */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";
import { idlePeersMax, wireBytesMax, wirePayloadMaxBytes, wireRowsMax } from "../../protocol/limits.ts";
import type { CallName } from "../../protocol/sockets/socket-call.ts";
import type { Called, ConnectionId } from "../../protocol/sockets/socket-event.ts";

/** One call; the text in it is clean. */
export interface WireRow {
  /** From 1, in the order of the calls, including those that were skipped while paused. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly call: CallName;
  /** As in `called` (protocol/sockets/socket-event.ts). */
  readonly result: string;
  readonly connection: ConnectionId | undefined;
  /** The peer's name at that time, or its endpoint; undefined: the call concerned our own socket alone. */
  readonly peer: string | undefined;
  /** The peer's endpoint as text, or our own if there is no peer. */
  readonly address: string | undefined;
  readonly bytes: number | undefined;
  readonly ofBytes: number | undefined;
  /** Bytes that moved in this direction on this connection before the call. */
  readonly offset: number;
  /** Where the kept payload begins among all bytes ever kept, and its length. */
  readonly keptAt: number;
  readonly keptBytes: number;
  /** Later pings and pongs of the connection that this row counts; they have no rows of their own. */
  readonly keepalives: number;
  /** The bytes that crossed, of a sealed call; the other fields are of the plain text. */
  readonly sealed: SealedRow | undefined;
}

interface SealedRow {
  readonly bytes: number;
  readonly ofBytes: number | undefined;
  readonly keptAt: number;
  readonly keptBytes: number;
}

/** A call to keep. */
export interface WireCall extends Omit<WireRow, "number" | "keptAt" | "keptBytes" | "keepalives" | "sealed"> {
  /** A ping or a pong: counted by the row of one before it, as long as only such rows are between them. */
  readonly isKeepalive?: boolean;
}

/** A read-only wire log: rows by index, oldest first. */
export interface WireModel {
  readonly length: number;
  /** All calls so far, kept or not. */
  readonly count: number;
  /** No calls are kept at present. */
  readonly paused: boolean;
  /** Calls skipped since the pause began. */
  readonly passedOver: number;
  at(index: number): WireRow | undefined;
  /** The index of a row, or of the next newer one; `length` if there is none. */
  indexOf(number: number): number;
  /** The kept bytes that crossed, where they were sealed; else undefined. As payloadOf. */
  sealedPayloadOf(row: WireRow): Uint8Array | undefined;
  /** The kept payload of a call; undefined once it was overwritten. Borrowed until the next call. */
  payloadOf(row: WireRow): Uint8Array | undefined;
}

interface WireBounds {
  /** At least 1. */
  readonly rows: number;
  readonly payloadBytes: number;
  /** For all payloads together; at least payloadBytes. */
  readonly bytes: number;
}

const defaultWireBounds: WireBounds = {
  rows: wireRowsMax,
  payloadBytes: wirePayloadMaxBytes,
  bytes: wireBytesMax,
};

/** Two rings, one of rows and one of payload bytes. Nothing is copied; a row object is made when it is read. */
export class WireLog implements WireModel {
  readonly #bounds: WireBounds;
  readonly #words: WordColumns = { call: [], result: [], connection: [], peer: [], address: [] };
  /** Allocated by the first call, and the bytes by the first payload. */
  #numbers: NumberColumns | undefined;
  #bytes: Uint8Array | undefined;
  /** Bytes kept so far, including the gaps at the ring's end. */
  #keptUpTo = 0;
  #oldest = 0;
  #length = 0;
  #count = 0;
  #passedOver = 0;
  #paused = false;

  constructor(bounds: WireBounds = defaultWireBounds) {
    this.#bounds = bounds;
  }

  get length(): number {
    return this.#length;
  }

  get count(): number {
    return this.#count;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get passedOver(): number {
    return this.#passedOver;
  }

  /** While paused, calls are only counted, and the kept ones stay. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#passedOver = 0;
  }

  /** Keeps a call and the beginning of its payload; of a sealed one also of what crossed. */
  push(call: WireCall, payload: BorrowedBytes | undefined, sealed?: Called["sealed"]): void {
    this.#count += 1;
    if (this.#paused) {
      this.#passedOver += 1;
      return;
    }
    if (call.isKeepalive === true && this.#countKeepalive(call)) return;
    const slot = this.#takeSlot();
    const words = this.#words;
    words.call[slot] = call.call;
    words.result[slot] = call.result;
    words.connection[slot] = call.connection;
    words.peer[slot] = call.peer;
    words.address[slot] = call.address;
    const numbers = (this.#numbers ??= createNumbers(this.#bounds.rows));
    const keptBytes = Math.min(payload?.length ?? 0, call.bytes ?? 0, this.#bounds.payloadBytes);
    numbers.number[slot] = this.#count;
    numbers.keepalives[slot] = call.isKeepalive === true ? 0 : notKeepalive;
    numbers.atMs[slot] = call.atMs;
    numbers.bytes[slot] = call.bytes ?? unknown;
    numbers.ofBytes[slot] = call.ofBytes ?? unknown;
    numbers.offset[slot] = call.offset;
    numbers.keptBytes[slot] = keptBytes;
    numbers.keptAt[slot] = keptBytes === 0 ? 0 : this.#keep(payload!, keptBytes);
    numbers.sealedBytes[slot] = sealed?.bytes ?? unknown;
    if (sealed !== undefined) this.#keepSealed(numbers, slot, sealed);
  }

  #keepSealed(numbers: NumberColumns, slot: number, sealed: NonNullable<Called["sealed"]>): void {
    const kept = Math.min(sealed.payload.length, sealed.bytes, this.#bounds.payloadBytes);
    numbers.sealedOfBytes[slot] = sealed.ofBytes ?? unknown;
    numbers.sealedKeptBytes[slot] = kept;
    numbers.sealedKeptAt[slot] = kept === 0 ? 0 : this.#keep(sealed.payload, kept);
  }

  /** True if one of the newest rows, all of keepalives, counts this one: as many peers may be idle. */
  #countKeepalive({ connection, atMs }: WireCall): boolean {
    const numbers = this.#numbers;
    if (numbers === undefined) return false;
    const first = Math.max(0, this.#length - idlePeersMax);
    for (let index = this.#length - 1; index >= first; index -= 1) {
      const slot = this.#slotOf(index);
      const counted = numbers.keepalives[slot] ?? notKeepalive;
      if (counted === notKeepalive) return false;
      if (this.#words.connection[slot] !== connection) continue;
      numbers.keepalives[slot] = counted + 1;
      numbers.atMs[slot] = atMs;
      return true;
    }
    return false;
  }

  /** The slot for the newest row; at the bound, that of the oldest one. */
  #takeSlot(): number {
    const { rows } = this.#bounds;
    const slot = (this.#oldest + this.#length) % rows;
    if (this.#length < rows) this.#length += 1;
    else this.#oldest = (this.#oldest + 1) % rows;
    return slot;
  }

  /** A payload is kept contiguous: it never wraps around the ring's end. */
  #keep(payload: BorrowedBytes, length: number): number {
    const ring = (this.#bytes ??= new Uint8Array(this.#bounds.bytes));
    const place = this.#keptUpTo % ring.length;
    if (place + length > ring.length) this.#keptUpTo += ring.length - place;
    const at = this.#keptUpTo;
    ring.set(payload.length === length ? payload : payload.subarray(0, length), at % ring.length);
    this.#keptUpTo += length;
    return at;
  }

  at(index: number): WireRow | undefined {
    const numbers = this.#numbers;
    if (index < 0 || index >= this.#length || numbers === undefined) return undefined;
    const slot = this.#slotOf(index);
    const { call, result, connection, peer, address } = this.#words;
    return {
      number: numbers.number[slot] ?? 0,
      atMs: numbers.atMs[slot] ?? 0,
      call: call[slot] ?? "close",
      result: result[slot] ?? "",
      connection: connection[slot],
      peer: peer[slot],
      address: address[slot],
      bytes: known(numbers.bytes[slot]),
      ofBytes: known(numbers.ofBytes[slot]),
      offset: numbers.offset[slot] ?? 0,
      keptAt: numbers.keptAt[slot] ?? 0,
      keptBytes: numbers.keptBytes[slot] ?? 0,
      keepalives: Math.max(0, numbers.keepalives[slot] ?? 0),
      sealed: readSealed(numbers, slot),
    };
  }

  #slotOf(index: number): number {
    return (this.#oldest + index) % this.#bounds.rows;
  }

  indexOf(number: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers?.number[this.#slotOf(middle)] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  sealedPayloadOf({ sealed }: WireRow): Uint8Array | undefined {
    return sealed && this.payloadOf(sealed);
  }

  payloadOf({ keptAt, keptBytes }: Pick<WireRow, "keptAt" | "keptBytes">): Uint8Array | undefined {
    if (keptBytes === 0 || this.#bytes === undefined) return undefined;
    if (keptAt < this.#keptUpTo - this.#bytes.length) return undefined;
    const place = keptAt % this.#bytes.length;
    return this.#bytes.subarray(place, place + keptBytes);
  }
}

/** One column for each field, so that keeping a call allocates no object for the garbage collector. */
interface WordColumns {
  readonly call: CallName[];
  readonly result: string[];
  readonly connection: (ConnectionId | undefined)[];
  readonly peer: (string | undefined)[];
  readonly address: (string | undefined)[];
}

type NumberColumns = Readonly<
  Record<
    | "number"
    | "atMs"
    | "bytes"
    | "ofBytes"
    | "offset"
    | "keptAt"
    | "keptBytes"
    | "keepalives"
    | "sealedBytes"
    | "sealedOfBytes"
    | "sealedKeptAt"
    | "sealedKeptBytes",
    Float64Array
  >
>;

/** Stands for a missing number. */
const unknown = -1;
/** Stands for the count of keepalives in a row of any other call. */
const notKeepalive = -1;

function readSealed(numbers: NumberColumns, slot: number): SealedRow | undefined {
  const bytes = known(numbers.sealedBytes[slot]);
  if (bytes === undefined) return undefined;
  return {
    bytes,
    ofBytes: known(numbers.sealedOfBytes[slot]),
    keptAt: numbers.sealedKeptAt[slot] ?? 0,
    keptBytes: numbers.sealedKeptBytes[slot] ?? 0,
  };
}

function known(value: number | undefined): number | undefined {
  return value === undefined || value === unknown ? undefined : value;
}

function createNumbers(rows: number): NumberColumns {
  const column = (): Float64Array => new Float64Array(rows);
  return {
    number: column(),
    atMs: column(),
    bytes: column(),
    ofBytes: column(),
    offset: column(),
    keptAt: column(),
    keptBytes: column(),
    keepalives: column(),
    sealedBytes: column(),
    sealedOfBytes: column(),
    sealedKeptAt: column(),
    sealedKeptBytes: column(),
  };
}
