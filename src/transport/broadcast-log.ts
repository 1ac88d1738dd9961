/**
 * What one turn of the loop says to an audience, gathered: all of it is one block, and whoever hears all of it is given
 * that very block, without a copy. Who is in the audience is decided elsewhere, and what the bytes mean.
 */

import { relayBlockMaxBytes } from "../protocol/limits.ts";
import type { ConnectionId } from "../protocol/socket-event.ts";
import { type Block, lastingBlock, partOf, passingBlock } from "./block.ts";

/** Who can be given what is gathered. */
export interface Hearer {
  readonly id: ConnectionId;
  /** Takes a block after all it was given before. `isLast`: nothing more of this turn is to be expected. */
  hear(block: Block, isLast: boolean): void;
}

/** The parts of the block between these offsets are somebody's own words. */
type OwnRanges = number[];

/** Blocks are handed over synchronously, so that one place serves all: for the block, and for one without somebody's words. */
const places = { all: new Uint8Array(relayBlockMaxBytes), some: new Uint8Array(relayBlockMaxBytes) };

export class BroadcastLog<Listener extends Hearer> {
  readonly #audience: ReadonlySet<Listener>;
  readonly #payloads: Uint8Array[] = [];
  readonly #own = new Map<ConnectionId, OwnRanges>();
  /** How far who could not wait for the end of the turn has been given it. */
  readonly #given = new Map<ConnectionId, number>();
  #bytes = 0;

  constructor(audience: ReadonlySet<Listener>) {
    this.#audience = audience;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** `payload` must not be changed afterwards. It is for everybody but `origin`. */
  add(payload: Uint8Array, origin: ConnectionId | undefined): void {
    const start = this.#bytes;
    this.#payloads.push(payload);
    this.#bytes += payload.length;
    if (origin === undefined) return;
    const own = this.#own.get(origin);
    if (own === undefined) this.#own.set(origin, [start, this.#bytes]);
    else if (own.at(-1) === start) own[own.length - 1] = this.#bytes;
    else own.push(start, this.#bytes);
  }

  /** Gives one of the audience what was gathered so far: something for it alone is to follow. */
  giveTo(listener: Listener): void {
    if (!this.#audience.has(listener) || this.#given.get(listener.id) === this.#bytes) return;
    this.#give(listener, lastingBlock(this.#join()), true);
    this.#given.set(listener.id, this.#bytes);
  }

  /** Gives everybody the rest. Nothing may be added afterwards. `isLast`: hardly anybody hears of another log too. */
  giveToAll(isLast: boolean): void {
    const [first] = this.#payloads;
    if (first === undefined) return;
    const isWhole = this.#payloads.length === 1;
    const block = isWhole
      ? lastingBlock(first)
      : passingBlock(putTogether(this.#payloads, this.#bytes, "all"));
    for (const listener of this.#audience) this.#give(listener, block, isLast);
  }

  #give(listener: Listener, block: Block, isLast: boolean): void {
    const own = this.#own.get(listener.id);
    const from = this.#given.size === 0 ? 0 : (this.#given.get(listener.id) ?? 0);
    if (own === undefined && from === 0) listener.hear(block, isLast);
    else this.#giveParts(listener, block, from, own ?? [], isLast);
  }

  /** Everything from an offset on, but one's own words. */
  #giveParts(listener: Listener, block: Block, from: number, own: OwnRanges, isLast: boolean): void {
    const parts: Block[] = [];
    let start = from;
    for (let index = 0; index <= own.length; index += 2) {
      const end = own[index] ?? this.#bytes;
      if (end > start) parts.push(partOf(block, start, end));
      start = Math.max(start, own[index + 1] ?? this.#bytes);
    }
    const [first, ...rest] = parts;
    if (first === undefined) return;
    if (rest.length === 0) return listener.hear(first, isLast);
    const pieces = parts.map(({ bytes }) => bytes);
    listener.hear(passingBlock(putTogether(pieces, this.#bytes, "some")), isLast);
  }

  /** As one payload from now on: several may ask, one after another. */
  #join(): Uint8Array {
    const [first] = this.#payloads;
    if (this.#payloads.length === 1 && first !== undefined) return first;
    const joined = Buffer.concat(this.#payloads, this.#bytes);
    this.#payloads.splice(0, this.#payloads.length, joined);
    return joined;
  }
}

function putTogether(parts: readonly Uint8Array[], bytesMax: number, where: keyof typeof places): Uint8Array {
  if (places[where].length < bytesMax) places[where] = new Uint8Array(bytesMax);
  const place = places[where];
  let length = 0;
  for (const part of parts) {
    place.set(part, length);
    length += part.length;
  }
  return place.subarray(0, length);
}
