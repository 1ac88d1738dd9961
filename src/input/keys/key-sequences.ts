/**
 * Decodes complete escape sequences of xterm, rxvt, the Linux console, VT100, modifyOtherKeys and kitty's CSI u.
 * keys.ts finds them in the input.
 */

import type { KeyEvent, Modifiers, MouseEvent } from "./key-event.ts";
import { pressCharacter, pressKey } from "./key-event.ts";

const byFinal: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
};

/** `CSI number ~`; rxvt ends it with `^`, `$` or `@` for Ctrl, Shift or both. */
const byNumber: Readonly<Record<string, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
};

/** Keys with a code point of their own in CSI u and modifyOtherKeys; from 57,344 on, kitty's private ones. */
const byCode: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  13: "enter",
  27: "escape",
  127: "backspace",
  57414: "enter",
  57417: "left",
  57418: "right",
  57419: "up",
  57420: "down",
  57421: "page-up",
  57422: "page-down",
  57423: "home",
  57424: "end",
  57425: "insert",
  57426: "delete",
};

/** The keypad of kitty from code 57,399 on, and of the VT100 from `SS3 j` on. */
const kittyKeypad = "0123456789./*-+\r=,";
const vt100Keypad = "*+,-./0123456789";

/** The final bytes of the Linux console's function keys, after `CSI [`. */
const consoleFunctionKeys = "ABCDE";

const privateFirst = /^[<=>?]/;

/**
 * Decodes `CSI body`, final byte included; undefined: the sequence is of no use here. `alt`: an ESC preceded it, which
 * is how rxvt sends Alt.
 */
export function decodeControlSequence(body: string, alt: boolean): KeyEvent | undefined {
  const final = body.at(-1) ?? "";
  const parameters = body.slice(0, -1);
  if (parameters === "[") return decodeConsoleKey(final, alt);
  // X10 mouse reports, which duet does not request.
  if (parameters.startsWith("M")) return undefined;
  if (parameters.startsWith("<")) return decodeMouse(parameters.slice(1), final);
  if (privateFirst.test(parameters) || isReply(parameters, final))
    return { type: "reply", kind: "csi", body };
  const fields = parameters.split(";");
  const modifiers = decodeModifiers(fields[1], alt);
  if (modifiers === undefined) return undefined;
  if (final === "u") return decodeCode(fields[0], fields[2], modifiers);
  if (final === "~" && fields[0] === "27" && fields[2] !== undefined) {
    return decodeCode(fields[2], undefined, modifiers);
  }
  if (parameters === "" && (final === "I" || final === "O"))
    return { type: "focus", isFocused: final === "I" };
  if (final === "Z") return pressKey("tab", { ...modifiers, shift: true });
  return decodeNamedKey(fields[0] ?? "", final, modifiers);
}

/** Decodes `SS3 final` (ESC O): cursor keys, function keys and the keypad in application mode. */
export function decodeSingleShift(final: string, alt: boolean): KeyEvent | undefined {
  if (final === "M") return pressKey("enter", { alt });
  if (final === "X") return { type: "text", text: "=" };
  const digit = vt100Keypad[final.charCodeAt(0) - 0x6a];
  if (digit !== undefined) return { type: "text", text: digit };
  const name = byFinal[final.toUpperCase()];
  if (name === undefined) return undefined;
  // rxvt sends `SS3 a` for Ctrl-Up.
  return pressKey(name, { alt, ctrl: final !== final.toUpperCase() });
}

/** True for cursor reports, device status and attributes, window sizes, mode reports. */
function isReply(parameters: string, final: string): boolean {
  if (final === "R") return parameters.includes(";");
  return "cnty".includes(final) || parameters.endsWith("$");
}

function decodeConsoleKey(final: string, alt: boolean): KeyEvent | undefined {
  const index = consoleFunctionKeys.indexOf(final);
  return index < 0 ? undefined : pressKey(`f${index + 1}`, { alt });
}

function decodeNamedKey(number: string, final: string, modifiers: Modifiers): KeyEvent | undefined {
  if ("~^$@".includes(final)) {
    const name = byNumber[number];
    const ctrl = modifiers.ctrl || final === "^" || final === "@";
    const shift = modifiers.shift || final === "$" || final === "@";
    return name === undefined ? undefined : pressKey(name, { ...modifiers, ctrl, shift });
  }
  const name = byFinal[final];
  if (name !== undefined) return pressKey(name, modifiers);
  // rxvt sends `CSI a` for Shift-Up.
  return /^[a-d]$/.test(final)
    ? pressKey(byFinal[final.toUpperCase()] ?? "", { ...modifiers, shift: true })
    : undefined;
}

/**
 * Decodes the modifier field: 1 + shift 1, alt 2, ctrl 4, super 8, hyper 16, meta 32, then `:3` for a release.
 * undefined: a key of the window system (super, hyper), or a release.
 */
function decodeModifiers(field: string | undefined, alt: boolean): Modifiers | undefined {
  const [mask, eventType] = (field ?? "").split(":");
  const bits = Math.max(0, Number(mask || "1") - 1);
  if (!Number.isInteger(bits) || eventType === "3" || (bits & 24) !== 0) return undefined;
  return { shift: (bits & 1) !== 0, alt: alt || (bits & 34) !== 0, ctrl: (bits & 4) !== 0 };
}

/** Decodes `code:shifted:base`, and the code points of the text that the key types, separated by colons. */
function decodeCode(
  codes: string | undefined,
  typed: string | undefined,
  modifiers: Modifiers,
): KeyEvent | undefined {
  const [code, shifted, base] = (codes ?? "").split(":").map(Number);
  if (code === undefined) return undefined;
  const name = byCode[code];
  if (name !== undefined) return pressKey(name, modifiers);
  const character = kittyKeypad[code - 57_399] ?? decodePrintable(code);
  if (character === undefined) return undefined;
  if (modifiers.ctrl || modifiers.alt) {
    const chord = findChordCharacter(character, base);
    const sign = modifiers.shift && !letterOrDigit.test(chord) ? decodePrintable(shifted ?? 0) : undefined;
    return sign === undefined
      ? pressCharacter(chord, modifiers)
      : pressCharacter(sign, { ...modifiers, shift: false });
  }
  const text = (typed ?? "").split(":").map((each) => decodePrintable(Number(each || "0")) ?? "");
  if (text.join("") !== "") return { type: "text", text: text.join("") };
  if (!modifiers.shift) return { type: "text", text: character };
  return { type: "text", text: decodePrintable(shifted ?? 0) ?? character.toUpperCase() };
}

const letterOrDigit = /^[A-Za-z0-9]$/;

/**
 * The character of a chord with Ctrl or Alt. Where a layout has no Latin letter or digit on the key, it is the one that
 * a US keyboard has there: Ctrl-C is Ctrl-С on a Russian one, and Alt-1 is Alt-& on a French one.
 */
function findChordCharacter(character: string, base: number | undefined): string {
  const onUs = base === undefined || Number.isNaN(base) ? undefined : decodePrintable(base);
  const isUseful = onUs !== undefined && letterOrDigit.test(onUs) && !letterOrDigit.test(character);
  return isUseful ? onUs : character;
}

/** The character of a code point; undefined for controls, lone surrogates and kitty's private keys. */
function decodePrintable(code: number): string | undefined {
  if (!Number.isInteger(code) || code < 0x20 || code > 0x10_ffff) return undefined;
  if ((code >= 0x7f && code <= 0x9f) || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return code >= 57_344 && code <= 63_743 ? undefined : String.fromCodePoint(code);
}

/** Decodes xterm's SGR mouse report: `button;column;row`, then `M` for a press or `m` for a release. */
function decodeMouse(parameters: string, final: string): MouseEvent | undefined {
  const [code, column, row] = parameters.split(";").map(Number);
  if (code === undefined || column === undefined || row === undefined || !/^[mM]$/.test(final))
    return undefined;
  if (![code, column, row].every(Number.isSafeInteger)) return undefined;
  return {
    type: "mouse",
    action: decodeMouseAction(code, final),
    button: code & 3,
    column: Math.max(0, column - 1),
    row: Math.max(0, row - 1),
    shift: (code & 4) !== 0,
    alt: (code & 8) !== 0,
    ctrl: (code & 16) !== 0,
  };
}

function decodeMouseAction(code: number, final: string): MouseEvent["action"] {
  if ((code & 64) !== 0) return (code & 1) === 0 ? "wheel-up" : "wheel-down";
  if ((code & 32) !== 0) return "move";
  return final === "M" ? "press" : "release";
}
