/**
 * A duet's side of a sealed stream, for load: the handshake, then records. A client that is not observed opens none: it
 * counts the bytes of plain text in them, so that the load generator costs little.
 */

import { NoiseHandshake } from "../../../src/protocol/noise/handshake.ts";
import { makeKeyPair } from "../../../src/protocol/noise/x25519.ts";
import { recordPlainMaxBytes } from "../../../src/protocol/limits.ts";
import {
  encodeStreamRecord,
  makePrologue,
  readStreamRecord,
  recordTypes,
} from "../../../src/protocol/sealed/records.ts";
import { StreamSession } from "../../../src/protocol/sealed/stream-session.ts";

const empty = new Uint8Array(0);
const newline = 0x0a;
/** Length, type and tag of a record. */
const overheadBytes = 19;
const headBytes = 2;

type Write = (bytes: Uint8Array) => void;

export class SealedClient {
  readonly #write: Write;
  readonly #hello: string;
  readonly #offer: string;
  #handshake: NoiseHandshake | undefined;
  #session: StreamSession | undefined;
  #unread: Uint8Array = empty;
  /** Bytes of the record that is being received, without its head, that are still to come. */
  #recordLeft = 0;

  /** `hello`: the line that is sent first in the session. */
  constructor(write: Write, index: number, hello: string) {
    this.#write = write;
    this.#hello = hello;
    const session = index.toString(16).padStart(24, "0");
    const fields = { type: "hello", name: "", session, key: session.slice(8), seal: 1 };
    this.#offer = `duet/1 ${JSON.stringify(fields)}`;
  }

  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  start(): void {
    this.#write(Buffer.from(`${this.#offer}\n`));
  }

  /** The records of these bytes, which are whole lines or their rests. */
  seal(plain: Uint8Array): Uint8Array {
    const records: Uint8Array[] = [];
    for (let at = 0; at < plain.length; at += recordPlainMaxBytes)
      records.push(this.#session?.seal(plain.subarray(at, at + recordPlainMaxBytes)) ?? empty);
    return Buffer.concat(records);
  }

  /** The plain text in the bytes; of a client that is not observed its size alone. */
  receive(bytes: Uint8Array, isObserved: boolean): Uint8Array | number {
    if (this.#session === undefined)
      return this.#shake(bytes) === undefined ? 0 : this.receive(this.#takeUnread(), isObserved);
    return isObserved ? this.#session.open(bytes).plain : this.#count(bytes);
  }

  #takeUnread(): Uint8Array {
    const unread = this.#unread;
    this.#unread = empty;
    return unread;
  }

  /** Reads the offer and the second message. Undefined until there is a session. */
  #shake(bytes: Uint8Array): StreamSession | undefined {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    if (this.#handshake === undefined && !this.#readOffer()) return undefined;
    const record = readStreamRecord(this.#unread);
    if (record === "unfinished" || record === "malformed") return undefined;
    this.#unread = this.#unread.subarray(record.bytes);
    const handshake = this.#handshake;
    handshake?.read(record.body);
    this.#write(encodeStreamRecord(recordTypes.third, handshake?.write(empty) ?? empty));
    const keys = handshake?.finish();
    if (keys === undefined) throw new Error("the handshake failed");
    this.#session = new StreamSession(keys);
    this.#write(this.seal(Buffer.from(this.#hello)));
    return this.#session;
  }

  /** False until the host's offer was received. */
  #readOffer(): boolean {
    const end = this.#unread.indexOf(newline);
    if (end < 0) return false;
    const line = Buffer.from(this.#unread.subarray(0, end)).toString();
    this.#unread = this.#unread.subarray(end + 1);
    if (!line.includes('"seal":1')) return this.#readOffer();
    const random = () => makeKeyPair(crypto.getRandomValues(new Uint8Array(32)));
    const prologue = makePrologue(this.#offer, line);
    const handshake = new NoiseHandshake({
      pattern: "XX",
      isInitiator: true,
      prologue,
      ours: random(),
      ephemeral: random(),
    });
    this.#write(encodeStreamRecord(recordTypes.first, handshake.write(empty) ?? empty));
    this.#handshake = handshake;
    return true;
  }

  #count(bytes: Uint8Array): number {
    const all = this.#unread.length === 0 ? bytes : Buffer.concat([this.#takeUnread(), bytes]);
    let plain = 0;
    for (let at = 0; at < all.length;) {
      if (this.#recordLeft === 0) {
        if (all.length - at < headBytes) {
          this.#unread = all.slice(at);
          break;
        }
        this.#recordLeft = ((all[at] ?? 0) << 8) | (all[at + 1] ?? 0);
        plain += this.#recordLeft + headBytes - overheadBytes;
        at += headBytes;
      }
      const taken = Math.min(this.#recordLeft, all.length - at);
      this.#recordLeft -= taken;
      at += taken;
    }
    return plain;
  }
}
