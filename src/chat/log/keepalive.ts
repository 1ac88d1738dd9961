/** Recognises the pings of duets and their answers by their bytes, for lists in which they would displace the rest. */

import type { BorrowedBytes } from "../../protocol/borrowed-bytes.ts";

const start = Buffer.from('duet/1 {"type":"p');
const types = ['ing"', 'ong"'].map((type) => Buffer.from(type));
/** A ping with the fields of a path's proof is longer than this, and of interest. */
const keepaliveMaxBytes = 128;
const lineFeed = 0x0a;

/** True if the call moved one whole ping or pong, and nothing else. Cheap, since it is asked for every call. */
export function isKeepalive(
  { bytes = 0, result }: { readonly bytes?: number | undefined; readonly result: string },
  payload: BorrowedBytes | undefined,
): boolean {
  if (bytes > keepaliveMaxBytes || result !== "ok" || payload?.length !== bytes) return false;
  if (!hasBytesAt(payload, start, 0) || !types.some((type) => hasBytesAt(payload, type, start.length)))
    return false;
  const newline = payload.indexOf(lineFeed);
  return newline < 0 || newline === bytes - 1;
}

/** The type, which differs between frames, is compared before the prefix that they share. */
function hasBytesAt(bytes: BorrowedBytes, wanted: Uint8Array, at: number): boolean {
  for (let index = wanted.length - 1; index >= 0; index -= 1)
    if (bytes[at + index] !== wanted[index]) return false;
  return true;
}
