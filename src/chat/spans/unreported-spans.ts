/**
 * Pieces of one peer's stream that are known to be of messages, or word of them, and of which no call was told yet: for
 * events that say what a call carried. In order and bounded. It knows no calls, and words nothing.
 */

import { unreportedSpansMax } from "../../protocol/limits.ts";
import type { Carried, CarriedRange } from "../log/entry.ts";

/** `start` and `end` are offsets from the connection's beginning. */
export interface Piece {
  readonly what: CarriedRange["what"];
  /** None: what it is of is not followed. */
  readonly of: readonly Carried[];
  readonly start: number;
  readonly end: number;
}

export class UntoldPieces {
  #pieces: Piece[] = [];

  get length(): number {
    return this.#pieces.length;
  }

  /** Adds the newest. Of those past unreportedSpansMax only one is kept, which says where they are and not what of. */
  add(piece: Piece): void {
    const last = this.#pieces.at(-1);
    const isFollowed = piece.of.length > 0 && this.#pieces.length < unreportedSpansMax;
    if (isFollowed) this.#pieces.push(piece);
    else if (last?.of.length === 0) this.#pieces[this.#pieces.length - 1] = { ...last, end: piece.end };
    else this.#pieces.push({ ...piece, of: [] });
  }

  /** Those that begin before an offset; what goes on after it is here still. */
  takeTo(end: number): readonly Piece[] {
    if (this.#pieces.length === 0) return this.#pieces;
    const next = this.#pieces.findIndex(({ start }) => start >= end);
    const taken = next === -1 ? this.#pieces : this.#pieces.slice(0, next);
    const later = next === -1 ? [] : this.#pieces.slice(next);
    this.#pieces = [...taken.filter((piece) => piece.end > end), ...later];
    return taken;
  }

  /** So many bytes from an offset on never left: what was to follow them has their place. */
  cutOut(at: number, bytes: number): void {
    this.#pieces = this.#pieces.flatMap((piece) => {
      if (piece.end <= at) return [piece];
      if (piece.start < at + bytes) return [];
      return [{ ...piece, start: piece.start - bytes, end: piece.end - bytes }];
    });
  }
}
