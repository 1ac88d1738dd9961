/**
 * Several frames in one datagram, each a line (PROTOCOL.md, Frames): written as far as they fit, and cut again. The
 * receiver's key stands in the first one.
 */

import { datagramFramesMax, datagramFramesMaxBytes } from "../limits.ts";
import { framePrefix, numberLine, orderMaxBytes } from "./frame-codec.ts";
import type { FrameOrder } from "./frame.ts";

const nextFrame = `\n${framePrefix}{`;

/**
 * The lines of a datagram, at most datagramFramesMax: its frames, if it has several; else the text as it is. JSON has no
 * LF inside a string, so that no frame is cut.
 */
export function splitDatagram(text: string): readonly string[] {
  let end = text.indexOf(nextFrame);
  if (end === -1 || !text.startsWith(framePrefix)) return [text];
  const lines: string[] = [];
  let start = 0;
  for (; end !== -1 && lines.length + 1 < datagramFramesMax; end = text.indexOf(nextFrame, start)) {
    lines.push(text.slice(start, end));
    start = end + 1;
  }
  lines.push(end === -1 ? text.slice(start) : text.slice(start, end));
  return lines;
}

/** An encoded frame without the receiver's key, and its bytes in UTF-8. */
interface UnkeyedFrame {
  readonly line: string;
  readonly bytes: number;
  /** See encodeKeyField. */
  readonly keyField: string;
}

/** Puts numbered frames into datagrams, in order. */
export class DatagramWriter {
  readonly #framesMax: number;
  #datagrams: string[] = [];
  /** The datagram that is being written. */
  #text = "";
  #bytes = 0;
  #frames = 0;
  #keyField = "";

  /** `framesMax`: as many frames of one datagram the receiver reads. */
  constructor(framesMax: number) {
    this.#framesMax = Math.min(framesMax, datagramFramesMax);
  }

  get takesSeveral(): boolean {
    return this.#framesMax > 1;
  }

  /** Adds a frame. True if a datagram begins with it. */
  add(frame: UnkeyedFrame, order: FrameOrder): boolean {
    const isFirst = !this.hasRoomFor(frame);
    if (isFirst) this.#begin(frame.keyField);
    const text = numberLine(frame.line, order, isFirst ? frame.keyField : "");
    this.#text = isFirst ? text : `${this.#text}\n${text}`;
    this.#bytes += frame.bytes + (text.length - frame.line.length) + 1;
    this.#frames += 1;
    return isFirst;
  }

  /** True if the next frame continues the datagram that is being written. */
  hasRoomFor({ bytes, keyField }: UnkeyedFrame): boolean {
    if (this.#frames === 0 || this.#frames >= this.#framesMax || keyField !== this.#keyField) return false;
    return this.#bytes + bytes + orderMaxBytes <= datagramFramesMaxBytes;
  }

  #begin(keyField: string): void {
    if (this.#frames > 0) this.#datagrams.push(this.#text);
    this.#keyField = keyField;
    // `add` counts what is added to a line in units: all of it but a key is ASCII.
    this.#bytes = Buffer.byteLength(keyField) - keyField.length;
    this.#frames = 0;
  }

  /** The datagrams that were written. */
  take(): readonly string[] {
    this.#begin("");
    this.#text = "";
    const datagrams = this.#datagrams;
    this.#datagrams = [];
    return datagrams;
  }
}
