/**
 * What one turn of the loop says to an audience, gathered: all of it is one block, and whoever hears all of it is given
 * that very block, without a copy. Who is in the audience is decided elsewhere, and what the bytes mean.
 */

import { relayBlockMaxBytes } from "../../protocol/limits.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import { type SharedBlock, partOf, passingBlock } from "./shared-block.ts";

/** Who can be given what is gathered. */
export interface Hearer {
  readonly id: ConnectionId;
  /**
   * Takes a block after all it was given before. `isLast`: nothing more of this turn is to be expected. True: one send
   * took all of it, and nobody was told of the call.
   */
  hear(block: SharedBlock, isLast: boolean): boolean;
}

/** These were sent all of the same bytes, by one send each. The bytes are valid only during the call. */
export type OnSentToAll = (connections: readonly ConnectionId[], payload: Uint8Array) => void;

/** Whom the first `seen` of a list are, but for who is gone. */
export interface Audience<Listener> {
  readonly listeners: Set<Listener>;
  seen: number;
}

/** The parts of the block between these offsets are somebody's own words. */
type OwnRanges = number[];

/** Where a block is put together. Usually there are two at a time, and they are used again. */
const placesKept = 2;
const places: Uint8Array<ArrayBuffer>[] = [];
/** A block without somebody's words: blocks are handed over synchronously, so that one place serves all. */
let placeOfSome = new Uint8Array(relayBlockMaxBytes);

export class BroadcastLog<Listener extends Hearer> {
  readonly audience: Audience<Listener>;
  readonly #onSentToAll: OnSentToAll;
  readonly #own = new Map<ConnectionId, OwnRanges>();
  /** How far who could not wait for the end of the turn has been given it. */
  readonly #given = new Map<ConnectionId, number>();
  #place = places.pop() ?? new Uint8Array(relayBlockMaxBytes);
  #bytes = 0;
  /** All of it so far; whoever has to wait keeps what the others keep. */
  #block: SharedBlock | undefined;

  constructor(audience: Audience<Listener>, onSentToAll: OnSentToAll) {
    this.audience = audience;
    this.#onSentToAll = onSentToAll;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** It is of the audience from now on, and hears nothing of what was gathered before. */
  admit(listener: Listener): void {
    this.audience.listeners.add(listener);
    if (this.#bytes > 0) this.#given.set(listener.id, this.#bytes);
  }

  /** A copy of `payload` is for everybody but `origin`. */
  add(payload: Uint8Array, origin: ConnectionId | undefined): void {
    const start = this.#bytes;
    const end = start + payload.length;
    if (end > this.#place.length) this.#place = grown(this.#place, end);
    this.#place.set(payload, start);
    this.#bytes = end;
    this.#block = undefined;
    if (origin === undefined) return;
    const own = this.#own.get(origin);
    if (own === undefined) this.#own.set(origin, [start, end]);
    else if (own.at(-1) === start) own[own.length - 1] = end;
    else own.push(start, end);
  }

  /** Gives one of the audience what was gathered so far: something for it alone is to follow. */
  giveTo(listener: Listener): void {
    if (!this.audience.listeners.has(listener) || this.#given.get(listener.id) === this.#bytes) return;
    if (this.#give(listener, true)) this.#tellSent([listener.id]);
    this.#given.set(listener.id, this.#bytes);
  }

  /** Gives everybody the rest. Nothing may be added afterwards. `isLast`: hardly anybody hears of another log too. */
  giveToAll(isLast: boolean): void {
    const sent: ConnectionId[] = [];
    for (const listener of this.audience.listeners) if (this.#give(listener, isLast)) sent.push(listener.id);
    this.#tellSent(sent);
    if (places.length < placesKept && this.#place.length === relayBlockMaxBytes) places.push(this.#place);
  }

  #tellSent(connections: readonly ConnectionId[]): void {
    if (connections.length > 0) this.#onSentToAll(connections, this.#soFar.bytes);
  }

  get #soFar(): SharedBlock {
    return (this.#block ??= passingBlock(this.#place.subarray(0, this.#bytes)));
  }

  /** True: all of it went by one send, of which nobody was told. */
  #give(listener: Listener, isLast: boolean): boolean {
    const block = this.#soFar;
    const own = this.#own.get(listener.id);
    const from = this.#given.size === 0 ? 0 : (this.#given.get(listener.id) ?? 0);
    if (own === undefined && from === 0) return listener.hear(block, isLast);
    const some = partsOf(block, partsToHear(from, own ?? [], this.#bytes));
    if (some !== undefined && listener.hear(some, isLast)) this.#onSentToAll([listener.id], some.bytes);
    return false;
  }
}

/** From where to where, pair by pair: everything from an offset on, but one's own words. */
function partsToHear(from: number, own: OwnRanges, bytes: number): readonly number[] {
  const parts: number[] = [];
  let start = from;
  for (let index = 0; index <= own.length; index += 2) {
    const end = own[index] ?? bytes;
    if (end > start) parts.push(start, end);
    start = Math.max(start, own[index + 1] ?? bytes);
  }
  return parts;
}

function partsOf(block: SharedBlock, parts: readonly number[]): SharedBlock | undefined {
  const [first, firstEnd] = parts;
  if (first === undefined || firstEnd === undefined) return undefined;
  if (parts.length === 2) return partOf(block, first, firstEnd);
  if (placeOfSome.length < block.bytes.length) placeOfSome = grown(placeOfSome, block.bytes.length);
  // One copy of all and one move a gap: a view of each part would cost more than its bytes.
  placeOfSome.set(block.bytes);
  let length = 0;
  for (let index = 0; index < parts.length; index += 2) {
    const [start = 0, end = 0] = [parts[index], parts[index + 1]];
    if (start > length) placeOfSome.copyWithin(length, start, end);
    length += end - start;
  }
  return passingBlock(placeOfSome.subarray(0, length));
}

function grown(place: Uint8Array<ArrayBuffer>, bytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(bytes, place.length * 2));
  larger.set(place);
  return larger;
}
