/**
 * The escape sequences that set and restore the modes of a terminal. Sources: ECMA-48, DEC STD 070, xterm's ctlseqs.
 */

import type { ControlSequence } from "../files/standard-output.ts";

export interface TerminalModes {
  /** True for mouse reports, which disable the terminal's own selection of text. */
  readonly hasMouse: boolean;
  /** Plain text; undefined leaves the title unchanged. */
  readonly title: string | undefined;
}

const hideCursor = "\x1b[?25l";
export const showCursor = "\x1b[?25h";
const saveTitle = "\x1b[22;2t";
const restoreTitle = "\x1b[23;2t";
/** Presses, releases, the wheel, and moves while a button is down (1002; a terminal without it keeps 1000). */
const mouseOn = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const mouseOff = "\x1b[?1002l\x1b[?1000l\x1b[?1006l";

/** Saves the title, enters the alternate screen with these modes, asks the queries, and clears what they printed. */
export function enterScreen(modes: TerminalModes, queries: string): string {
  return `${saveTitle}\x1b[?1049h${assertModes(modes)}${queries}${clearScreen}`;
}

/**
 * Sets the modes without entering a screen. Autowrap is off, because a terminal may count a row as wider than we do.
 * Bracketed paste and focus reports are on.
 */
export function assertModes(modes: TerminalModes): string {
  const title = modes.title === undefined ? "" : titleSequence(modes.title);
  return `${hideCursor}\x1b[?7l\x1b[?2004h\x1b[?1004h${modes.hasMouse ? mouseOn : mouseOff}${title}`;
}

/** Blanks the screen in the default style and moves the cursor to its top left. */
export const clearScreen = "\x1b[0m\x1b[H\x1b[2J";

/** Undoes `enterScreen` in any state, even inside a synchronized frame. */
export const leaveScreen =
  `\x1b[?2026l\x1b[0m${mouseOff}\x1b[?1004l\x1b[?2004l\x1b[?7h\x1b[?1049l` + restoreTitle + showCursor;

export const bellSequence = "\x07" as ControlSequence;

/** OSC 2. Control characters are removed, because they would end the sequence. */
export function titleSequence(title: string): string {
  return `\x1b]2;${title.replace(/\p{C}/gu, "")}\x1b\\`;
}

/** OSC 9, which iTerm2, kitty, WezTerm, foot and Windows Terminal show as a notification. Others ignore it. */
export function notificationSequence(text: string): ControlSequence {
  return `\x1b]9;${text.replace(/\p{C}/gu, "")}\x1b\\` as ControlSequence;
}

/** OSC 52, which sets the clipboard in most terminals. In base64, so that no text can end the sequence. */
export function clipboardSequence(text: string): ControlSequence {
  return `\x1b]52;c;${Buffer.from(text).toString("base64")}\x1b\\` as ControlSequence;
}

/** Several sequences as one; undefined if there is none. */
export function joinSequences(...sequences: readonly ControlSequence[]): ControlSequence | undefined {
  return sequences.length === 0 ? undefined : (sequences.join("") as ControlSequence);
}
