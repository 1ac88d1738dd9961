/**
 * Typed and piped input that has not been sent, in order. Texts are cut into lines or messages only as they are taken,
 * so that a paste of 64 MiB is not kept twice. The session decides when to take one.
 */

import { messageMaxBytes, splitLineMaxUnits } from "../protocol/limits.ts";
import { stripCarriageReturn } from "../protocol/text/text.ts";
import { decodeUtf8 } from "../protocol/text/utf8.ts";
import type { ChatEvent } from "./model/event.ts";
import type { Destination } from "./model/side.ts";

type Item =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly destination: Destination | undefined;
      /** Lines are one message, as far as one holds them; else each line is a message. */
      readonly isWhole: boolean;
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

  /** Adds text without its last newline: each newline in it ends a line, and each line is a message. */
  addText(text: string): void {
    this.#items.push({ kind: "text", text, destination: undefined, isWhole: false, start: 0 });
    this.#lines += countLines(text);
  }

  /**
   * Adds a message, without its last newline, that may have several lines: see the event `typed`. One that exceeds
   * messageMaxBytes becomes several, cut between lines. `destination`: whom it was typed for.
   */
  addMessage(text: string, destination: Destination): void {
    this.#items.push({ kind: "text", text, destination, isWhole: true, start: 0 });
    this.#lines += countLines(text);
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
    return Buffer.byteLength(item.text.slice(item.start, findItemEnd(item)));
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
    const end = findItemEnd(item);
    if (
      inPieces &&
      end - item.start > splitLineMaxUnits &&
      !item.text.slice(item.start, end).includes("\n")
    ) {
      const text = sliceWholeCharacters(item.text, item.start, item.start + splitLineMaxUnits);
      item.start += text.length;
      return { type: "typed", text, continues: true, destination: item.destination };
    }
    const text = item.text.slice(item.start, end);
    this.#lines -= countLines(text);
    if (end === item.text.length) this.#drop();
    else item.start = end + 1;
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

/** The end of the next line, or of as many lines as fit one message; at least one line. */
function findItemEnd({ text, start, isWhole }: Extract<Item, { kind: "text" }>): number {
  const newline = text.indexOf("\n", start);
  if (newline === -1 || !isWhole) return newline === -1 ? text.length : newline;
  const most = text.slice(start, start + messageMaxBytes + 1);
  if (start + most.length === text.length && Buffer.byteLength(most) <= messageMaxBytes) return text.length;
  let end = start + most.length;
  let bytes = Buffer.byteLength(most);
  while (end > newline && bytes > messageMaxBytes) {
    end = text.lastIndexOf("\n", start + Math.floor(((end - start) * messageMaxBytes) / bytes));
    bytes = Buffer.byteLength(text.slice(start, end));
  }
  return Math.max(end, newline);
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

function decodeLine(bytes: Uint8Array): string {
  return stripCarriageReturn(decodeUtf8(bytes));
}

/** A slice that does not cut a surrogate pair. */
function sliceWholeCharacters(text: string, start: number, end: number): string {
  const last = text.charCodeAt(end - 1);
  return text.slice(start, last >= 0xd800 && last <= 0xdbff ? end - 1 : end);
}
