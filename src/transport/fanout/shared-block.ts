/**
 * One payload for many connections. Most of them write it at once, the others queue it. The borrowed bytes are copied
 * when the first connection queues them, and the others share that copy.
 */

export interface SharedBlock {
  /** Borrowed: valid during the call that passes the block. */
  readonly bytes: Uint8Array;
  /** The same bytes, owned: copied at the first call. */
  lasting(): Uint8Array;
}

/** A block of borrowed bytes, which are overwritten after the call. */
export function passingBlock(bytes: Uint8Array): SharedBlock {
  let copy: Uint8Array | undefined;
  // Not `slice`, because that of a Buffer does not copy.
  return { bytes, lasting: () => (copy ??= new Uint8Array(bytes)) };
}

/** A part of a block; its owned bytes are those of the whole block. */
export function partOf(block: SharedBlock, start: number, end: number): SharedBlock {
  return { bytes: block.bytes.subarray(start, end), lasting: () => block.lasting().subarray(start, end) };
}
