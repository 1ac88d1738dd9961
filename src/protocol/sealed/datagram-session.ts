/** A session over UDP: each datagram is sealed by itself, and opened in any order, once (SEALED.md, Over UDP). */

import { type BorrowedBytes, lendBytes } from "../borrowed-bytes.ts";
import { failedAuthenticationsMax, oldKeysMs, sealedDatagramOverhead } from "../limits.ts";
import { CipherState } from "../noise/cipher-state.ts";
import {
  counterBytes,
  indexBytes,
  type Indices,
  type Phase,
  readIndex,
  readPhase,
  recordTypes,
} from "./records.ts";
import { ReplayWindow } from "./replay-window.ts";
import { KeyWear, OpeningKeys, SealingKey, type SessionKeys } from "./session-keys.ts";

const headBytes = 1 + indexBytes + counterBytes;

class DatagramKey {
  readonly phase: Phase;
  readonly cipher: CipherState;
  readonly window = new ReplayWindow();
  failures = 0;
  records = 0;
  bytes = 0;

  constructor(key: Uint8Array, phase: Phase) {
    this.phase = phase;
    this.cipher = new CipherState(key);
  }

  erase(): void {
    this.cipher.erase();
  }
}

/** `isNewest`: its counter is above all before it, under the newest key: the peer is where it was sent from. */
interface OpenedDatagram {
  readonly plain: Uint8Array;
  readonly isNewest: boolean;
}

export class DatagramSession {
  readonly indices: Indices;
  readonly #sealing: SealingKey;
  readonly #failuresMax: number;
  readonly #wear = new KeyWear();
  readonly #opening: OpeningKeys<DatagramKey>;

  /** `failuresMax`: so many datagrams under one key may fail to authenticate. */
  constructor(
    { sendKey, receiveKey }: SessionKeys,
    indices: Indices,
    failuresMax = failedAuthenticationsMax,
  ) {
    this.indices = indices;
    this.#failuresMax = failuresMax;
    this.#sealing = new SealingKey(sendKey);
    this.#opening = new OpeningKeys(new DatagramKey(receiveKey, 0), oldKeysMs);
  }

  /** See KeyWear. A session is spent as well when so many datagrams did not authenticate. */
  takeWear(): "due" | "spent" | undefined {
    if (this.#opening.current.failures >= this.#failuresMax) return "spent";
    return this.#wear.take(this.#sealing, this.#opening);
  }

  seal(plain: BorrowedBytes): Uint8Array {
    const datagram = Buffer.alloc(plain.length + sealedDatagramOverhead);
    datagram[0] = recordTypes.data + this.#sealing.phase;
    datagram.writeUInt32BE(this.indices.theirs, 1);
    datagram.writeBigUInt64BE(BigInt(this.#sealing.counter), 1 + indexBytes);
    this.#sealing.sealInto(datagram, headBytes, lendBytes(plain));
    return datagram;
  }

  /** Undefined, and nothing has changed, if it does not authenticate or was opened before.  */
  open(datagram: BorrowedBytes, nowMs: number): OpenedDatagram | undefined {
    const bytes = lendBytes(datagram);
    const phase = readPhase(bytes[0]);
    if (phase === undefined || readDatagramIndex(bytes) !== this.indices.ours) return undefined;
    const key = this.#opening.find(phase, nowMs);
    const counter = readCounter(bytes);
    if (key === undefined || counter === undefined || !key.window.isNew(counter)) return undefined;
    const plain = key.cipher.decryptAt(counter, bytes.subarray(headBytes));
    if (plain === undefined) {
      key.failures += 1;
      return undefined;
    }
    const isNewest = counter > key.window.highest;
    key.window.note(counter);
    if (this.#opening.noteOpened(key, plain.length, nowMs)) this.#sealing.change();
    return { plain, isNewest: isNewest && key === this.#opening.current };
  }

  /** As StreamSession.renew. */
  renew({ sendKey, receiveKey }: SessionKeys, isResponder: boolean): void {
    this.#wear.reset();
    this.#opening.prepare(new DatagramKey(receiveKey, this.#opening.nextPhase));
    this.#sealing.prepare(sendKey);
    if (isResponder) this.#sealing.change();
  }

  /** Fills the keys with zero. */
  erase(): void {
    this.#sealing.erase();
    this.#opening.erase();
  }
}

/** The index of the session that a data record is for; undefined for any other datagram. */
export function readDatagramIndex(bytes: BorrowedBytes): number | undefined {
  if (bytes.length < sealedDatagramOverhead || readPhase(bytes[0]) === undefined) return undefined;
  return readIndex(lendBytes(bytes), 1);
}

/** Undefined above 2⁵³ − 1, which no session reaches. */
function readCounter(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const counter = view.getBigUint64(1 + indexBytes);
  return counter > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(counter);
}
