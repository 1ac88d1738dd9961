/**
 * What a person did at the terminal, in words that no terminal's dialect leaks into.
 * It knows no bytes: keys.ts decodes them.
 */

export interface Modifiers {
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** A run of printable text, typed or sent by an input method: no control character is ever in it. */
export interface TextEvent {
  readonly type: "text";
  readonly text: string;
}

/**
 * A key that is no text. `name` is one of keyNames, or for a combination with Ctrl or Alt the character
 * itself, an ASCII letter in lower case with `shift` told apart: Alt-X is `x` with alt and shift.
 */
export interface PressEvent extends Modifiers {
  readonly type: "key";
  readonly name: string;
}

/** A bracketed paste as it came, but with LF for each CRLF and CR. */
export interface PasteEvent {
  readonly type: "paste";
  readonly text: string;
  /** It was longer than pasteMaxUnits, and the rest was dropped. */
  readonly truncated: boolean;
}

export interface FocusEvent {
  readonly type: "focus";
  readonly focused: boolean;
}

export interface MouseEvent extends Modifiers {
  readonly type: "mouse";
  readonly action: "press" | "release" | "move" | "wheel-up" | "wheel-down";
  /** 0 left, 1 middle, 2 right, 3 none. */
  readonly button: number;
  /** From 0 at the left edge. */
  readonly column: number;
  /** From 0 at the top edge. */
  readonly row: number;
}

/** The terminal's answer to a question: nothing that a person typed. */
export interface ReplyEvent {
  readonly type: "reply";
  readonly kind: "csi" | "osc" | "dcs" | "apc" | "other";
  /** Without its introducer and terminator, cut at replyMaxUnits. */
  readonly body: string;
}

export type KeyEvent = TextEvent | PressEvent | PasteEvent | FocusEvent | MouseEvent | ReplyEvent;

export const keyNames = [
  "enter",
  "tab",
  "backspace",
  "delete",
  "up",
  "down",
  "left",
  "right",
  "home",
  "end",
  "page-up",
  "page-down",
  "escape",
  "insert",
  "space",
  "f1",
  "f2",
  "f3",
  "f4",
  "f5",
  "f6",
  "f7",
  "f8",
  "f9",
  "f10",
  "f11",
  "f12",
] as const;

const noModifiers: Modifiers = { ctrl: false, alt: false, shift: false };

/** A key event; modifiers that are not given are up. */
export function pressKey(name: string, held: Partial<Modifiers> = noModifiers): PressEvent {
  return { type: "key", name, ...noModifiers, ...held };
}

/** A character pressed with Ctrl or Alt: ASCII letters are named in lower case, their case told by `shift`. */
export function pressCharacter(character: string, held: Partial<Modifiers>): PressEvent {
  if (character === " ") return pressKey("space", held);
  if (/^[A-Z]$/.test(character)) return pressKey(character.toLowerCase(), { ...held, shift: true });
  return pressKey(character, held);
}
