/**
 * Many lines as bytes, each put after the same start in one place that is used again: nothing is allocated for them. Most
 * of what people and programs say is printable ASCII, and to see that while copying, four bytes at a time, costs a tenth of
 * looking at its characters. Other text is for text.ts.
 */

const newline = 0x0a;
const highBits = 0x8080_8080 | 0;

/** Grows to what may be needed; what nobody writes to takes no memory. */
let place = placeOf(64 * 1024);

interface Place {
  readonly bytes: Buffer;
  readonly words: DataView;
}

/**
 * Whole lines, each after `start`; valid until lines are started again. undefined: there is more in them than U+0020 to
 * U+007E and LF, even if that is as clean, or one of them is empty.
 */
export function startPlainLines(start: string, lines: Uint8Array): Uint8Array | undefined {
  const { bytes, words } = placeFor(start, lines);
  const { length } = lines;
  const lineWords = new DataView(lines.buffer, lines.byteOffset, length);
  const startLength = bytes.write(start);
  let to = 0;
  let lineAt = 0;
  for (let at = 0; at < length;) {
    if (at === lineAt) {
      // A call for a few bytes costs more than they do.
      for (let index = 0; index < startLength; index += 1) bytes[to + index] = bytes[index]!;
      to += startLength;
    }
    for (; at + 4 <= length; at += 4, to += 4) {
      const word = lineWords.getInt32(at, true);
      // A byte below 0x20 borrows, and 0x7f carries, into a bit that no ASCII has; other bytes have it.
      if (((word | (word - 0x2020_2020) | (word + 0x0101_0101)) & highBits) !== 0) break;
      words.setInt32(to, word, true);
    }
    for (const stop = Math.min(at + 4, length); at < stop;) {
      const byte = lines[at]!;
      bytes[to] = byte;
      at += 1;
      to += 1;
      if (byte === newline) {
        if (at === lineAt + 1) return undefined;
        lineAt = at;
        break;
      }
      if (byte < 0x20 || byte > 0x7e) return undefined;
    }
  }
  return bytes.subarray(0, to);
}

/** As startPlainLines, of any whole lines but empty ones. */
export function startLines(start: string, lines: Uint8Array): Uint8Array {
  const { bytes } = placeFor(start, lines);
  const startLength = bytes.write(start);
  let to = 0;
  for (let at = 0; at < lines.length;) {
    const end = lines.indexOf(newline, at) + 1;
    bytes.copyWithin(to, 0, startLength);
    bytes.set(lines.subarray(at, end), to + startLength);
    to += startLength + end - at;
    at = end;
  }
  return bytes.subarray(0, to);
}

/** No line is shorter than a character and its LF, and no UTF-16 unit longer than three bytes. */
function placeFor(start: string, lines: Uint8Array): Place {
  const most = lines.length + Math.ceil(lines.length / 2) * start.length * 3;
  if (most > place.bytes.length) place = placeOf(most * 2);
  return place;
}

function placeOf(length: number): Place {
  const bytes = Buffer.alloc(length);
  return { bytes, words: new DataView(bytes.buffer, bytes.byteOffset) };
}
