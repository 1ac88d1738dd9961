/** The sessions of one UDP socket: found by the index in each datagram, wherever it was sent from. */

import type { BorrowedBytes } from "../borrowed-bytes.ts";
import { DatagramSession, readDatagramIndex } from "./datagram-session.ts";
import { isRecordType, readPhase, recordTypes } from "./records.ts";
import type { NewSession } from "./session-keys.ts";

/** `Owner`: the peer of a session. */
export class DatagramSessions<Owner> {
  readonly #byIndex = new Map<number, { readonly owner: Owner; readonly session: DatagramSession }>();
  readonly #byOwner = new Map<Owner, DatagramSession>();

  /** Begins a session, in place of the owner's one before. */
  begin(owner: Owner, start: NewSession): void {
    this.end(owner);
    const session = new DatagramSession(start, start.indices);
    this.#byOwner.set(owner, session);
    this.#byIndex.set(start.indices.ours, { owner, session });
  }

  /** Ends a session, if there is one, and fills its keys with zero. */
  end(owner: Owner): void {
    const session = this.#byOwner.get(owner);
    if (session === undefined) return;
    session.erase();
    this.#byOwner.delete(owner);
    this.#byIndex.delete(session.indices.ours);
  }

  get isEmpty(): boolean {
    return this.#byIndex.size === 0;
  }

  has(owner: Owner): boolean {
    return this.#byOwner.has(owner);
  }

  get(owner: Owner): DatagramSession | undefined {
    return this.#byOwner.get(owner);
  }

  /**
   * Opens a datagram of any session whose owner `mayBeOf` admits, which looks where it was sent from. Undefined if it is
   * none, or does not authenticate.
   */
  open(
    bytes: BorrowedBytes,
    nowMs: number,
    mayBeOf: (owner: Owner) => boolean,
  ): { owner: Owner; plain: Uint8Array; isNewest: boolean } | undefined {
    const index = readDatagramIndex(bytes);
    const found = index === undefined ? undefined : this.#byIndex.get(index);
    if (found === undefined || !mayBeOf(found.owner)) return undefined;
    const opened = found.session.open(bytes, nowMs);
    return opened && { owner: found.owner, ...opened };
  }
}

/** True for a datagram that a sealed peer may send in the clear: a hello, or one of a handshake. */
export function isGreetingDatagram(bytes: BorrowedBytes): boolean {
  if (isRecordType(bytes[0])) return readPhase(bytes[0]) === undefined;
  return helloStart.every((byte, index) => bytes[index] === byte);
}

const helloStart = Buffer.from('duet/1 {"type":"hello"');

/**
 * True for a datagram of a session that is not known here, or of its handshake: it is no text. The counter of a record is
 * below 2³², as of every session, so that it has four zero bytes, which no text of a raw peer has in this place; messages of
 * a handshake are known by their lengths.
 */
export function looksSealed(bytes: BorrowedBytes): boolean {
  if (readDatagramIndex(bytes) !== undefined) return [5, 6, 7, 8].every((at) => bytes[at] === 0);
  return isRecordType(bytes[0]) && handshakeLengths.get(bytes[0] ?? 0)?.includes(bytes.length) === true;
}

/** With empty payloads, and those of a renewed identity and of a room with a password. */
const handshakeLengths: ReadonlyMap<number, readonly number[]> = new Map([
  [recordTypes.first, [53, 101]],
  [recordTypes.second, [105, 137, 297, 329]],
  [recordTypes.third, [69, 261]],
]);
