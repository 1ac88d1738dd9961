/**
 * Splits a long message into the parts of several frames, and joins received parts, within bounds. Over TCP a frame is
 * a line of at most lineMaxBytes, over UDP a datagram of at most datagramFrameMaxBytes.
 */

import type { MessageFrame } from "./frame.ts";
import { messageMaxBytes, partsMax, unfinishedMessagesMax } from "../limits.ts";
import { encodeFrame } from "./frame-codec.ts";
import { setBounded } from "../bounded-map.ts";

/** Encodes a message as the lines of one or more frames, each at most `maxBytes` in UTF-8. */
export function encodeMessage(frame: MessageFrame, maxBytes: number, key?: string): readonly string[] {
  const whole = encodeFrame(frame, key);
  if (Buffer.byteLength(whole) <= maxBytes) return [whole];
  const overhead = Buffer.byteLength(
    encodeFrame({ ...frame, text: "", part: partsMax, parts: partsMax }, key),
  );
  const texts = splitForJson(frame.text, maxBytes - overhead);
  return texts.map((text, index) =>
    encodeFrame({ ...frame, text, part: index + 1, parts: texts.length }, key),
  );
}

/** Splits text between code points so that each part takes at most `maxBytes` as a JSON string. */
function splitForJson(text: string, maxBytes: number): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let bytes = 0;
  for (const character of text) {
    const size = countJsonBytes(character);
    if (bytes + size > maxBytes) {
      parts.push(part);
      part = "";
      bytes = 0;
    }
    part += character;
    bytes += size;
  }
  parts.push(part);
  return parts;
}

/** The bytes of one code point in a JSON string of UTF-8. */
function countJsonBytes(character: string): number {
  const code = character.charCodeAt(0);
  if (code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c) return 1;
  if (code >= 0x80 && code < 0xd800) return code < 0x800 ? 2 : 3;
  return Buffer.byteLength(JSON.stringify(character)) - 2;
}

interface UnfinishedMessage {
  readonly texts: (string | undefined)[];
  missing: number;
  units: number;
}

/** Joins the parts of one peer's messages, of at most unfinishedMessagesMax at a time. */
export class PartJoiner {
  readonly #unfinished = new Map<string, UnfinishedMessage>();

  /** Adds a part. Returns the text when no part is missing; undefined before that, or if it exceeds the bounds. */
  join(frame: MessageFrame): string | undefined {
    if (frame.part === undefined || frame.parts === undefined || frame.parts === 1) return frame.text;
    if (frame.parts > partsMax) return undefined;
    const id = `${frame.from ?? ""}/${frame.id}`;
    const entry = this.#findOrAdd(id, frame.parts);
    if (entry.texts.length !== frame.parts || entry.texts[frame.part - 1] !== undefined) return undefined;
    entry.texts[frame.part - 1] = frame.text;
    entry.missing -= 1;
    entry.units += frame.text.length;
    if (entry.missing > 0 && entry.units <= messageMaxBytes) return undefined;
    this.#unfinished.delete(id);
    return entry.missing === 0 && entry.units <= messageMaxBytes ? entry.texts.join("") : undefined;
  }

  #findOrAdd(id: string, parts: number): UnfinishedMessage {
    const known = this.#unfinished.get(id);
    if (known !== undefined) return known;
    const entry = { texts: Array.from<string | undefined>({ length: parts }), missing: parts, units: 0 };
    setBounded(this.#unfinished, id, entry, unfinishedMessagesMax);
    return entry;
  }
}
