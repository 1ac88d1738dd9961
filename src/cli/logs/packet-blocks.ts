/** Walks the blocks of a pcapng file, to find where the last whole one ends. */

import type { FindLogEnd, LogEnd, ReadLog } from "../files/log-end.ts";
import { logSearchChunkBytes, packetBlockMaxBytes } from "../../protocol/limits.ts";

/** The same in both byte orders. */
const sectionHeader = 0x0a0d0d0a;
const sectionStart = Buffer.from([0x0a, 0x0d, 0x0d, 0x0a]);
const byteOrderMagic = 0x1a2b3c4d;
/** Type, length, and the length again at the end. */
const blockMinBytes = 12;

/**
 * The end of a pcapng file of either byte order. Every block is looked at, because the bytes of a payload can look like
 * the end of a block. A block that is longer than the file is unfinished; any other contradiction is damage.
 */
export const findPacketsEnd: FindLogEnd = (read, size) => {
  const readField = createFieldReader(read, size);
  const first = read(0, Math.min(sectionStart.length, size));
  if (!first.equals(sectionStart.subarray(0, first.length))) return damagedAt(0);
  let isLittle = true;
  for (let start = 0; start < size;) {
    const left = size - start;
    if (left < blockMinBytes) return unfinishedAt(start);
    if (readField(start, isLittle) === sectionHeader)
      isLittle = readField(start + 8, true) === byteOrderMagic;
    const length = readField(start + 4, isLittle);
    const isBlock = length >= blockMinBytes && length % 4 === 0;
    if (!isBlock || (length > left && length > packetBlockMaxBytes)) return damagedAt(start);
    if (length > left) return unfinishedAt(start);
    if (readField(start + length - 4, isLittle) !== length) return damagedAt(start);
    start += length;
  }
  return { kind: "whole" };
};

function unfinishedAt(wholeBytes: number): LogEnd {
  return { kind: "unfinished", wholeBytes };
}

function damagedAt(atByte: number): LogEnd {
  return { kind: "damaged", atByte };
}

/** Reads fields of four bytes through a window that moves on with them. */
function createFieldReader(read: ReadLog, size: number): (offset: number, isLittle: boolean) => number {
  let windowStart = 0;
  let bytes: Buffer = Buffer.alloc(0);
  return (offset, isLittle) => {
    if (offset + 4 > size) return -1;
    if (offset < windowStart || offset + 4 > windowStart + bytes.length) {
      windowStart = offset;
      bytes = read(offset, Math.min(logSearchChunkBytes, size - offset));
    }
    const at = offset - windowStart;
    if (at + 4 > bytes.length) return -1; // The file has become shorter.
    return isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  };
}
