/**
 * Many messages of a duet as bytes: a host reads them, numbers them anew and prints them without a value for each. Only
 * frames as frame-codec.ts encodes them, whose text is clean and JSON writes as it is, are read so; the codec handles all others.
 */

import { type BorrowedBytes, lendBytes } from "../borrowed-bytes.ts";
import { areLinesClean } from "../text/text.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { framePrefix } from "./frame-codec.ts";

/**
 * Whether a block's output is lent, so that the next lent output overwrites it, or owned. Only one block of an event is
 * lent, since effects of the event use the output when all its blocks have been read.
 */
type BlockMemory = "lent" | "owned";

/** A run of message frames in some bytes. Valid until the next call of readMessageBlock. */
export interface MessageBlock {
  readonly memory: BlockMemory;
  readonly bytes: Uint8Array;
  readonly count: number;
  /** The offset in `bytes` after the last frame. */
  readonly end: number;
  /** The senders' ids, in order; `count` of them. */
  readonly ids: Float64Array;
  /** Where each text begins and ends, in pairs. */
  readonly texts: Int32Array;
  /** The bytes of all texts. */
  readonly textBytes: number;
}

const frameStart = Buffer.from(`${framePrefix}{"type":"message","id":`);
const textStart = Buffer.from(',"text":"');
const frameEnd = Buffer.from('"}\n');
/** A longer text may need parts when it is numbered anew. */
const textMaxBytes = 4096;
/** Every number of so many digits is a safe integer. */
const idMaxDigits = 15;
const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;
const del = 0x7f;
const zero = 0x30;
const nine = 0x39;

let ids = new Float64Array(1024);
let texts = new Int32Array(2 * ids.length);
/** One for frames and one for lines, since a host sends both. They grow to what is needed. */
const output = { frames: new Uint8Array(64 * 1024), lines: new Uint8Array(64 * 1024) };

/** Reads the message frames that follow each other from `start` on; undefined if none begins there. */
export function readMessageBlock(
  borrowed: BorrowedBytes,
  start: number,
  memory: BlockMemory,
): MessageBlock | undefined {
  const bytes = lendBytes(borrowed);
  let count = 0;
  let at = start;
  let textBytes = 0;
  for (;;) {
    const idAt = skip(bytes, at, frameStart);
    const idEnd = idAt < 0 ? -1 : findIdEnd(bytes, idAt);
    const from = idEnd < 0 ? -1 : skip(bytes, idEnd, textStart);
    if (from < 0) break;
    const to = findTextEnd(bytes, from);
    const next = to < 0 ? -1 : skip(bytes, to, frameEnd);
    if (next < 0) break;
    if (count === ids.length) grow();
    ids[count] = readId(bytes, idAt, idEnd);
    texts[2 * count] = from;
    texts[2 * count + 1] = to;
    textBytes += to - from;
    count += 1;
    at = next;
  }
  if (count === 0) return undefined;
  return { memory, bytes, count, end: at, ids, texts, textBytes };
}

/** The frames as a host relays them: numbered from `firstId` on, each `from` that member. */
export function encodeRelayedBlock(block: MessageBlock, firstId: number, from: number): BorrowedBytes {
  const middle = Buffer.from(`,"from":${from},"text":"`);
  const most = frameStart.length + idMaxDigits + 1 + middle.length + frameEnd.length;
  const into = reserve("frames", block.memory, block.textBytes + block.count * most);
  let to = 0;
  for (let index = 0; index < block.count; index += 1) {
    to = copy(frameStart, 0, frameStart.length, into, to);
    to = writeId(firstId + index, into, to);
    to = copy(middle, 0, middle.length, into, to);
    to = copy(block.bytes, block.texts[2 * index]!, block.texts[2 * index + 1]!, into, to);
    to = copy(frameEnd, 0, frameEnd.length, into, to);
  }
  return into.subarray(0, to);
}

/** The texts as lines, each with `prefix` before it. */
export function formatBlockLines(block: MessageBlock, prefix: Uint8Array): BorrowedBytes {
  const into = reserve("lines", block.memory, block.textBytes + block.count * (prefix.length + 1));
  let to = 0;
  for (let index = 0; index < block.count; index += 1) {
    to = copy(prefix, 0, prefix.length, into, to);
    to = copy(block.bytes, block.texts[2 * index]!, block.texts[2 * index + 1]!, into, to);
    into[to++] = 0x0a;
  }
  return into.subarray(0, to);
}

/** The texts, decoded. */
export function listTexts({ bytes, count, texts: places }: MessageBlock): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    decodeUtf8(bytes.subarray(places[2 * index], places[2 * index + 1])),
  );
}

/** The offset after `expected` if it stands at `at`, else -1. */
function skip(bytes: Uint8Array, at: number, expected: Uint8Array): number {
  const end = at + expected.length;
  if (end > bytes.length) return -1;
  for (let index = 0; index < expected.length; index += 1)
    if (bytes[at + index] !== expected[index]) return -1;
  return end;
}

/** The offset after the digits of an id as JSON writes it, else -1. */
function findIdEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (bytes[end]! >= zero && bytes[end]! <= nine) end += 1;
  const digits = end - start;
  if (digits === 0 || digits > idMaxDigits || (bytes[start] === zero && digits > 1)) return -1;
  return end;
}

/** The offset of the quote after a text that is clean and not empty, else -1. */
function findTextEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  let isPlain = true;
  for (let byte = bytes[end]!; byte !== quote; byte = bytes[++end]!) {
    // The last byte is a newline, so that a search ends there at the latest.
    if (byte < space || byte === backslash) return -1;
    if (byte >= del) isPlain = false;
  }
  if (end === start || end - start > textMaxBytes) return -1;
  return isPlain || areLinesClean(decodeUtf8(bytes.subarray(start, end))) ? end : -1;
}

function readId(bytes: Uint8Array, start: number, end: number): number {
  let id = 0;
  for (let at = start; at < end; at += 1) id = id * 10 + bytes[at]! - zero;
  return id;
}

function writeId(id: number, into: Uint8Array, at: number): number {
  let digits = 1;
  for (let bound = 10; id >= bound; bound *= 10) digits += 1;
  let rest = id;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    const tenth = Math.floor(rest / 10);
    into[place] = zero + rest - tenth * 10;
    rest = tenth;
  }
  return at + digits;
}

/** A view of each part would cost more than its few bytes. */
function copy(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  let to = at;
  for (let index = start; index < end; index += 1) into[to++] = from[index]!;
  return to;
}

function reserve(name: keyof typeof output, memory: BlockMemory, bytes: number): Uint8Array {
  if (memory === "owned") return new Uint8Array(bytes);
  if (output[name].length < bytes) output[name] = new Uint8Array(bytes * 2);
  return output[name];
}

function grow(): void {
  const [moreIds, moreTexts] = [new Float64Array(2 * ids.length), new Int32Array(2 * texts.length)];
  moreIds.set(ids);
  moreTexts.set(texts);
  ids = moreIds;
  texts = moreTexts;
}
