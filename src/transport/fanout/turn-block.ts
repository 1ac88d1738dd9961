/**
 * Gathers the payloads that one turn of the event loop sends to an audience. A listener that receives all of them is
 * sent the gathered block itself, without a copy; an author is sent the block without its own payloads.
 */

import { relayBlockMaxBytes } from "../../protocol/limits.ts";
import type { ConnectionId } from "../../protocol/sockets/socket-event.ts";
import { type SharedBlock, partOf, passingBlock } from "./shared-block.ts";

/** A connection that can be sent a block. */
export interface Hearer {
  readonly id: ConnectionId;
  /**
   * Enqueues or writes a block after all earlier ones. `isLast` is true if probably nothing more follows in this turn.
   * Returns true if one call sent all of it; that call is not reported yet.
   */
  hear(block: SharedBlock, isLast: boolean): boolean;
}

/** Called with connections to which the whole payload was sent, by one call each. The payload is borrowed. */
export type OnSentToAll = (connections: readonly ConnectionId[], payload: Uint8Array) => void;

/** The listeners among the first `seen` ids of a list that are still connected. */
export interface Audience<Listener> {
  readonly listeners: Set<Listener>;
  seen: number;
}

/** Pairs of offsets: the ranges of the block that one author wrote. */
type OwnRanges = number[];

/** Buffers for blocks, to be used again. Usually two are in use at a time. */
const placesKept = 2;
const places: Uint8Array<ArrayBuffer>[] = [];
/** The buffer for a block without an author's payloads. One suffices, because blocks are borrowed. */
let placeOfSome = new Uint8Array(relayBlockMaxBytes);

export class BroadcastLog<Listener extends Hearer> {
  readonly audience: Audience<Listener>;
  readonly #onSentToAll: OnSentToAll;
  readonly #own = new Map<ConnectionId, OwnRanges>();
  /** Offsets of the listeners that were sent a part of the block before the end of the turn, or joined during it. */
  readonly #given = new Map<ConnectionId, number>();
  #place = places.pop() ?? new Uint8Array(relayBlockMaxBytes);
  #bytes = 0;
  /** The block so far. All listeners that must queue it share one copy. */
  #block: SharedBlock | undefined;

  constructor(audience: Audience<Listener>, onSentToAll: OnSentToAll) {
    this.audience = audience;
    this.#onSentToAll = onSentToAll;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a listener, which is not sent what was gathered before. */
  admit(listener: Listener): void {
    this.audience.listeners.add(listener);
    if (this.#bytes > 0) this.#given.set(listener.id, this.#bytes);
  }

  /** Adds a copy of `payload` for every listener except `origin`. */
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

  /** Sends one listener the block so far, before a payload for it alone. */
  giveTo(listener: Listener): void {
    if (!this.audience.listeners.has(listener) || this.#given.get(listener.id) === this.#bytes) return;
    if (this.#give(listener, true)) this.#tellSent([listener.id]);
    this.#given.set(listener.id, this.#bytes);
  }

  /**
   * Sends every listener the rest. Nothing may be added afterwards. `isLast`: few listeners are in another audience.
   */
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

  /** Returns true if one call sent the whole block; that call is not reported yet. */
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

/** Pairs of offsets: the ranges from `from` on without the author's own. */
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
  // One copy of the block and one move for each range: a view of each range would cost more than copying its bytes.
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
