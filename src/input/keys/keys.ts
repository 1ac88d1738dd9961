/**
 * Decodes the bytes of a terminal into key events. It has no clock: the caller pushes the bytes of each read, and calls
 * flush() when pendingDelayMs has passed without more.
 *
 * However the bytes are split into reads, the events are the same, except that a run of text may be split. Unknown
 * sequences are dropped whole. A control character inside a sequence ends it and counts as typed, so that a broken
 * sequence cannot swallow Ctrl-C.
 */

import { keyReplyMaxUnits, keySequenceMaxBytes, pasteMaxUnits } from "../../protocol/limits.ts";
import type { KeyEvent, ReplyEvent } from "./key-event.ts";
import { pressCharacter, pressKey } from "./key-event.ts";
import {
  findCharacterEnd,
  findControlSequenceEnd,
  measureCutCharacter,
  measureCutPasteEnd,
  findFinalByte,
  isControl,
} from "./key-bytes.ts";
import { PasteCollector } from "./paste-collector.ts";
import { decodeControlSequence, decodeSingleShift } from "./key-sequences.ts";

/**
 * After this much silence a lone ESC is the Escape key. ssh may part a sequence by 100 ms: if its ESC were taken for a
 * key, the rest of a paste's bracket would be text, and the Enter of Alt-Enter would send the line.
 */
export const escapeDelayMs = 150;
/** After this much silence an incomplete sequence or character is dropped. */
export const sequenceDelayMs = 200;
/** After this much silence an unterminated paste or reply is ended. */
export const unendedDelayMs = 1000;

const ESC = 0x1b;
const BEL = 0x07;
const CR = 0x0d;
const LF = 0x0a;
const DEL = 0x7f;
const pasteStart = "200~";
const pasteEnd = Buffer.from("\x1b[201~");
/** What duet has asked the terminal to report, without its ESC: focus, the mouse, the brackets of a paste. */
const requestedReport = /^\[(?:[IO]$|20[01]~|<[\d;]+[Mm])/;
/** More bytes are needed. */
const incomplete = -1;

type Mode = "keys" | "paste" | "string" | "overlong";

const stringKinds: Readonly<Record<string, ReplyEvent["kind"]>> = {
  "]": "osc",
  P: "dcs",
  _: "apc",
  "^": "other",
  X: "other",
};

export class KeyDecoder {
  #mode: Mode = "keys";
  /** The undecided bytes of the last push: part of a sequence, of a character, or of a paste's end. */
  #undecided: Buffer = Buffer.alloc(0);
  #events: KeyEvent[] = [];
  #reply: { kind: ReplyEvent["kind"]; body: string } = { kind: "other", body: "" };
  readonly #paste: PasteCollector;
  #isAfterCr = false;
  /** The terminal sends CR for Enter, so that LF is Ctrl-J. */
  #hasSentCr = false;
  /** The last flush made an Escape key of an ESC that had no successor. */
  #isAfterLateEscape = false;

  /** `pasteMax` in UTF-16 units; a longer paste is cut and marked as truncated. */
  constructor(pasteMax: number = pasteMaxUnits) {
    this.#paste = new PasteCollector(pasteMax);
  }

  /** The time to wait for more bytes before flush(); undefined: nothing is pending. */
  get pendingDelayMs(): number | undefined {
    if (this.#mode === "paste" || this.#mode === "string") return unendedDelayMs;
    if (this.#mode === "overlong") return sequenceDelayMs;
    if (this.#undecided.length === 0) return undefined;
    return this.#undecided.every((byte) => byte === ESC) ? escapeDelayMs : sequenceDelayMs;
  }

  get isPending(): boolean {
    return this.pendingDelayMs !== undefined;
  }

  /** `bytes` are borrowed. */
  push(bytes: Uint8Array): KeyEvent[] {
    const given = this.#completeReport(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const input = this.#undecided.length === 0 ? given : Buffer.concat([this.#undecided, given]);
    let at = 0;
    while (at < input.length) {
      const next = this.#step(input, at);
      if (next === incomplete) break;
      at = next;
    }
    this.#undecided = Buffer.from(input.subarray(at));
    return this.#takeEvents();
  }

  /**
   * Puts the ESC back before a report that arrived later than it. Nobody types a report in one read, and the rest of a
   * paste's bracket as text would let the paste be sent line by line.
   */
  #completeReport(bytes: Buffer): Buffer {
    const [first = ""] = bytes.toString("latin1", 0, 32).split("\x1b", 1);
    const isReport = this.#isAfterLateEscape && requestedReport.test(first);
    this.#isAfterLateEscape = false;
    return isReport ? Buffer.concat([Buffer.of(ESC), bytes]) : bytes;
  }

  /** No more bytes arrived in time: decodes the pending bytes as they are, and resets the decoder. */
  flush(): KeyEvent[] {
    const undecided = this.#undecided;
    this.#undecided = Buffer.alloc(0);
    this.#isAfterCr = false;
    this.#isAfterLateEscape = this.#mode === "keys" && undecided.at(-1) === ESC;
    if (this.#mode === "paste") {
      this.#paste.add(undecided);
      this.#endPaste();
    } else if (this.#mode === "keys") this.#settle(undecided);
    this.#mode = "keys";
    return this.#takeEvents();
  }

  #takeEvents(): KeyEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Decodes the item at `at`, and returns its end or `incomplete`. */
  #step(input: Buffer, at: number): number {
    switch (this.#mode) {
      case "paste":
        return this.#stepPaste(input, at);
      case "string":
        return this.#stepString(input, at);
      case "overlong":
        return this.#stepOverlong(input, at);
      case "keys":
        return input[at] === ESC ? this.#stepEscape(input, at) : this.#stepPlain(input, at);
    }
  }

  #stepPlain(input: Buffer, at: number): number {
    const byte = input[at] ?? 0;
    if (isControl(byte)) {
      this.#pressControl(byte, false);
      return at + 1;
    }
    let end = at + 1;
    while (end < input.length && !isControl(input[end] ?? 0)) end += 1;
    if (end === input.length) end -= measureCutCharacter(input.subarray(at, end));
    if (end === at) return incomplete;
    this.#type(input.toString("utf8", at, end));
    return end;
  }

  #stepEscape(input: Buffer, at: number): number {
    const second = input[at + 1];
    if (second === undefined) return incomplete;
    if (second !== ESC) return this.#stepIntroduced(input, at + 1, false);
    const third = input[at + 2];
    if (third === undefined) return incomplete;
    // rxvt sends Alt with a cursor key as ESC and the key's sequence.
    if (third === 0x5b || third === 0x4f) return this.#stepIntroduced(input, at + 2, true);
    this.#emit(pressKey("escape"));
    return at + 1;
  }

  /** `introducer`: the index of the byte after ESC, which determines the kind of sequence. */
  #stepIntroduced(input: Buffer, introducer: number, alt: boolean): number {
    const byte = input[introducer] ?? 0;
    const character = String.fromCharCode(byte);
    if (character === "[") return this.#stepControlSequence(input, introducer + 1, alt);
    if (character === "O") return this.#stepSingleShift(input, introducer + 1, alt);
    const kind = stringKinds[character];
    if (kind !== undefined) {
      if (introducer + 1 === input.length) return incomplete;
      this.#mode = "string";
      this.#reply = { kind, body: "" };
      return introducer + 1;
    }
    if (isControl(byte)) {
      this.#pressControl(byte, true);
      return introducer + 1;
    }
    return this.#stepAltCharacter(input, introducer);
  }

  #stepAltCharacter(input: Buffer, at: number): number {
    const end = findCharacterEnd(input, at);
    if (end === undefined) return incomplete;
    const character = input.toString("utf8", at, end);
    if (/^[^\p{Cc}\ufffd]$/u.test(character)) this.#emit(pressCharacter(character, { alt: true }));
    return end;
  }

  #stepControlSequence(input: Buffer, start: number, alt: boolean): number {
    const end = findControlSequenceEnd(input, start);
    if (end === undefined) {
      if (input.length - start < keySequenceMaxBytes) return incomplete;
      this.#mode = "overlong";
      return input.length;
    }
    const body = input.toString("latin1", start, end.at);
    if (body === pasteStart) this.#mode = "paste";
    else if (end.isWhole && end.at - start <= keySequenceMaxBytes)
      this.#emit(decodeControlSequence(body, alt));
    return end.at;
  }

  #stepSingleShift(input: Buffer, at: number, alt: boolean): number {
    const final = input[at];
    if (final === undefined) return incomplete;
    if (isControl(final) || final >= 0x80) return at;
    this.#emit(decodeSingleShift(String.fromCharCode(final), alt));
    return at + 1;
  }

  /** Skips the rest of a control sequence that is longer than any known one. */
  #stepOverlong(input: Buffer, at: number): number {
    const end = findFinalByte(input, at);
    if (end === undefined) return input.length;
    this.#mode = "keys";
    return end.at;
  }

  /** OSC, DCS and similar strings end with BEL or ST. Any other control character breaks them off. */
  #stepString(input: Buffer, at: number): number {
    let end = at;
    while (end < input.length && !isControl(input[end] ?? 0)) end += 1;
    const room = keyReplyMaxUnits - this.#reply.body.length;
    this.#reply.body += input.toString("latin1", at, Math.min(end, at + room));
    if (end === input.length) return end;
    const isEscape = input[end] === ESC;
    if (isEscape && end + 1 === input.length) return end > at ? end : incomplete;
    this.#mode = "keys";
    const isTerminated = input[end] === BEL || (isEscape && input[end + 1] === 0x5c);
    if (!isTerminated) return end;
    this.#emit({ type: "reply", ...this.#reply });
    return end + (isEscape ? 2 : 1);
  }

  #stepPaste(input: Buffer, at: number): number {
    const end = input.indexOf(pasteEnd, at);
    if (end < 0) {
      const cut = input.length - measureCutPasteEnd(input.subarray(at));
      if (cut === at) return incomplete;
      this.#paste.add(input.subarray(at, cut));
      return cut;
    }
    this.#paste.add(input.subarray(at, end));
    this.#endPaste();
    return end + pasteEnd.length;
  }

  #endPaste(): void {
    this.#emit(this.#paste.take());
    this.#mode = "keys";
  }

  /** Decodes the bytes pending at flush(): Escape, Alt with an introducer, or the start of a cut sequence. */
  #settle(undecided: Buffer): void {
    let at = 0;
    while (undecided[at] === ESC && (undecided.length === at + 1 || undecided[at + 1] === ESC)) {
      this.#emit(pressKey("escape"));
      at += 1;
    }
    if (at === undecided.length) return;
    if (undecided[at] !== ESC) return this.#type(undecided.toString("utf8", at));
    if (undecided.length === at + 2) this.#stepAltCharacter(undecided, at + 1);
  }

  #pressControl(byte: number, alt: boolean): void {
    // CR LF is one Enter, even if split between two reads.
    const isAfterCr = this.#isAfterCr;
    this.#isAfterCr = false;
    if (byte === LF && isAfterCr && !alt) return;
    this.#emit(
      byte === LF && this.#hasSentCr ? pressKey("j", { ctrl: true, alt }) : decodeControl(byte, alt),
    );
    this.#hasSentCr ||= byte === CR && !alt;
    this.#isAfterCr = byte === CR && !alt;
  }

  #type(decoded: string): void {
    // C1 controls, encoded as UTF-8, are removed as well.
    const text = decoded.replace(/\p{Cc}/gu, "");
    if (text !== "") this.#emit({ type: "text", text });
  }

  #emit(event: KeyEvent | undefined): void {
    if (event === undefined) return;
    this.#isAfterCr = false;
    const last = this.#events.at(-1);
    if (event.type === "text" && last?.type === "text") {
      this.#events[this.#events.length - 1] = { type: "text", text: last.text + event.text };
    } else this.#events.push(event);
  }
}

/** Maps C0 and DEL to keys: CR is Enter, and so is LF until the terminal has sent CR, Ctrl-H is not Backspace, Ctrl-I is Tab. */
function decodeControl(byte: number, alt: boolean): KeyEvent {
  if (byte === CR || byte === LF) return pressKey("enter", { alt });
  if (byte === 0x09) return pressKey("tab", { alt });
  if (byte === DEL) return pressKey("backspace", { alt });
  if (byte === 0) return pressKey("space", { alt, ctrl: true });
  return pressKey(String.fromCharCode(byte + 0x40).toLowerCase(), { alt, ctrl: true });
}
