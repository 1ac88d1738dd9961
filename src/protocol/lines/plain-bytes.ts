/**
 * Many lines as bytes, each put after the same start in one place that is used again: nothing is allocated for them. Most
 * of what people and programs say is printable ASCII, and to see that while copying costs a tenth of looking at its
 * characters. Other text is for text.ts.
 */

import { compilePlainLines, type PlainLinesCode, stepBytes } from "./plain-lines-code.ts";

const newline = 0x0a;
const pageBytes = 64 * 1024;

/** It grows to what may be needed; what nobody writes to takes no memory. */
let place = new Uint8Array(pageBytes);

/** Lines that are told apart from others by how those begin. */
export class LineStarter {
  readonly #other: Uint8Array;
  /** undefined: not asked for yet, or not to be had. */
  #code: PlainLinesCode | undefined;
  #isAsked = false;
  #bytes = new Uint8Array(0);

  /** `other` is ASCII, at most eight bytes of it, and has no LF. */
  constructor(other: string) {
    this.#other = Buffer.from(other);
  }

  /**
   * Whole lines, each after `start`; valid until lines are started again. undefined: there is more in them than U+0020 to
   * U+007E and LF, even if that is as clean, or one of them is empty or begins as the other ones do, or it cannot be told.
   */
  startPlain(start: Uint8Array, lines: Uint8Array): Uint8Array | undefined {
    const code = this.#compiled();
    if (code === undefined) return undefined;
    const linesAt = start.length + stepBytes;
    const end = linesAt + lines.length;
    const to = end + stepBytes;
    const bytes = this.#roomFor(code, to + mostBytes(start, lines) + stepBytes);
    bytes.set(start);
    bytes.set(lines, linesAt);
    bytes.fill(0, end, to);
    const startedEnd = code.run(0, start.length, linesAt, end, to);
    return startedEnd < 0 ? undefined : bytes.subarray(to, startedEnd);
  }

  #compiled(): PlainLinesCode | undefined {
    if (this.#isAsked) return this.#code;
    this.#isAsked = true;
    return (this.#code = compilePlainLines(this.#other));
  }

  #roomFor({ memory }: PlainLinesCode, bytes: number): Uint8Array {
    if (bytes > memory.buffer.byteLength)
      memory.grow(Math.ceil((bytes * 2 - memory.buffer.byteLength) / pageBytes));
    if (this.#bytes.length < memory.buffer.byteLength) this.#bytes = new Uint8Array(memory.buffer);
    return this.#bytes;
  }
}

/** As startPlain, of any whole lines but empty ones. */
export function startLines(start: Uint8Array, lines: Uint8Array): Uint8Array {
  const most = mostBytes(start, lines);
  if (most > place.length) place = new Uint8Array(most * 2);
  let to = 0;
  for (let at = 0; at < lines.length;) {
    const end = lines.indexOf(newline, at) + 1;
    place.set(start, to);
    place.set(lines.subarray(at, end), to + start.length);
    to += start.length + end - at;
    at = end;
  }
  return place.subarray(0, to);
}

/** No line is shorter than a character and its LF. */
function mostBytes(start: Uint8Array, lines: Uint8Array): number {
  return lines.length + Math.ceil(lines.length / 2) * start.length;
}
