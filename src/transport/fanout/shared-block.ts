/**
 * One payload for many connections: most write it at once, and the others queue it. Borrowed bytes are copied once for all
 * that queue them, and only then.
 */

import { type BorrowedBytes, copyBytes } from "../../protocol/borrowed-bytes.ts";

export interface SharedBlock {
  readonly bytes: BorrowedBytes;
  /** The same bytes, to be kept and not changed: copied at the first call. */
  keep(): Uint8Array;
}

export function shareBytes(bytes: BorrowedBytes): SharedBlock {
  let copy: Uint8Array | undefined;
  return { bytes, keep: () => (copy ??= copyBytes(bytes)) };
}

/** A part of a block. Its copy is a part of the copy of the whole block. */
export function partOf(block: SharedBlock, start: number, end: number): SharedBlock {
  return { bytes: block.bytes.subarray(start, end), keep: () => block.keep().subarray(start, end) };
}
