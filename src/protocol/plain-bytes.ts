/**
 * Many lines as bytes, each put after the same start in one place that is used again: nothing is allocated for them. Most
 * of what people and programs say is printable ASCII, and to see that while copying, eight bytes at a time, costs a tenth
 * of looking at its characters. Other text is for text.ts.
 */

const newline = 0x0a;

/**
 * What is put before lines: by eight and padded, since to copy bytes one by one costs more than whole lines do. No UTF-8 is
 * a NaN, of which not all bits would be kept: its last byte would be 0xff, or DEL behind the lead of a character.
 */
export interface LineStart {
  readonly bytes: Uint8Array;
  readonly doubles: Float64Array;
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
  const padded = placeOf(bytes.length);
  padded.bytes.set(bytes);
  return { bytes, doubles: padded.doubles };
}

/**
 * Whole lines, each after `start`; valid until lines are started again. undefined: there is more in them than U+0020 to
 * U+007E and LF, even if that is as clean, or one of them is empty or begins as `other` lines do.
 */
export function startPlainLines(
  { bytes: { length: startLength }, doubles: starts }: LineStart,
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
      // A call for a few bytes costs more than they do. The line is written over what the last one has too much.
      for (let index = 0; index < starts.length; index += 1)
        view.setFloat64(to + index * 8, starts[index]!, true);
      to += startLength;
    }
    if ((at & 7) === 0) {
      let unit = at >> 3;
      for (; isPlain(words[unit * 2]!) && isPlain(words[unit * 2 + 1]!); unit += 1, to += 8)
        view.setFloat64(to, doubles[unit]!, true);
      at = unit * 8;
      const half = words[unit * 2]!;
      if (isPlain(half)) {
        view.setInt32(to, half, true);
        at += 4;
        to += 4;
      }
    }
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

/** With what is not plain behind them. */
function copied(lines: Uint8Array): Place {
  const { length } = lines;
  if (length + 8 > read.bytes.length) read = placeOf(length * 2);
  read.bytes.set(lines);
  read.bytes.fill(0, length, length + 8);
  return read;
}

/** No line is shorter than a character and its LF; the last start is padded. */
function placeFor(startLength: number, lines: Uint8Array): Place {
  const most = lines.length + Math.ceil(lines.length / 2) * startLength + 8;
  if (most > started.bytes.length) started = placeOf(most * 2);
  return started;
}

function placeOf(length: number): Place {
  const bytes = new Uint8Array(Math.ceil(length / 8) * 8);
  const { buffer } = bytes;
  return {
    bytes,
    view: new DataView(buffer),
    words: new Int32Array(buffer),
    doubles: new Float64Array(buffer),
  };
}
