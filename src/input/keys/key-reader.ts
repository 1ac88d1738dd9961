/**
 * Reads keys as keys.ts decodes them, and recognises pastes among them: lines that arrive in one read, for terminals
 * that send no brackets, and whatever arrives in one read with a bracketed paste. No part of a paste is a key, so that
 * nothing in it is sent, and no question is answered by it.
 */

import type { KeyEvent, PasteEvent, PressEvent } from "./key-event.ts";
import { KeyDecoder } from "./keys.ts";

/** After this much silence a paste without brackets has ended. */
export const pasteDelayMs = 30;

export class KeyReader {
  readonly #decoder = new KeyDecoder();
  /** The last read was a paste without brackets, which may go on. */
  #isPasting = false;
  /** The newline that the last paste without brackets ended in, which belongs to it if another one follows. */
  #hasHeldNewline = false;
  #isAlone = false;

  /** The time to wait for more bytes before flush(); undefined: nothing is pending. */
  get pendingDelayMs(): number | undefined {
    return this.#decoder.pendingDelayMs ?? (this.#isPasting ? pasteDelayMs : undefined);
  }

  /** True if the last push or flush returned a single event: a key that was pressed by itself. */
  get isAlone(): boolean {
    return this.#isAlone;
  }

  /** `bytes` are borrowed. */
  push(bytes: Uint8Array): readonly KeyEvent[] {
    const events = this.#decoder.push(bytes);
    this.#isPasting ||= isPasted(events);
    if (!this.#isPasting && events.some((event) => readTyped(event) !== undefined))
      this.#hasHeldNewline = false;
    return this.#return(events);
  }

  /** No more bytes arrived in time. */
  flush(): readonly KeyEvent[] {
    const returned = this.#return(this.#decoder.flush());
    this.#isPasting = false;
    return returned;
  }

  #return(events: readonly KeyEvent[]): readonly KeyEvent[] {
    const returned = this.#isPasting ? this.#join(events) : events;
    this.#isAlone = returned.length === 1;
    return returned;
  }

  /** One paste for all that was typed, without the newline at its end; then the other events. */
  #join(events: readonly KeyEvent[]): readonly KeyEvent[] {
    const pasted = events.map(readTyped);
    const typed = pasted.map((part) => part?.text ?? "").join("");
    const others = events.filter((_, index) => pasted[index] === undefined);
    if (typed === "") return others;
    const text = (this.#hasHeldNewline ? "\n" : "") + typed;
    this.#hasHeldNewline = text.endsWith("\n");
    const whole = this.#hasHeldNewline ? text.slice(0, -1) : text;
    const isTruncated = pasted.some((part) => part?.isTruncated === true);
    return whole === "" ? others : [{ type: "paste", text: whole, isTruncated }, ...others];
  }
}

/** True if the events of one read are a paste: text follows an Enter, or anything typed follows a bracketed paste. */
function isPasted(events: readonly KeyEvent[]): boolean {
  let isAfterEnter = false;
  let isAfterPaste = false;
  for (const event of events) {
    if (isAfterPaste && readTyped(event) !== undefined) return true;
    if (isAfterEnter && (event.type === "text" || event.type === "paste")) return true;
    isAfterPaste ||= event.type === "paste";
    isAfterEnter ||= event.type === "key" && !event.alt && isEnter(event);
  }
  return false;
}

/** The text of an event; undefined for what is no text: cursor keys, function keys, reports of the terminal. */
function readTyped(event: KeyEvent): Omit<PasteEvent, "type"> | undefined {
  switch (event.type) {
    case "text":
      return { text: event.text, isTruncated: false };
    case "paste":
      return event;
    case "key": {
      const text = readKey(event);
      return text === undefined ? undefined : { text, isTruncated: false };
    }
    case "focus":
    case "mouse":
    case "reply":
      return undefined;
  }
}

/** Enter is a newline; Tab and control characters are themselves. */
function readKey(key: PressEvent): string | undefined {
  if (isEnter(key)) return "\n";
  const { name, ctrl, shift } = key;
  if (shift) return undefined;
  if (!ctrl) return name === "tab" ? "\t" : name === "backspace" ? "\x7f" : undefined;
  if (name === "space") return "\0";
  return name.length > 1 ? undefined : String.fromCharCode(name.toUpperCase().charCodeAt(0) & 0x1f);
}

function isEnter({ name, ctrl, shift }: PressEvent): boolean {
  return !shift && ((name === "enter" && !ctrl) || (name === "j" && ctrl));
}
