/**
 * One long text in several frames, and several frames back into one text, within bounds. Over TCP a frame is a
 * line of at most lineMaxBytes, over UDP a datagram of at most datagramFrameMaxBytes. No resending, no order of its own.
 */

import type { MessageFrame } from "./frame.ts";
import { messageMaxBytes, partsMax } from "../limits.ts";
import { encodeFrame } from "./frame-codec.ts";

/** The lines of a message's frames, each at most `maxBytes` in UTF-8; one if it fits. */
export function encodeMessage(frame: MessageFrame, maxBytes: number, key?: string): readonly string[] {
  const whole = encodeFrame(frame, key);
  if (Buffer.byteLength(whole) <= maxBytes) return [whole];
  const overhead = Buffer.byteLength(
    encodeFrame({ ...frame, text: "", part: partsMax, parts: partsMax }, key),
  );
  const pieces = cutForJson(frame.text, maxBytes - overhead);
  return pieces.map((text, index) =>
    encodeFrame({ ...frame, text, part: index + 1, parts: pieces.length }, key),
  );
}

/** Pieces whose JSON strings take at most `maxBytes` each, cut between code points. */
function cutForJson(text: string, maxBytes: number): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  let bytes = 0;
  for (const character of text) {
    const size = bytesInJson(character);
    if (bytes + size > maxBytes) {
      pieces.push(piece);
      piece = "";
      bytes = 0;
    }
    piece += character;
    bytes += size;
  }
  pieces.push(piece);
  return pieces;
}

/** What one code point takes in a JSON string of UTF-8. Most are as they are. */
function bytesInJson(character: string): number {
  const code = character.charCodeAt(0);
  if (code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c) return 1;
  if (code >= 0x80 && code < 0xd800) return code < 0x800 ? 2 : 3;
  return Buffer.byteLength(JSON.stringify(character)) - 2;
}

interface Unfinished {
  readonly texts: (string | undefined)[];
  missing: number;
  units: number;
}

/** Texts of one peer that are not whole yet: at most four, the oldest given up first. */
export class PartJoiner {
  readonly #unfinished = new Map<string, Unfinished>();

  /** The whole text once its last part is here; undefined while parts are missing or when the bounds are passed. */
  join(frame: MessageFrame): string | undefined {
    if (frame.part === undefined || frame.parts === undefined || frame.parts === 1) return frame.text;
    if (frame.parts > partsMax) return undefined;
    const id = `${frame.from ?? ""}/${frame.id}`;
    const entry = this.#entry(id, frame.parts);
    if (entry.texts.length !== frame.parts || entry.texts[frame.part - 1] !== undefined) return undefined;
    entry.texts[frame.part - 1] = frame.text;
    entry.missing -= 1;
    entry.units += frame.text.length;
    if (entry.missing > 0 && entry.units <= messageMaxBytes) return undefined;
    this.#unfinished.delete(id);
    return entry.missing === 0 && entry.units <= messageMaxBytes ? entry.texts.join("") : undefined;
  }

  #entry(id: string, parts: number): Unfinished {
    const known = this.#unfinished.get(id);
    if (known !== undefined) return known;
    const oldest = this.#unfinished.keys().next();
    if (this.#unfinished.size >= 4 && !oldest.done) this.#unfinished.delete(oldest.value);
    const entry = { texts: Array.from<string | undefined>({ length: parts }), missing: parts, units: 0 };
    this.#unfinished.set(id, entry);
    return entry;
  }
}
