/**
 * Bytes of one TCP peer into lines of text, as they come and within a bound. It knows no socket and no clock
 * (who uses it says when the peer fell silent), and does not clean what it decodes.
 */

import { lineMaxBytes as lineMaxBytesDefault } from "../limits.ts";
import { stripCarriageReturn } from "../text/text.ts";
import { decodeUtf8 } from "../text/utf8.ts";

/**
 * `text` is without its LF and one CR before it. `bytes` is the length as it came, newline included. If the
 * line passed the bound, `cutBytes` of them lay beyond it and are not in `text`.
 */
export interface DecodedLine {
  readonly text: string;
  readonly bytes: number;
  readonly cutBytes: number;
}

/** What came of some bytes: lines, and after them some that were left as they came, each with its LF. */
interface DecodedBytes {
  readonly lines: readonly DecodedLine[];
  readonly block: Uint8Array | undefined;
}

const newline = 0x0a;
const nothing = new Uint8Array(0);
const noLines: readonly DecodedLine[] = [];

/**
 * Decodes UTF-8 as the WHATWG does: each maximal part of an invalid sequence is one U+FFFD. A byte order mark
 * is text. However the bytes are split, the lines are the same. What is kept never passes the bound.
 */
export class LineDecoder {
  readonly #lineMaxBytes: number;
  #text = "";
  #bytes = 0;
  #cutBytes = 0;
  /** An incomplete sequence at the end of what came, at most three bytes. */
  #incomplete = nothing;

  /** `lineMaxBytes` is how long a line may be, in bytes before its LF. */
  constructor(lineMaxBytes: number = lineMaxBytesDefault) {
    this.#lineMaxBytes = lineMaxBytes;
  }

  /** What came since the last newline, but an incomplete character and a CR that may belong to a newline. */
  get unfinished(): string {
    return stripCarriageReturn(this.#text);
  }

  /** All bytes since the last newline, also those beyond the bound. */
  get unfinishedBytes(): number {
    return this.#bytes;
  }

  /** The unfinished line has passed the bound; what comes before the next newline is dropped. */
  get isCutting(): boolean {
    return this.#cutBytes > 0;
  }

  /** The lines that `bytes` completes, in order. `bytes` may be used again at once. */
  push(bytes: Uint8Array): readonly DecodedLine[] {
    return this.#push(bytes, false).lines;
  }

  /**
   * As `push`, but lines that are whole in `bytes` and within the bound stay together: much faster than one by one. They
   * follow `lines`, and are a part of `bytes`; linesOf takes them apart.
   */
  pushInBlocks(bytes: Uint8Array): DecodedBytes {
    return this.#push(bytes, true);
  }

  /** What pushInBlocks left together. */
  splitBlock(block: Uint8Array): readonly DecodedLine[] {
    const lines: DecodedLine[] = [];
    this.#cutLines(block, decodeUtf8(block), lines);
    return lines;
  }

  #push(bytes: Uint8Array, inBlocks: boolean): DecodedBytes {
    const isWhole = bytes[bytes.length - 1] === newline;
    const lastEnd = isWhole ? bytes.length : bytes.lastIndexOf(newline) + 1;
    // Most of what is to be passed on fast is this.
    if (inBlocks && isWhole && this.#bytes === 0 && this.#isWithinBound(bytes))
      return { lines: noLines, block: bytes };
    const lines: DecodedLine[] = [];
    let block: Uint8Array | undefined;
    const firstEnd = this.#bytes === 0 ? 0 : this.#pushToUnfinished(bytes, lines);
    if (lastEnd > firstEnd) {
      const whole = bytes.subarray(firstEnd, lastEnd);
      if (inBlocks && this.#isWithinBound(whole)) block = whole;
      else this.#cutLines(whole, decodeUtf8(whole), lines);
    }
    const rest = Math.max(firstEnd, lastEnd);
    if (rest < bytes.length) this.#append(bytes.subarray(rest));
    return { lines, block };
  }

  /** Whether no line is too long: there is a newline within the bound of every place, looked for in leaps. */
  #isWithinBound(whole: Uint8Array): boolean {
    for (let start = 0; whole.length - start > this.#lineMaxBytes + 1;) {
      const last = whole.lastIndexOf(newline, start + this.#lineMaxBytes);
      if (last < start) return false;
      start = last + 1;
    }
    return true;
  }

  /** The peer sends no more: the unfinished line, if any, with an incomplete character as U+FFFD. */
  finish(): DecodedLine | undefined {
    this.#text += decodeUtf8(this.#incomplete);
    this.#incomplete = nothing;
    return this.close();
  }

  /**
   * The peer fell silent: what is decoded of the unfinished line, if anything. An incomplete character is kept
   * for the bytes that follow.
   */
  close(): DecodedLine | undefined {
    const incomplete = this.#incomplete;
    const bytes = this.#bytes - incomplete.length;
    if (bytes === 0) return undefined;
    const line = { text: this.unfinished, bytes, cutBytes: this.#cutBytes };
    this.#reset();
    this.#incomplete = incomplete;
    this.#bytes = incomplete.length;
    return line;
  }

  /** Takes the bytes up to the first newline and returns how many, newline included. */
  #pushToUnfinished(bytes: Uint8Array, lines: DecodedLine[]): number {
    const end = bytes.indexOf(newline);
    this.#append(end < 0 ? bytes : bytes.subarray(0, end));
    if (end < 0) return bytes.length;
    lines.push(this.#endLine());
    return end + 1;
  }

  /** Whole lines, decoded in one piece as `text`: a newline is never part of another character. */
  #cutLines(block: Uint8Array, text: string, lines: DecodedLine[]): void {
    // As many units as bytes: each unit came from one byte, and so both have their newlines in the same places.
    const sameOffsets = text.length === block.length;
    let textStart = 0;
    for (let start = 0; start < block.length;) {
      const textEnd = text.indexOf("\n", textStart);
      const end = sameOffsets ? textEnd : block.indexOf(newline, start);
      lines.push(
        end - start > this.#lineMaxBytes
          ? this.#cutLine(block.subarray(start, end))
          : { text: lineBetween(text, textStart, textEnd), bytes: end + 1 - start, cutBytes: 0 },
      );
      textStart = textEnd + 1;
      start = end + 1;
    }
  }

  #cutLine(line: Uint8Array): DecodedLine {
    this.#append(line);
    return this.#endLine();
  }

  /** A newline came. */
  #endLine(): DecodedLine {
    const text = this.#text + decodeUtf8(this.#incomplete);
    const line = { text: stripCarriageReturn(text), bytes: this.#bytes + 1, cutBytes: this.#cutBytes };
    this.#reset();
    return line;
  }

  /** Bytes without a newline. Past the bound they are counted and not decoded. */
  #append(bytes: Uint8Array): void {
    const room = Math.max(0, this.#lineMaxBytes - this.#bytes);
    this.#bytes += bytes.length;
    if (!this.isCutting) this.#decode(bytes.length > room ? bytes.subarray(0, room) : bytes);
    if (bytes.length > room) {
      // A character that the bound parts is beyond it.
      this.#cutBytes += bytes.length - room + this.#incomplete.length;
      this.#incomplete = nothing;
    }
  }

  #decode(bytes: Uint8Array): void {
    const whole = this.#incomplete.length === 0 ? bytes : joined(this.#incomplete, bytes);
    const end = whole.length - incompleteLength(whole);
    this.#text += decodeUtf8(whole.subarray(0, end));
    this.#incomplete = end === whole.length ? nothing : whole.slice(end);
  }

  #reset(): void {
    this.#text = "";
    this.#bytes = 0;
    this.#cutBytes = 0;
    this.#incomplete = nothing;
  }
}

function lineBetween(text: string, start: number, end: number): string {
  const hasCarriageReturn = end > start && text.charCodeAt(end - 1) === 0x0d;
  return text.slice(start, hasCarriageReturn ? end - 1 : end);
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}

/** How many bytes at the end, at most three, begin a character that bytes to come could complete. */
function incompleteLength(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const lead = bytes.at(-length) ?? 0;
    if (isContinuation(lead)) continue;
    if (length >= sequenceLength(lead)) return 0;
    return length === 1 || mayFollow(lead, bytes.at(1 - length) ?? 0) ? length : 0;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

/** Bytes of a sequence by its first one, 1 also for a byte that begins none (Unicode 17, table 3-7). */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 1;
}

/** Four leads narrow their second byte, against overlong forms, surrogates and what is past U+10FFFF. */
function mayFollow(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  if (lead === 0xf4) return second <= 0x8f;
  return true;
}
