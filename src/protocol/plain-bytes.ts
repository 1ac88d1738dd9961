/**
 * Many lines as bytes, each put after the same start in one place that is used again: nothing is allocated for them. Most
 * of what people and programs say is printable ASCII, and to see that while copying, eight bytes at a time, costs a tenth
 * of looking at its characters. Other text is for text.ts.
 */

const newline = 0x0a;
const space = 0x20;

/** What is put before lines: its words are padded, since to copy bytes one by one costs more than whole lines do. */
export interface LineStart {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** The same bytes by one, four and eight; words as the machine has them, and Bun runs only where that is little-endian. */
interface Place {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
}

/** They grow to what may be needed; what nobody writes to takes no memory. */
let started = placeOf(64 * 1024);
let read = placeOf(64 * 1024);

/** To be kept for as long as lines come after it. */
export function lineStartOf(text: string): LineStart {
  const bytes = Buffer.from(text);
  const padded = new Uint8Array(wholeWords(bytes.length, 4));
  padded.set(bytes);
  return { bytes, words: new Int32Array(padded.buffer) };
}

/**
 * Whole lines, each after `start`; valid until lines are started again. undefined: there is more in them than U+0020 to
 * U+007E and LF, even if that is as clean, or one of them is empty or begins as `other` lines do.
 */
export function startPlainLines(
  { bytes: { length: startLength }, words: startWords }: LineStart,
  lines: Uint8Array,
  other: Uint8Array,
): Uint8Array | undefined {
  const { bytes, view } = placeFor(startLength, lines);
  const { bytes: from, words, doubles } = copied(lines);
  const { length } = lines;
  let to = 0;
  let lineAt = 0;
  for (let at = 0; at < length;) {
    if (at === lineAt) {
      if (from[at] === other[0] && beginsWith(from, at, other)) return undefined;
      // A call for a few bytes costs more than they do. What the last word has too much, the line is written over.
      for (let index = 0; index < startWords.length; index += 1)
        view.setInt32(to + index * 4, startWords[index]!, true);
      to += startLength;
    }
    // Plain bytes are never a NaN, of which not all bits would be kept.
    for (; (at & 7) === 0 && isPlain(words[at >> 2]!) && isPlain(words[(at >> 2) + 1]!); at += 8, to += 8)
      view.setFloat64(to, doubles[at >> 3]!, true);
    const byte = from[at]!;
    bytes[to] = byte;
    at += 1;
    to += 1;
    if (byte === newline) {
      if (at === lineAt + 1) return undefined;
      lineAt = at;
    } else if (byte < 0x20 || byte > 0x7e) return undefined;
  }
  return bytes.subarray(0, to);
}

/** As startPlainLines, of any whole lines but empty ones. */
export function startLines({ bytes: start }: LineStart, lines: Uint8Array): Uint8Array {
  const { bytes } = placeFor(start.length, lines);
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

/** Four bytes: one below 0x20 borrows, and 0x7f carries, into a bit that no ASCII has; other bytes have it. */
function isPlain(word: number): boolean {
  return ((word | (word - 0x2020_2020) | (word + 0x0101_0101)) & 0x8080_8080) === 0;
}

/** `other` has no LF, and so is not looked for behind the last one. */
function beginsWith(bytes: Uint8Array, at: number, other: Uint8Array): boolean {
  for (let index = 0; index < other.length; index += 1) if (bytes[at + index] !== other[index]) return false;
  return true;
}

/** With enough behind them to be read by eight, even if their end is no newline's. */
function copied(lines: Uint8Array): Place {
  const { length } = lines;
  if (length + 8 > read.bytes.length) read = placeOf(length * 2);
  read.bytes.set(lines);
  read.bytes.fill(space, length, length + 8);
  return read;
}

/** No line is shorter than a character and its LF; the last start is padded. */
function placeFor(startLength: number, lines: Uint8Array): Place {
  const most = lines.length + Math.ceil(lines.length / 2) * startLength + 8;
  if (most > started.bytes.length) started = placeOf(most * 2);
  return started;
}

function placeOf(length: number): Place {
  const bytes = new Uint8Array(wholeWords(length, 8));
  const { buffer } = bytes;
  return {
    bytes,
    view: new DataView(buffer),
    words: new Int32Array(buffer),
    doubles: new Float64Array(buffer),
  };
}

function wholeWords(length: number, wordBytes: number): number {
  return Math.ceil(length / wordBytes) * wordBytes;
}
