/**
 * One payload for many connections: most write it at once, and the others queue it. Borrowed bytes are copied once for all
 * that queue them, and only then. It knows neither the connections nor the meaning of the bytes.
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
  // `slice` would do, but for a Buffer: there it copies nothing.
  return { bytes, lasting: () => (copy ??= new Uint8Array(bytes)) };
}

/** A part of a block; its owned bytes are those of the whole block. */
export function partOf(block: SharedBlock, start: number, end: number): SharedBlock {
  return { bytes: block.bytes.subarray(start, end), lasting: () => block.lasting().subarray(start, end) };
}
