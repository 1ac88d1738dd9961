/**
 * What one turn of the loop says to an audience, gathered: all of it is one block, and whoever hears all of it is given
 * that very block, without a copy. Who is in the audience is decided elsewhere, and what the bytes mean.
 */

import type { ConnectionId } from "../protocol/socket-event.ts";

/** Who can be given what is gathered. */
export interface Hearer {
  readonly id: ConnectionId;
  /**
   * Takes a block after all it was given before. `isShared`: the block stays as it is; else it is used again at once.
   * `isLast`: nothing more of this turn is to be expected.
   */
  hear(block: Uint8Array, isShared: boolean, isLast: boolean): void;
}

/** The parts of the block between these offsets are somebody's own words. */
type OwnRanges = number[];

/** Blocks are handed over synchronously and copied by who keeps them, so one place to put them together serves all. */
let scratch = new Uint8Array(64 * 1024);

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
    this.#give(listener, this.#joined(), true);
    this.#given.set(listener.id, this.#bytes);
  }

  /** Gives everybody the rest. Nothing may be added afterwards. `isLast`: hardly anybody hears of another log too. */
  giveToAll(isLast: boolean): void {
    const block = this.#joined();
    for (const listener of this.#audience) this.#give(listener, block, isLast);
  }

  #give(listener: Listener, block: Uint8Array, isLast: boolean): void {
    const own = this.#own.get(listener.id);
    const from = this.#given.size === 0 ? 0 : (this.#given.get(listener.id) ?? 0);
    if (own === undefined && from === 0) listener.hear(block, true, isLast);
    else this.#giveParts(listener, block, from, own ?? [], isLast);
  }

  /** Everything from an offset on, but one's own words. */
  #giveParts(listener: Listener, block: Uint8Array, from: number, own: OwnRanges, isLast: boolean): void {
    const parts: Uint8Array[] = [];
    let start = from;
    for (let index = 0; index <= own.length; index += 2) {
      const end = own[index] ?? block.length;
      if (end > start) parts.push(block.subarray(start, end));
      start = Math.max(start, own[index + 1] ?? block.length);
    }
    const [first, ...rest] = parts;
    if (first === undefined) return;
    if (rest.length === 0) listener.hear(first, true, isLast);
    else listener.hear(putTogether(parts, block.length), false, isLast);
  }

  #joined(): Uint8Array {
    const first = this.#payloads[0];
    if (this.#payloads.length > 1 || first === undefined) {
      const block = Buffer.concat(this.#payloads, this.#bytes);
      this.#payloads.splice(0, this.#payloads.length, block);
      return block;
    }
    return first;
  }
}

function putTogether(parts: readonly Uint8Array[], bytesMax: number): Uint8Array {
  if (scratch.length < bytesMax) scratch = new Uint8Array(bytesMax);
  let length = 0;
  for (const part of parts) {
    scratch.set(part, length);
    length += part.length;
  }
  return scratch.subarray(0, length);
}
