/** The keys of a session: one that seals, and those of two phases that open (SEALED.md, New keys). */

import { CipherState } from "../noise/cipher-state.ts";
import { rekeyBytes, rekeyRecords } from "../limits.ts";
import { flip, type Indices, type Phase } from "./records.ts";

/** 32 bytes each, owned by their receiver, which fills them with zero. */
export interface SessionKeys {
  readonly sendKey: Uint8Array;
  readonly receiveKey: Uint8Array;
}

/** The keys and places with which a transport begins a session. */
export interface NewSession extends SessionKeys {
  /** Over UDP. */
  readonly indices: Indices;
  /** Over a stream: the bytes behind the handshake's last message that were received with it. */
  readonly rest: Uint8Array;
}

/** Seals, and counts what it has sealed. */
export class SealingKey {
  #cipher: CipherState;
  #phase: Phase = 0;
  #next: CipherState | undefined;
  #bytes = 0;

  constructor(key: Uint8Array) {
    this.#cipher = new CipherState(key);
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The counter of the next record. */
  get counter(): number {
    return this.#cipher.counter;
  }

  /** The key has sealed so much that a new one is due, and there is none. `isSpent`: twice that. */
  get isDue(): boolean {
    return this.#next === undefined && (this.counter >= rekeyRecords || this.#bytes >= rekeyBytes);
  }

  get isSpent(): boolean {
    return this.counter >= 2 * rekeyRecords || this.#bytes >= 2 * rekeyBytes;
  }

  /** Writes ciphertext and tag to `at`. The counter is used up even if the bytes are never sent. */
  sealInto(into: Uint8Array, at: number, plain: Uint8Array): void {
    this.#bytes += plain.length;
    this.#cipher.encryptInto(into, at, plain);
  }

  /** Sets the key of the next phase, which `change` begins to use. */
  prepare(key: Uint8Array): void {
    this.#next?.erase();
    this.#next = new CipherState(key);
  }

  /** Uses the next key from now on, if there is one. */
  change(): void {
    if (this.#next === undefined) return;
    this.#cipher.erase();
    this.#cipher = this.#next;
    this.#next = undefined;
    this.#phase = flip(this.#phase);
    this.#bytes = 0;
  }

  erase(): void {
    this.#cipher.erase();
    this.#next?.erase();
  }
}

/** Reports the wear of a session's keys. */
export class KeyWear {
  #isDueReported = false;

  /** `due` once for each key; `spent`: the session must end. */
  take(sealing: SealingKey, opening: { readonly isDue: boolean }): "due" | "spent" | undefined {
    if (sealing.isSpent) return "spent";
    if (this.#isDueReported || !(sealing.isDue || opening.isDue)) return undefined;
    this.#isDueReported = true;
    return "due";
  }

  /** There are new keys. */
  reset(): void {
    this.#isDueReported = false;
  }
}

/** The key of one phase, and its measures. */
interface OpeningKey {
  readonly phase: Phase;
  /** The records and bytes that it has opened. */
  records: number;
  bytes: number;
  /** Fills the key with zero. */
  erase(): void;
}

/**
 * The opening keys of a session: the one in use, the next one once it is known, and the one before while it is kept. `Key`
 * opens the records of one phase.
 */
export class OpeningKeys<Key extends OpeningKey> {
  #current: Key;
  #next: Key | undefined;
  #old: { readonly key: Key; readonly untilMs: number } | undefined;
  readonly #oldForMs: number;

  /** `oldForMs`: how long the key before opens records. */
  constructor(first: Key, oldForMs: number) {
    this.#current = first;
    this.#oldForMs = oldForMs;
  }

  /** The newest key that has opened a record, or the first one. */
  get current(): Key {
    return this.#current;
  }

  /** As SealingKey.isDue, for the records of the peer. */
  get isDue(): boolean {
    const { records, bytes } = this.#current;
    return this.#next === undefined && (records >= rekeyRecords || bytes >= rekeyBytes);
  }

  /** The phase of the key that `prepare` awaits. */
  get nextPhase(): Phase {
    return flip(this.#current.phase);
  }

  /** Sets the key of the next phase, which the first record of it puts in use. */
  prepare(key: Key): void {
    this.#next?.erase();
    this.#next = key;
    this.#eraseOld();
  }

  /** The key for a record of that phase; undefined if there is none (any more). */
  find(phase: Phase, nowMs: number): Key | undefined {
    if (this.#current.phase === phase) return this.#current;
    if (this.#next !== undefined) return this.#next;
    if (this.#old !== undefined && nowMs >= this.#old.untilMs) this.#eraseOld();
    return this.#old?.key;
  }

  /** A record of so many bytes authenticated with that key. True if it was the first one of a new phase. */
  noteOpened(key: Key, bytes: number, nowMs: number): boolean {
    key.records += 1;
    key.bytes += bytes;
    if (key !== this.#next) return false;
    const before = this.#current;
    this.#current = key;
    this.#next = undefined;
    this.#eraseOld();
    if (this.#oldForMs > 0) this.#old = { key: before, untilMs: nowMs + this.#oldForMs };
    else before.erase();
    return true;
  }

  #eraseOld(): void {
    this.#old?.key.erase();
    this.#old = undefined;
  }

  erase(): void {
    this.#current.erase();
    this.#next?.erase();
    this.#eraseOld();
  }
}
