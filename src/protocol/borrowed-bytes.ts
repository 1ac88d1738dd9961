/**
 * Borrowed bytes: their memory is used again after the call that passes them, so that a host need not copy what it
 * receives and relays. Whatever keeps them copies them; the types demand it, as only copied bytes are a Uint8Array.
 */

declare const borrowedBrand: unique symbol;

/** Bytes that are valid during the call that passes them, to be read and not changed. Owned bytes may be lent as such. */
export interface BorrowedBytes {
  readonly [borrowedBrand]?: true;
  readonly [index: number]: number;
  readonly length: number;
  includes(byte: number): boolean;
  indexOf(byte: number, from?: number): number;
  lastIndexOf(byte: number, from?: number): number;
  subarray(start?: number, end?: number): BorrowedBytes;
  [Symbol.iterator](): IterableIterator<number>;
}

/** A copy, which its caller owns. */
export function copyBytes(bytes: BorrowedBytes): Uint8Array<ArrayBuffer> {
  // `slice` of a Buffer copies nothing.
  return new Uint8Array(bytes);
}

/** The same bytes for a function of the runtime that reads them during the call, and keeps none. */
export function lendBytes(bytes: BorrowedBytes): Uint8Array<ArrayBuffer> {
  return bytes as unknown as Uint8Array<ArrayBuffer>;
}
