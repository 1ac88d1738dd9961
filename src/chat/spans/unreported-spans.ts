/** Spans of one peer's stream whose call has not been reported yet, in order and bounded. */

import { unreportedSpansMax } from "../../protocol/limits.ts";
import type { MessageSpans, MessageSpan } from "../log/entry.ts";

/** Offsets from the connection's beginning. */
export interface UnreportedSpan {
  readonly what: MessageSpan["what"];
  /** Empty: the messages of this span are not traced. */
  readonly of: readonly MessageSpans[];
  readonly start: number;
  readonly end: number;
}

export class SpanQueue {
  #pieces: UnreportedSpan[] = [];

  get length(): number {
    return this.#pieces.length;
  }

  /** Adds the newest span. Above unreportedSpansMax, spans are merged into one that names no message. */
  add(piece: UnreportedSpan): void {
    const last = this.#pieces.at(-1);
    const isTraced = piece.of.length > 0 && this.#pieces.length < unreportedSpansMax;
    if (isTraced) this.#pieces.push(piece);
    else if (last?.of.length === 0) this.#pieces[this.#pieces.length - 1] = { ...last, end: piece.end };
    else this.#pieces.push({ ...piece, of: [] });
  }

  /** Takes the spans that begin before an offset. A span that extends beyond it stays as well. */
  takeTo(end: number): readonly UnreportedSpan[] {
    if (this.#pieces.length === 0) return this.#pieces;
    const next = this.#pieces.findIndex(({ start }) => start >= end);
    const taken = next === -1 ? this.#pieces : this.#pieces.slice(0, next);
    const later = next === -1 ? [] : this.#pieces.slice(next);
    this.#pieces = [...taken.filter((piece) => piece.end > end), ...later];
    return taken;
  }

  /** Removes `bytes` from an offset on, which were never sent; later spans move into their place. */
  cutOut(at: number, bytes: number): void {
    this.#pieces = this.#pieces.flatMap((piece) => {
      if (piece.end <= at) return [piece];
      if (piece.start < at + bytes) return [];
      return [{ ...piece, start: piece.start - bytes, end: piece.end - bytes }];
    });
  }
}
