/**
 * Bytes for many to write now: most do, and whoever has to wait keeps them. Bytes that are used again at once are copied
 * for all of those together, and only then. It knows neither who writes nor what the bytes mean.
 */

export interface Block {
  /** Valid only while they are handed over. */
  readonly bytes: Uint8Array;
  /** The same bytes, which nobody changes. */
  lasting(): Uint8Array;
}

/** A block of bytes that are used again as soon as they have been handed over. */
export function passingBlock(bytes: Uint8Array): Block {
  let copy: Uint8Array | undefined;
  // `slice` would do, but for a Buffer: there it copies nothing.
  return { bytes, lasting: () => (copy ??= new Uint8Array(bytes)) };
}

/** From one place of a block to another: who keeps it keeps what the others keep. */
export function partOf(block: Block, start: number, end: number): Block {
  return { bytes: block.bytes.subarray(start, end), lasting: () => block.lasting().subarray(start, end) };
}
