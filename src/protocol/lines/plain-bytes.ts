/**
 * Many lines as bytes, each with the same prefix. Printable ASCII, which most lines are, is recognised four bytes at a time
 * while it is copied; other text is for text.ts.
 */

import type { BorrowedBytes } from "../borrowed-bytes.ts";

const newline = 0x0a;
const space = 0x20;
const del = 0x7f;
const wordBytes = 4;
const fourSpaces = 0x20202020;
const fourOnes = 0x01010101;
const highBits = 0x80808080;

/** Holds the lines, a word of zeros, the prefix and the result. It grows to what is needed. */
let buffer = new Uint8Array(64 * 1024);
let words = new DataView(buffer.buffer);

/**
 * Whole lines, each with `prefix` before it; undefined if one is empty or has more in it than U+0020 to U+007E. The next
 * call of either function overwrites the result.
 */
export function prefixPlain(prefix: Uint8Array, lines: BorrowedBytes): BorrowedBytes | undefined {
  const { prefixAt, resultAt } = layOut(prefix, lines);
  let to = resultAt;
  for (let from = 0; from < lines.length;) {
    const start = from;
    // A word may have bytes beyond the end; what follows is written over their copies.
    for (let at = 0; at < prefix.length; at += wordBytes) copyWord(prefixAt + at, to + at);
    to += prefix.length;
    while (isPlain(copyWord(from, to))) {
      from += wordBytes;
      to += wordBytes;
    }
    let byte = buffer[from]!;
    while (byte >= space && byte < del) {
      from += 1;
      to += 1;
      byte = buffer[from]!;
    }
    if (byte !== newline || from === start) return undefined;
    from += 1;
    to += 1;
  }
  return buffer.subarray(resultAt, to);
}

function copyWord(from: number, to: number): number {
  const word = words.getInt32(from, true);
  words.setInt32(to, word, true);
  return word;
}

/** A byte that is not plain sets its high bit in one of the three; only such a byte borrows or carries. */
function isPlain(word: number): boolean {
  return ((word | (word - fourSpaces) | (word + fourOnes)) & highBits) === 0;
}

/** As prefixPlain, of any text; undefined only if a line is empty. */
export function prefixLines(prefix: Uint8Array, lines: BorrowedBytes): BorrowedBytes | undefined {
  const { prefixAt, resultAt } = layOut(prefix, lines);
  let to = resultAt;
  for (let start = 0; start < lines.length;) {
    const end = lines.indexOf(newline, start) + 1;
    if (end === start + 1) return undefined;
    buffer.copyWithin(to, prefixAt, prefixAt + prefix.length);
    buffer.copyWithin(to + prefix.length, start, end);
    to += prefix.length + end - start;
    start = end;
  }
  return buffer.subarray(resultAt, to);
}

function layOut(prefix: Uint8Array, lines: BorrowedBytes): { prefixAt: number; resultAt: number } {
  const prefixAt = lines.length + wordBytes;
  const resultAt = prefixAt + prefix.length;
  // No line is shorter than a character and its LF.
  const most = resultAt + lines.length + Math.ceil(lines.length / 2) * prefix.length + 2 * wordBytes;
  if (most > buffer.length) {
    buffer = new Uint8Array(most * 2);
    words = new DataView(buffer.buffer);
  }
  buffer.set(lines);
  buffer.fill(0, lines.length, prefixAt);
  buffer.set(prefix, prefixAt);
  return { prefixAt, resultAt };
}
