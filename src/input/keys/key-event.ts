/** The events of a terminal's keyboard and mouse, independent of the terminal's encoding. keys.ts decodes the bytes. */

export interface Modifiers {
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

/** A run of printable text, typed or entered by an input method. It contains no control characters. */
interface TextEvent {
  readonly type: "text";
  readonly text: string;
}

/**
 * A key other than text. `name` is the key's name, or with Ctrl or Alt the character itself. ASCII letters are in
 * lower case, with `shift` for capitals: Alt-X is `x` with alt and shift.
 */
export interface PressEvent extends Modifiers {
  readonly type: "key";
  readonly name: string;
}

/** A bracketed paste. CRLF and CR are replaced by LF. */
export interface PasteEvent {
  readonly type: "paste";
  readonly text: string;
  /** The paste was longer than pasteMaxUnits, and is cut. */
  readonly isTruncated: boolean;
}

interface FocusEvent {
  readonly type: "focus";
  readonly isFocused: boolean;
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

/** A terminal's answer to a query: not typed by the person. */
export interface ReplyEvent {
  readonly type: "reply";
  readonly kind: "csi" | "osc" | "dcs" | "apc" | "other";
  /** Without introducer and terminator; cut at keyReplyMaxUnits. */
  readonly body: string;
}

export type KeyEvent = TextEvent | PressEvent | PasteEvent | FocusEvent | MouseEvent | ReplyEvent;

const noModifiers: Modifiers = { ctrl: false, alt: false, shift: false };

/** Makes a key event. Modifiers default to false. */
export function pressKey(name: string, modifiers: Partial<Modifiers> = noModifiers): PressEvent {
  return { type: "key", name, ...noModifiers, ...modifiers };
}

/** Makes a key event of a character with Ctrl or Alt. A capital ASCII letter becomes its lower case with `shift`. */
export function pressCharacter(character: string, modifiers: Partial<Modifiers>): PressEvent {
  if (character === " ") return pressKey("space", modifiers);
  if (/^[A-Z]$/.test(character)) return pressKey(character.toLowerCase(), { ...modifiers, shift: true });
  return pressKey(character, modifiers);
}
