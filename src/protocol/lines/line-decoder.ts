/**
 * Decodes the bytes of one TCP peer into lines of text, within a bound. A peer ends its lines by LF, or as telnet's NVT and
 * serial servers do by CR. The caller ends a line when the peer is silent (`close`), and cleans the text.
 */

import { type BorrowedBytes, copyBytes } from "../borrowed-bytes.ts";
import { lineMaxBytes as lineMaxBytesDefault } from "../limits.ts";
import { stripCarriageReturn } from "../text/text.ts";
import { decodeUtf8 } from "../text/utf8.ts";

/**
 * `text` is without its line end. `bytes` is the length received, with the line end's first byte; the second one of CR LF, CR
 * NUL or LF CR counts in the next line, unless the peer ends lines by LF. If the line exceeded the bound, `cutBytes` of them were beyond it and are not in `text`.
 */
export interface DecodedLine {
  readonly text: string;
  readonly bytes: number;
  readonly cutBytes: number;
}

/** The result of decoding some bytes: lines, and after them a block of undecoded lines, each with its LF. */
interface DecodedBytes {
  readonly lines: readonly DecodedLine[];
  readonly block: BorrowedBytes | undefined;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const nul = 0x00;
/** More CRs than that in the first line are line ends. */
const firstReturnsMax = 8;
const noBytes = new Uint8Array(0);
const noLines: readonly DecodedLine[] = [];

/**
 * How a peer ends its lines. `unknown`: it has sent no LF yet. `lf`: by LF, with a CR before or after it (CR LF, LF CR); any
 * other CR is text. `any`: by CR, CR NUL, LF, CR LF or LF CR. A peer that sends no LF becomes that by more than
 * firstReturnsMax CRs, or by silence or FIN after one; every peer by a line that exceeds the bound or that silence ends, if a
 * CR is within it.
 */
type LineEnds = "unknown" | "lf" | "any";

/**
 * Decodes UTF-8 as the WHATWG does: each maximal part of an invalid sequence is one U+FFFD. A byte order mark is text.
 * The lines do not depend on how the bytes are split. At most the bound is kept in memory.
 */
export class LineDecoder {
  readonly #lineMaxBytes: number;
  #text = "";
  #bytes = 0;
  #cutBytes = 0;
  /** An incomplete sequence at the end of the bytes received, at most three bytes. */
  #incomplete = noBytes;
  #lineEnds: LineEnds = "unknown";
  /** `lf` and `unknown`: the offsets of the CRs in the unfinished line, within the bound. */
  #returns: number[] = [];
  /** `any`: the last byte, if it ended a line: the other half of its pair may follow. */
  #lastEnd: number | undefined;
  /** `any`: the unfinished line begins with this many bytes that belong to the line end before it. */
  #pairBytes = 0;

  /** `lineMaxBytes`: the bytes of a line before its LF, at most. */
  constructor(lineMaxBytes: number = lineMaxBytesDefault) {
    this.#lineMaxBytes = lineMaxBytes;
  }

  /**
   * The text received since the last newline, without an incomplete character and without a CR that may belong to a
   * newline.
   */
  get unfinished(): string {
    return this.#trim(this.#text);
  }

  /** All bytes since the last newline, including those beyond the bound. */
  get unfinishedBytes(): number {
    return this.#bytes;
  }

  /** True if the unfinished line has exceeded the bound: bytes up to the next newline are dropped. */
  get isCutting(): boolean {
    return this.#cutBytes > 0;
  }

  /** The lines that `bytes` completes, in order. */
  push(bytes: BorrowedBytes): readonly DecodedLine[] {
    return this.#push(bytes, false).lines;
  }

  /**
   * As `push`, but leaves lines that are complete in `bytes` and within the bound undecoded as one block, which is
   * much faster. The block follows `lines`, and is a view of `bytes`; splitBlock decodes it.
   */
  pushInBlocks(bytes: BorrowedBytes): DecodedBytes {
    return this.#push(bytes, true);
  }

  /** Decodes a block of pushInBlocks. */
  splitBlock(block: BorrowedBytes): readonly DecodedLine[] {
    const lines: DecodedLine[] = [];
    this.#splitLines(block, decodeUtf8(block), lines);
    return lines;
  }

  #push(bytes: BorrowedBytes, keepBlocks: boolean): DecodedBytes {
    if (this.#lineEnds === "unknown") this.#lineEnds = this.#recogniseLineEnds(bytes);
    if (this.#lineEnds === "any") return { lines: this.#splitAtAnyEnd(bytes, []), block: undefined };
    const overlong = this.#findReturnsBeyondBound(bytes);
    if (overlong === undefined) return this.#pushLines(bytes, keepBlocks);
    const { lines } = this.#pushLines(bytes.subarray(0, overlong), false);
    return { lines: this.#splitAtAnyEnd(bytes.subarray(overlong), [...lines]), block: undefined };
  }

  #recogniseLineEnds(bytes: BorrowedBytes): LineEnds {
    const found = bytes.indexOf(newline);
    const end = Math.min(found < 0 ? bytes.length : found, Math.max(0, this.#lineMaxBytes - this.#bytes));
    let returns = this.#returns.length;
    for (
      let at = bytes.indexOf(carriageReturn);
      at >= 0 && at < end;
      at = bytes.indexOf(carriageReturn, at + 1)
    ) {
      returns += 1;
      if (returns > firstReturnsMax) return "any";
    }
    return found < 0 ? "unknown" : "lf";
  }

  /** Where a line begins that exceeds the bound and has a CR within it; undefined if there is none. */
  #findReturnsBeyondBound(bytes: BorrowedBytes): number | undefined {
    if (this.#bytes + bytes.length <= this.#lineMaxBytes) return undefined;
    if (this.#returns.length === 0 && !bytes.includes(carriageReturn)) return undefined;
    let hasReturn = this.#returns.length > 0;
    let kept = Math.max(0, this.#lineMaxBytes - this.#bytes);
    for (let start = 0; bytes.length - start > kept; kept = this.#lineMaxBytes) {
      const found = bytes.indexOf(newline, start);
      const end = found < 0 ? bytes.length : found;
      if (end - start > kept && (hasReturn || bytes.subarray(start, start + kept).includes(carriageReturn)))
        return start;
      hasReturn = false;
      start = end + 1;
    }
    return undefined;
  }

  #pushLines(bytes: BorrowedBytes, keepBlocks: boolean): DecodedBytes {
    const isWhole = bytes[bytes.length - 1] === newline;
    const lastEnd = isWhole ? bytes.length : bytes.lastIndexOf(newline) + 1;
    // The usual case of a relay, whole lines and no unfinished one before them: one undecoded block.
    if (keepBlocks && isWhole && this.#bytes === 0 && this.#isWithinBound(bytes))
      return { lines: noLines, block: bytes };
    const lines: DecodedLine[] = [];
    let block: BorrowedBytes | undefined;
    const firstEnd = this.#bytes === 0 ? 0 : this.#completeLine(bytes, lines);
    if (lastEnd > firstEnd) {
      const whole = bytes.subarray(firstEnd, lastEnd);
      if (keepBlocks && this.#isWithinBound(whole)) block = whole;
      else this.#splitLines(whole, decodeUtf8(whole), lines);
    }
    const rest = Math.max(firstEnd, lastEnd);
    if (rest < bytes.length) this.#append(bytes.subarray(rest));
    return { lines, block };
  }

  /** Whether no line is too long. Searches backwards from the bound for each newline, to skip most of the bytes. */
  #isWithinBound(whole: BorrowedBytes): boolean {
    for (let start = 0; whole.length - start > this.#lineMaxBytes + 1;) {
      const last = whole.lastIndexOf(newline, start + this.#lineMaxBytes);
      if (last < start) return false;
      start = last + 1;
    }
    return true;
  }

  /** Ends the input. Returns what the unfinished line is: one line at most, but of a peer that sent CRs and no LF. */
  finish(): readonly DecodedLine[] {
    const isAny = this.#lineEnds === "unknown" && this.#returns.length > 0;
    const lines = isAny ? [...this.#splitAtAnyEnd(noBytes, [])] : [];
    this.#text += decodeUtf8(this.#incomplete);
    this.#incomplete = noBytes;
    lines.push(...this.#closeLine());
    this.#reset();
    return lines;
  }

  /**
   * Ends the unfinished line because the peer is silent. Returns it, if there is one, as several lines if it has CRs in
   * it; keeps an incomplete character for the bytes that follow.
   */
  close(): readonly DecodedLine[] {
    const isLastReturn = this.#lineEnds === "lf" && this.#returns.at(-1) === this.#bytes - 1;
    const isAny = this.#returns.length > (isLastReturn ? 1 : 0);
    const lines = isAny ? this.#splitAtAnyEnd(noBytes, []) : noLines;
    return [...lines, ...this.#closeLine()];
  }

  #closeLine(): readonly DecodedLine[] {
    const incomplete = this.#incomplete;
    const bytes = this.#bytes - incomplete.length;
    if (bytes === this.#pairBytes || this.#isHalfLineEnd()) return noLines;
    const line = { text: this.unfinished, bytes, cutBytes: this.#cutBytes };
    this.#reset();
    this.#incomplete = incomplete;
    this.#bytes = incomplete.length;
    return [line];
  }

  /** True for a CR after the LF that it belongs to. */
  #isHalfLineEnd(): boolean {
    return this.#lineEnds === "lf" && this.#bytes === 1 && this.#returns.length === 1;
  }

  /** A line of a peer that ends lines by LF, without the CR of a CR LF or LF CR. */
  #trim(text: string): string {
    return this.#lineEnds === "any" ? text : trimReturns(text, this.#lineEnds === "lf");
  }

  /** Ends lines at any line end; also at each CR of the unfinished line, if the peer ended its lines by LF before. */
  #splitAtAnyEnd(bytes: BorrowedBytes, lines: DecodedLine[]): readonly DecodedLine[] {
    if (this.#returns.length > 0) this.#splitUnfinished(lines);
    this.#lineEnds = "any";
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      const before = this.#lastEnd;
      this.#lastEnd = undefined;
      if (before !== undefined && isPair(before, byte)) {
        this.#bytes += 1;
        this.#pairBytes = 1;
        start = at + 1;
      } else if (isLineEnd(byte)) {
        this.#append(bytes.subarray(start, at));
        lines.push(this.#endLine());
        this.#lastEnd = byte;
        start = at + 1;
      }
    }
    if (start < bytes.length) this.#append(bytes.subarray(start));
    return lines;
  }

  /** Ends the unfinished line at each CR in it. It has not exceeded the bound. */
  #splitUnfinished(lines: DecodedLine[]): void {
    // The NUL of a CR NUL is no text; it counts in the line after it.
    const texts = this.#text.split(/\r\0?/);
    const isLastPaired = /\r\0[^\r]*$/.test(this.#text);
    let start = 0;
    for (const [index, at] of this.#returns.entries()) {
      lines.push({ text: texts[index] ?? "", bytes: at + 1 - start, cutBytes: 0 });
      start = at + 1;
    }
    this.#text = texts.at(-1) ?? "";
    this.#bytes -= start;
    this.#lastEnd = this.#bytes === 0 ? carriageReturn : undefined;
    this.#pairBytes = isLastPaired ? 1 : 0;
    this.#returns = [];
  }

  /** Appends the bytes up to the first newline to the unfinished line. Returns their number, newline included. */
  #completeLine(bytes: BorrowedBytes, lines: DecodedLine[]): number {
    const end = bytes.indexOf(newline);
    this.#append(end < 0 ? bytes : bytes.subarray(0, end));
    if (end < 0) return bytes.length;
    lines.push(this.#endLine());
    return end + 1;
  }

  /** Splits complete lines, decoded together as `text`: in UTF-8 a newline is never part of another character. */
  #splitLines(block: BorrowedBytes, text: string, lines: DecodedLine[]): void {
    // As many units as bytes: each unit is one byte, so newlines have the same offsets in both.
    const sameOffsets = text.length === block.length;
    let textStart = 0;
    for (let start = 0; start < block.length;) {
      const textEnd = text.indexOf("\n", textStart);
      const end = sameOffsets ? textEnd : block.indexOf(newline, start);
      lines.push(
        end - start > this.#lineMaxBytes
          ? this.#decodeLongLine(block.subarray(start, end))
          : { text: trimReturns(text.slice(textStart, textEnd), true), bytes: end + 1 - start, cutBytes: 0 },
      );
      textStart = textEnd + 1;
      start = end + 1;
    }
  }

  #decodeLongLine(line: BorrowedBytes): DecodedLine {
    this.#append(line);
    return this.#endLine();
  }

  #endLine(): DecodedLine {
    const text = this.#text + decodeUtf8(this.#incomplete);
    const line = { text: this.#trim(text), bytes: this.#bytes + 1, cutBytes: this.#cutBytes };
    this.#reset();
    return line;
  }

  /** Appends bytes without a newline. Beyond the bound they are counted and not decoded. */
  #append(bytes: BorrowedBytes): void {
    const room = Math.max(0, this.#lineMaxBytes + this.#pairBytes - this.#bytes);
    if (this.#lineEnds !== "any") this.#noteReturns(bytes.subarray(0, room));
    this.#bytes += bytes.length;
    if (!this.isCutting) this.#decode(bytes.length > room ? bytes.subarray(0, room) : bytes);
    if (bytes.length > room) {
      // A character that crosses the bound is beyond it.
      this.#cutBytes += bytes.length - room + this.#incomplete.length;
      this.#incomplete = noBytes;
    }
  }

  #noteReturns(bytes: BorrowedBytes): void {
    for (let at = bytes.indexOf(carriageReturn); at >= 0; at = bytes.indexOf(carriageReturn, at + 1))
      this.#returns.push(this.#bytes + at);
  }

  #decode(bytes: BorrowedBytes): void {
    const whole = this.#incomplete.length === 0 ? bytes : concat(this.#incomplete, bytes);
    const end = whole.length - countIncompleteBytes(whole);
    this.#text += decodeUtf8(whole.subarray(0, end));
    this.#incomplete = end === whole.length ? noBytes : copyBytes(whole.subarray(end));
  }

  #reset(): void {
    this.#text = "";
    this.#bytes = 0;
    this.#cutBytes = 0;
    this.#incomplete = noBytes;
    this.#pairBytes = 0;
    if (this.#returns.length > 0) this.#returns = [];
  }
}

function isLineEnd(byte: number): boolean {
  return byte === newline || byte === carriageReturn;
}

/** True if both bytes are one line end: CR LF, CR NUL (RFC 854) or LF CR. */
function isPair(first: number, second: number): boolean {
  return first === newline ? second === carriageReturn : second === newline || second === nul;
}

/** A line without the CR before its LF, and without the CR after the LF before it. */
function trimReturns(line: string, isAfterLineFeed: boolean): string {
  const text = stripCarriageReturn(line);
  return isAfterLineFeed && text.startsWith("\r") ? text.slice(1) : text;
}

function concat(before: BorrowedBytes, after: BorrowedBytes): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}

/** The number of bytes at the end, at most three, that begin a character which later bytes may complete. */
function countIncompleteBytes(bytes: BorrowedBytes): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const lead = bytes[bytes.length - length] ?? 0;
    if (isContinuation(lead)) continue;
    if (length >= countSequenceBytes(lead)) return 0;
    return length === 1 || canFollow(lead, bytes[bytes.length + 1 - length] ?? 0) ? length : 0;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

/** The bytes of a sequence by its first one; 1 also for a byte that begins none (Unicode 17, table 3-7). */
function countSequenceBytes(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 1;
}

/** Four lead bytes restrict the second byte, to exclude overlong forms, surrogates and values above U+10FFFF. */
function canFollow(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  if (lead === 0xf4) return second <= 0x8f;
  return true;
}
