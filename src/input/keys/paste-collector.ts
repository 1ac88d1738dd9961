/** Collects the text of a bracketed paste from several reads. keys.ts finds its end. */

import type { PasteEvent } from "./key-event.ts";

export class PasteCollector {
  readonly #maxUnits: number;
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #parts: string[] = [];
  #units = 0;

  /** `maxUnits` in UTF-16 units: the rest is dropped, and the paste is marked as truncated. */
  constructor(maxUnits: number) {
    this.#maxUnits = maxUnits;
  }

  /** A character may be split between two calls. Invalid UTF-8 becomes U+FFFD. */
  add(bytes: Uint8Array): void {
    this.#append(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Returns the paste with LF for CRLF and CR, and starts the next one. */
  take(): PasteEvent {
    this.#append(this.#decoder.decode());
    const text = this.#parts.join("");
    const isTruncated = this.#units > this.#maxUnits;
    this.#parts = [];
    this.#units = 0;
    return { type: "paste", text: normaliseNewlines(isTruncated ? text.toWellFormed() : text), isTruncated };
  }

  #append(text: string): void {
    const room = this.#maxUnits - this.#units;
    this.#units += text.length;
    if (room > 0 && text !== "") this.#parts.push(text.length > room ? text.slice(0, room) : text);
  }
}

function normaliseNewlines(text: string): string {
  return text.includes("\r") ? text.replaceAll("\r\n", "\n").replaceAll("\r", "\n") : text;
}
