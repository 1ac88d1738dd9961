/**
 * Splits a long message into the parts of several frames, and joins received parts, within bounds. Over TCP a frame is
 * a line of at most lineMaxBytes, over UDP a datagram of at most datagramFrameMaxBytes.
 */

import type { MessageFrame } from "./frame.ts";
import {
  messageMaxBytes,
  partsMax,
  unfinishedMessageMs,
  unfinishedMessagesMax,
  unfinishedPartsMaxBytes,
} from "../limits.ts";
import { encodeFrame } from "./frame-codec.ts";

/** Encodes a message as the lines of one or more frames, each at most `maxBytes` in UTF-8. */
export function encodeMessage(frame: MessageFrame, maxBytes: number, key?: string): readonly string[] {
  const whole = encodeFrame(frame, key);
  // A unit of UTF-16 has at most three bytes in UTF-8: a short line needs no count.
  if (whole.length * 3 <= maxBytes || Buffer.byteLength(whole) <= maxBytes) return [whole];
  const overhead = Buffer.byteLength(
    encodeFrame({ ...setContent(frame, ""), part: partsMax, parts: partsMax }, key),
  );
  const contents = splitForJson(getContent(frame), maxBytes - overhead);
  return contents.map((content, index) =>
    encodeFrame({ ...setContent(frame, content), part: index + 1, parts: contents.length }, key),
  );
}

/** The text, or what is sealed in its place: parts cut it. */
function getContent({ text, sealed }: MessageFrame): string {
  return sealed ?? text;
}

export function setContent(frame: MessageFrame, content: string): MessageFrame {
  return frame.sealed === undefined ? { ...frame, text: content } : { ...frame, sealed: content };
}

/** Splits text between code points so that each part takes at most `maxBytes` as a JSON string. */
function splitForJson(text: string, maxBytes: number): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let at = 0;
  let bytes = 0;
  for (const character of text) {
    const size = countJsonBytes(character);
    if (bytes + size > maxBytes) {
      parts.push(text.slice(start, at));
      start = at;
      bytes = 0;
    }
    at += character.length;
    bytes += size;
  }
  parts.push(text.slice(start));
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
  readonly joiner: PartJoiner;
  readonly id: string;
  readonly texts: (string | undefined)[];
  missing: number;
  units: number;
  /** Its memory in bytes, as computed by the bound of all. */
  cost: number;
  lastPartMs: number;
}

/** Memory in bytes: of an unfinished message and its place for each part, and of a part beside its text. */
const messageCost = 256;
const placeCost = 8;
const partCost = 32;

/** The unfinished messages of all peers, of at most unfinishedPartsMaxBytes; the longest untouched is dropped first. */
export class UnfinishedMessages {
  /** The one whose last part was received longest ago is first. */
  readonly #byAge = new Set<UnfinishedMessage>();
  #cost = 0;

  /** The memory of all, in bytes. */
  get cost(): number {
    return this.#cost;
  }

  /** Notes that a message has grown, and drops others if the bound is exceeded. */
  grow(message: UnfinishedMessage, cost: number): void {
    message.cost += cost;
    this.#cost += cost;
    this.#byAge.delete(message);
    this.#byAge.add(message);
    for (const oldest of this.#byAge) {
      if (this.#cost <= unfinishedPartsMaxBytes) return;
      oldest.joiner.drop(oldest);
    }
  }

  remove(message: UnfinishedMessage): void {
    if (this.#byAge.delete(message)) this.#cost -= message.cost;
  }
}

/** Joins the parts of one peer's messages, of at most unfinishedMessagesMax at a time. */
export class PartJoiner {
  readonly #all: UnfinishedMessages;
  readonly #unfinished = new Map<string, UnfinishedMessage>();

  constructor(all: UnfinishedMessages) {
    this.#all = all;
  }

  /** Adds a part. Returns the content when no part is missing; undefined before that, or if it exceeds the bounds. */
  join(frame: MessageFrame, nowMs: number): string | undefined {
    const content = getContent(frame);
    if (frame.part === undefined || frame.parts === undefined || frame.parts === 1) return content;
    if (frame.parts > partsMax) return undefined;
    const kind = frame.sealed === undefined ? "text" : "sealed";
    const message = this.#findOrAdd(`${kind}/${frame.from ?? ""}/${frame.id}`, frame.parts);
    if (message.texts.length !== frame.parts || message.texts[frame.part - 1] !== undefined) return undefined;
    message.texts[frame.part - 1] = content;
    message.missing -= 1;
    message.units += content.length;
    message.lastPartMs = nowMs;
    if (message.missing > 0 && message.units <= messageMaxBytes) {
      this.#all.grow(message, partCost + 2 * content.length);
      return undefined;
    }
    this.drop(message);
    return message.missing === 0 && message.units <= messageMaxBytes ? message.texts.join("") : undefined;
  }

  #findOrAdd(id: string, parts: number): UnfinishedMessage {
    const known = this.#unfinished.get(id);
    if (known !== undefined) return known;
    const texts = Array.from<string | undefined>({ length: parts });
    const message = { joiner: this, id, texts, missing: parts, units: 0, cost: 0, lastPartMs: 0 };
    this.#unfinished.set(id, message);
    this.#all.grow(message, messageCost + parts * placeCost);
    if (this.#unfinished.size > unfinishedMessagesMax) {
      const [oldest] = this.#unfinished.values();
      if (oldest !== undefined) this.drop(oldest);
    }
    return message;
  }

  /** Gives one message up. */
  drop(message: UnfinishedMessage): void {
    this.#all.remove(message);
    this.#unfinished.delete(message.id);
  }

  /** Gives all messages up: the peer has left, or begins again. */
  clear(): void {
    for (const message of [...this.#unfinished.values()]) this.drop(message);
  }

  /** Gives up the messages whose last part is unfinishedMessageMs old. Returns when the next one will be; undefined: none. */
  dropStale(nowMs: number): number | undefined {
    for (const message of [...this.#unfinished.values()])
      if (message.lastPartMs + unfinishedMessageMs <= nowMs) this.drop(message);
    return this.staleMs;
  }

  /** When the first message will have to be given up; undefined if there is none. */
  get staleMs(): number | undefined {
    if (this.#unfinished.size === 0) return undefined;
    return (
      Math.min(...[...this.#unfinished.values()].map(({ lastPartMs }) => lastPartMs)) + unfinishedMessageMs
    );
  }
}
