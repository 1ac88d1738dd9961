/**
 * Lines as bytes: whether they are printable ASCII, four at a time, for most of what people and programs say is, and to
 * know it costs a tenth of looking at its characters; and something put before each. Other text is for text.ts.
 */

const newline = 0x0a;
const highBits = 0x8080_8080 | 0;

/** True when there is nothing but U+0020 to U+007E and LF. False also for much that is as clean and not ASCII. */
export function arePlainLines(bytes: Uint8Array): boolean {
  const { byteOffset, length } = bytes;
  if (length < 8) return areBytesPlain(bytes, 0, length);
  const start = Math.min(length, (4 - (byteOffset % 4)) % 4);
  const count = (length - start) >> 2;
  const end = start + count * 4;
  if (!areBytesPlain(bytes, 0, start) || !areBytesPlain(bytes, end, length)) return false;
  const words = new Int32Array(bytes.buffer, byteOffset + start, count);
  for (let index = 0; index < count; index += 1) {
    const word = words[index]!;
    // A byte below 0x20 borrows, and 0x7f carries, into a bit that no ASCII has; other bytes have it.
    if (((word | (word - 0x2020_2020) | (word + 0x0101_0101)) & highBits) === 0) continue;
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

/** Each line, which ends in LF, after `start`, in a buffer of their own. */
export function startLines(start: string, lines: Uint8Array): Buffer {
  const from = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  const before = Buffer.from(start);
  const ends: number[] = [];
  for (let at = from.indexOf(newline); at !== -1; at = from.indexOf(newline, at + 1)) ends.push(at + 1);
  const started = Buffer.allocUnsafeSlow(lines.length + ends.length * before.length);
  let to = 0;
  let lineStart = 0;
  for (const end of ends) {
    to += before.copy(started, to);
    to += from.copy(started, to, lineStart, end);
    lineStart = end;
  }
  return started;
}
