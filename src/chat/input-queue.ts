/**
 * Typed and piped input that has not been sent, in order. Texts are cut into lines only as they are taken, so that a
 * paste of 64 MiB is not kept twice. The session decides when to take a line.
 */

import { splitLineMaxUnits } from "../protocol/limits.ts";
import { stripCarriageReturn } from "../protocol/text/text.ts";
import { decodeUtf8 } from "../protocol/text/utf8.ts";
import type { ChatEvent } from "./model/event.ts";
import type { Destination } from "./model/side.ts";

type Item =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly destination: Destination | undefined;
      start: number;
    }
  | { readonly kind: "line"; asWritten: Uint8Array }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "end" };

export class InputQueue {
  readonly #items: Item[] = [];
  #first = 0;
  #lines = 0;

  get isEmpty(): boolean {
    return this.#first === this.#items.length;
  }

  /** Lines that wait; each piece of bytes counts as one. */
  get lines(): number {
    return this.#lines;
  }

  /** Adds text without its last newline: each newline in it ends a line. `destination`: whom it was typed for. */
  addText(text: string, destination?: Destination): void {
    this.#items.push({ kind: "text", text, destination, start: 0 });
    this.#lines += 1;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#lines += 1;
  }

  /** Adds the bytes of one line, without its newline: see the event `typed`. */
  addLine(asWritten: Uint8Array): void {
    this.#items.push({ kind: "line", asWritten });
    this.#lines += 1;
  }

  addBytes(bytes: Uint8Array): void {
    this.#items.push({ kind: "bytes", bytes });
    this.#lines += 1;
  }

  addEnd(): void {
    this.#items.push({ kind: "end" });
  }

  /** The size of the next line or piece of a stream of lines; 0 if none is next. */
  get nextBytes(): number {
    const item = this.#items[this.#first];
    if (item === undefined || item.kind === "end") return 0;
    if (item.kind === "bytes") return item.bytes.length;
    if (item.kind === "line") return item.asWritten.length;
    const newline = item.text.indexOf("\n", item.start);
    return Buffer.byteLength(item.text.slice(item.start, newline === -1 ? undefined : newline));
  }

  /** The next line, piece or end. `inPieces`: a long line may be cut, since a stream joins it again. */
  next(inPieces: boolean): ChatEvent | undefined {
    const item = this.#items[this.#first];
    if (item === undefined) return undefined;
    switch (item.kind) {
      case "end":
        this.#drop();
        return { type: "input-ended" };
      case "bytes":
        this.#drop();
        this.#lines -= 1;
        return { type: "piped", bytes: item.bytes };
      case "line":
        return this.#nextWritten(item, inPieces);
      case "text":
        return this.#nextLine(item, inPieces);
    }
  }

  /** Empties the queue and returns its texts. */
  takeAllText(): readonly string[] {
    const texts: string[] = [];
    for (const item of this.#items.slice(this.#first))
      if (item.kind === "text") texts.push(item.text.slice(item.start));
      else if (item.kind === "line") texts.push(decodeLine(item.asWritten));
    this.#items.length = 0;
    this.#first = 0;
    this.#lines = 0;
    return texts;
  }

  /** Bytes that wait. */
  countBytes(): number {
    let bytes = 0;
    for (const item of this.#items.slice(this.#first)) if (item.kind === "bytes") bytes += item.bytes.length;
    return bytes;
  }

  #nextLine(item: Extract<Item, { kind: "text" }>, inPieces: boolean): ChatEvent {
    const newline = item.text.indexOf("\n", item.start);
    const end = newline === -1 ? item.text.length : newline;
    if (inPieces && end - item.start > splitLineMaxUnits) {
      const text = sliceWholeCharacters(item.text, item.start, item.start + splitLineMaxUnits);
      item.start += text.length;
      return { type: "typed", text, continues: true, destination: item.destination };
    }
    const text = item.text.slice(item.start, end);
    this.#lines -= 1;
    if (newline === -1) this.#drop();
    else item.start = newline + 1;
    return { type: "typed", text, continues: false, destination: item.destination };
  }

  #nextWritten(item: Extract<Item, { kind: "line" }>, inPieces: boolean): ChatEvent {
    const { asWritten } = item;
    if (inPieces && asWritten.length > splitLineMaxUnits) {
      const piece = asWritten.subarray(0, splitLineMaxUnits);
      item.asWritten = asWritten.subarray(splitLineMaxUnits);
      return { type: "typed", text: decodeUtf8(piece), continues: true, asWritten: piece };
    }
    this.#drop();
    this.#lines -= 1;
    return { type: "typed", text: decodeLine(asWritten), continues: false, asWritten };
  }

  #drop(): void {
    this.#items[this.#first] = { kind: "end" };
    this.#first += 1;
    if (this.#first < 1024 && this.#first < this.#items.length) return;
    this.#items.splice(0, this.#first);
    this.#first = 0;
  }
}

function decodeLine(bytes: Uint8Array): string {
  return stripCarriageReturn(decodeUtf8(bytes));
}

/** A slice that does not cut a surrogate pair. */
function sliceWholeCharacters(text: string, start: number, end: number): string {
  const last = text.charCodeAt(end - 1);
  return text.slice(start, last >= 0xd800 && last <= 0xdbff ? end - 1 : end);
}
