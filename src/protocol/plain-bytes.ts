/**
 * Many lines as bytes, each put after the same start in one place that is used again: nothing is allocated for them. Most
 * of what people and programs say is printable ASCII, and to see that while copying, four bytes at a time, costs a tenth of
 * looking at its characters. Other text is for text.ts.
 */

const newline = 0x0a;
const highBits = 0x8080_8080 | 0;

/** They grow to what may be needed; what nobody writes to takes no memory. */
let started = placeOf(64 * 1024);
let read = placeOf(64 * 1024);

/** The words are there for good: to make a view of a few bytes costs more than to copy them. */
interface Place {
  readonly bytes: Uint8Array;
  readonly words: DataView;
}

/**
 * Whole lines, each after `start`; valid until lines are started again. undefined: there is more in them than U+0020 to
 * U+007E and LF, even if that is as clean, or one of them is empty or begins as `other` lines do.
 */
export function startPlainLines(
  start: Uint8Array,
  lines: Uint8Array,
  other: Uint8Array,
): Uint8Array | undefined {
  const { bytes, words } = placeFor(start, lines);
  const { length } = lines;
  if (length > read.bytes.length) read = placeOf(length * 2);
  const { bytes: from, words: fromWords } = read;
  from.set(lines);
  let to = 0;
  let lineAt = 0;
  for (let at = 0; at < length;) {
    if (at === lineAt) {
      if (from[at] === other[0] && beginsWith(from, at, other)) return undefined;
      // A call for a few bytes costs more than they do.
      for (let index = 0; index < start.length; index += 1) bytes[to + index] = start[index]!;
      to += start.length;
    }
    for (; at + 4 <= length; at += 4, to += 4) {
      const word = fromWords.getInt32(at, true);
      // A byte below 0x20 borrows, and 0x7f carries, into a bit that no ASCII has; other bytes have it.
      if (((word | (word - 0x2020_2020) | (word + 0x0101_0101)) & highBits) !== 0) break;
      words.setInt32(to, word, true);
    }
    for (const stop = Math.min(at + 4, length); at < stop;) {
      const byte = from[at]!;
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
export function startLines(start: Uint8Array, lines: Uint8Array): Uint8Array {
  const { bytes } = placeFor(start, lines);
  let to = 0;
  for (let at = 0; at < lines.length;) {
    const end = lines.indexOf(newline, at) + 1;
    bytes.set(start, to);
    bytes.set(lines.subarray(at, end), to + start.length);
    to += start.length + end - at;
    at = end;
  }
  return bytes.subarray(0, to);
}

/** `other` has no LF, and so is not looked for behind the last one. */
function beginsWith(bytes: Uint8Array, at: number, other: Uint8Array): boolean {
  for (let index = 0; index < other.length; index += 1) if (bytes[at + index] !== other[index]) return false;
  return true;
}

/** No line is shorter than a character and its LF. */
function placeFor(start: Uint8Array, lines: Uint8Array): Place {
  const most = lines.length + Math.ceil(lines.length / 2) * start.length;
  if (most > started.bytes.length) started = placeOf(most * 2);
  return started;
}

function placeOf(length: number): Place {
  const bytes = new Uint8Array(length);
  return { bytes, words: new DataView(bytes.buffer) };
}
