/**
 * Whether bytes are printable ASCII in lines, four at a time: most of what people and programs say is, and to know it of
 * a block costs a tenth of looking at its characters. Other text is for text.ts.
 */

import { isAscii } from "node:buffer";

const newline = 0x0a;
const highBits = 0x8080_8080 | 0;

/** True when there is nothing but U+0020 to U+007E and LF. False also for much that is as clean and not ASCII. */
export function arePlainLines(bytes: Uint8Array): boolean {
  if (!isAscii(bytes)) return false;
  const { byteOffset, length } = bytes;
  if (length < 8) return areBytesPlain(bytes, 0, length);
  const start = Math.min(length, (4 - (byteOffset % 4)) % 4);
  const count = (length - start) >> 2;
  const end = start + count * 4;
  if (!areBytesPlain(bytes, 0, start) || !areBytesPlain(bytes, end, length)) return false;
  const words = new Int32Array(bytes.buffer, byteOffset + start, count);
  for (let index = 0; index < count; index += 1) {
    const word = words[index]!;
    // A byte below 0x20 borrows, and 0x7f carries, into a bit that no ASCII has.
    if ((((word - 0x2020_2020) | (word + 0x0101_0101)) & highBits) === 0) continue;
    const at = start + index * 4;
    if (!areBytesPlain(bytes, at, at + 4)) return false;
  }
  return true;
}

function areBytesPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte !== newline && (byte < 0x20 || byte > 0x7e)) return false;
  }
  return true;
}
