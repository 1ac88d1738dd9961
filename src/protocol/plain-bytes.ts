/**
 * Lines as bytes: where they end and whether they are printable ASCII, four bytes at a time, for most of what people and
 * programs say is, and to know it costs a tenth of looking at its characters; and something put before each. Other text is
 * for text.ts.
 */

const newline = 0x0a;
const highBits = 0x8080_8080 | 0;

/** The place behind each LF, in order. */
export type LineEnds = readonly number[];

/** undefined when there is more than U+0020 to U+007E and LF, even if that is as clean. */
export function plainLineEnds(bytes: Uint8Array): LineEnds | undefined {
  const { byteOffset, length } = bytes;
  const ends: number[] = [];
  const wordsStart = length < 8 ? length : (4 - (byteOffset % 4)) % 4;
  const count = (length - wordsStart) >> 2;
  if (!addPlainEnds(bytes, 0, wordsStart, ends)) return undefined;
  const words = count === 0 ? noWords : new Int32Array(bytes.buffer, byteOffset + wordsStart, count);
  for (let index = 0; index < count; index += 1) {
    const word = words[index]!;
    // A byte below 0x20 borrows, and 0x7f carries, into a bit that no ASCII has; other bytes have it.
    if (((word | (word - 0x2020_2020) | (word + 0x0101_0101)) & highBits) === 0) continue;
    const at = wordsStart + index * 4;
    if (!addPlainEnds(bytes, at, at + 4, ends)) return undefined;
  }
  return addPlainEnds(bytes, wordsStart + count * 4, length, ends) ? ends : undefined;
}

const noWords = new Int32Array(0);

/** False: one of the bytes is not plain. */
function addPlainEnds(bytes: Uint8Array, start: number, end: number, ends: number[]): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === newline) ends.push(at + 1);
    else if (byte < 0x20 || byte > 0x7e) return false;
  }
  return true;
}

/** Of any bytes. */
export function lineEnds(bytes: Uint8Array): LineEnds {
  const ends: number[] = [];
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) ends.push(at + 1);
  return ends;
}

/** Each line, which ends in LF, after `start`, in a buffer of their own. */
export function startLines(start: string, lines: Uint8Array, ends: LineEnds): Buffer {
  const from = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  const before = Buffer.from(start);
  const started = Buffer.allocUnsafeSlow(lines.length + ends.length * before.length);
  let to = 0;
  let lineStart = 0;
  for (const end of ends) {
    // A call for a few bytes costs more than they do.
    for (let index = 0; index < before.length; index += 1) started[to + index] = before[index]!;
    to += before.length;
    to += from.copy(started, to, lineStart, end);
    lineStart = end;
  }
  return started;
}
