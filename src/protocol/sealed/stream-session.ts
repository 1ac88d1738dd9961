/** A session over a stream: bytes become records, and records bytes (SEALED.md, Over a stream). */

import { CipherState, tagBytes } from "../noise/cipher-state.ts";
import { type BorrowedBytes, lendBytes } from "../borrowed-bytes.ts";
import { recordMaxBytes, recordPlainMaxBytes } from "../limits.ts";
import type { SealFault } from "../sockets/socket-event.ts";
import { type Phase, readPhase, recordTypes, refusalReasons } from "./records.ts";
import { KeyWear, OpeningKeys, SealingKey, type SessionKeys } from "./session-keys.ts";

/** The result of one `open`. `fault`: the bytes behind `plain` were not opened, and none will be any more. */
export interface OpenedBytes {
  readonly plain: Uint8Array;
  readonly fault?: SealFault;
}

const headBytes = 2;
/** The longest record, with its length. */
export const streamRecordMaxBytes = headBytes + recordMaxBytes;
const noBytes = new Uint8Array(0);

interface StreamKey {
  readonly phase: Phase;
  readonly cipher: CipherState;
  records: number;
  bytes: number;
  erase(): void;
}

export class StreamSession {
  readonly #sealing: SealingKey;
  readonly #wear = new KeyWear();
  readonly #opening: OpeningKeys<StreamKey>;
  /** The beginning of a record whose rest has not been received, in a buffer that grows with it. */
  #buffer = noBytes;
  #buffered = 0;
  #fault: SealFault | undefined;
  #isEnded = false;
  #hasOpened = false;
  #isErased = false;

  constructor({ sendKey, receiveKey }: SessionKeys) {
    this.#sealing = new SealingKey(sendKey);
    this.#opening = new OpeningKeys(makeStreamKey(receiveKey, 0), 0);
  }

  /** The peer's end mark was received, and nothing after it: its FIN is its own. */
  get isEnded(): boolean {
    return this.#isEnded && this.#buffered === 0 && this.#fault === undefined;
  }

  /** See KeyWear. */
  takeWear(): "due" | "spent" | undefined {
    return this.#wear.take(this.#sealing, this.#opening);
  }

  /** One record of at most recordPlainMaxBytes. `into`: where it is written, of streamRecordMaxBytes. */
  seal(plain: BorrowedBytes, into?: Uint8Array): Uint8Array {
    if (plain.length > recordPlainMaxBytes) throw new Error("seal: more than one record");
    const bodyBytes = 1 + plain.length + tagBytes;
    const record = (into ?? Buffer.alloc(headBytes + bodyBytes)).subarray(0, headBytes + bodyBytes);
    record[0] = bodyBytes >> 8;
    record[1] = bodyBytes & 0xff;
    record[headBytes] = recordTypes.data + this.#sealing.phase;
    this.#sealing.sealInto(record, headBytes + 1, lendBytes(plain));
    return record;
  }

  /** The last record of our direction. */
  sealEnd(): Uint8Array {
    return this.seal(noBytes);
  }

  /** Opens the records that the bytes complete. */
  open(bytes: BorrowedBytes): OpenedBytes {
    if (this.#isErased) return { plain: noBytes };
    const plains: Uint8Array[] = [];
    let at = 0;
    while (at < bytes.length && this.#fault === undefined) at += this.#takeRecord(bytes, at, plains);
    const plain = plains.length === 1 ? plains[0]! : plains.length === 0 ? noBytes : Buffer.concat(plains);
    return this.#fault === undefined ? { plain } : { plain, fault: this.#fault };
  }

  /** Opens or buffers one record from `at` on. Returns how many bytes it took. */
  #takeRecord(bytes: BorrowedBytes, at: number, plains: Uint8Array[]): number {
    if (this.#buffered === 0) {
      const length = readLength(bytes, at);
      if (length !== undefined && bytes.length - at >= headBytes + length) {
        this.#openRecord(lendBytes(bytes.subarray(at + headBytes, at + headBytes + length)), plains);
        return headBytes + length;
      }
    }
    let taken = 0;
    if (this.#buffered < headBytes) taken += this.#keep(bytes, at, headBytes - this.#buffered);
    const length = this.#buffered < headBytes ? undefined : readLength(this.#buffer, 0);
    if (length === undefined) return taken;
    taken += this.#keep(bytes, at + taken, headBytes + length - this.#buffered);
    if (this.#buffered < headBytes + length) return taken;
    this.#openRecord(this.#buffer.subarray(headBytes, headBytes + length), plains);
    this.#buffered = 0;
    this.#buffer = noBytes;
    return taken;
  }

  /** Buffers at most `count` bytes. Returns how many there were. */
  #keep(bytes: BorrowedBytes, at: number, count: number): number {
    const piece = lendBytes(bytes.subarray(at, at + count));
    const needed = this.#buffered + piece.length;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(headBytes + recordMaxBytes, Math.max(64, 2 * needed)));
      larger.set(this.#buffer.subarray(0, this.#buffered));
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.#buffered);
    this.#buffered = needed;
    return piece.length;
  }

  #openRecord(record: Uint8Array, plains: Uint8Array[]): void {
    const phase = readPhase(record[0]);
    if (phase === undefined) return this.#fail(this.#hasOpened ? "malformed" : readRefusal(record));
    const key = this.#opening.find(phase, 0);
    const plain = key?.cipher.decrypt(record.subarray(1));
    if (key === undefined || plain === undefined) return this.#fail("forged");
    this.#hasOpened = true;
    if (this.#isEnded) return this.#fail("after-end");
    if (this.#opening.noteOpened(key, plain.length, 0)) this.#sealing.change();
    if (plain.length === 0) this.#isEnded = true;
    else plains.push(plain);
  }

  #fail(fault: SealFault): void {
    this.#fault = fault;
  }

  /**
   * Sets the keys of the next phase. `isResponder`: we send with ours at once; else when the first record of theirs was
   * received.
   */
  renew({ sendKey, receiveKey }: SessionKeys, isResponder: boolean): void {
    this.#wear.reset();
    this.#opening.prepare(makeStreamKey(receiveKey, this.#opening.nextPhase));
    this.#sealing.prepare(sendKey);
    if (isResponder) this.#sealing.change();
  }

  /** Fills the keys with zero. */
  erase(): void {
    this.#sealing.erase();
    this.#opening.erase();
    this.#isErased = true;
  }
}

/** Our third message may be refused, in the clear, as long as nothing of the peer was opened. */
function readRefusal(record: Uint8Array): SealFault {
  if (record[0] !== recordTypes.refusal || record.length !== 2) return "malformed";
  return record[1] === refusalReasons.password ? "wrong-password" : "refused";
}

function makeStreamKey(key: Uint8Array, phase: Phase): StreamKey {
  const cipher = new CipherState(key);
  return { phase, cipher, records: 0, bytes: 0, erase: () => cipher.erase() };
}

/** The length of type and body; undefined if it has not been received. One of 0 is read as a record without a type. */
function readLength(bytes: BorrowedBytes, at: number): number | undefined {
  if (bytes.length < at + headBytes) return undefined;
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
