/**
 * The escape sequences that set and restore the modes of a terminal. Sources: ECMA-48, DEC STD 070, xterm's ctlseqs.
 */

import type { ControlSequence } from "../files/standard-output.ts";

export interface TerminalModes {
  /** True for mouse reports, which disable the terminal's own selection of text. */
  readonly hasMouse: boolean;
  /** Plain text; undefined leaves the title unchanged. */
  readonly title: string | undefined;
  /** The terminal knows links (OSC 8). Consoles print them. */
  readonly hasLinks: boolean;
}

interface LeaveOptions extends Pick<TerminalModes, "hasLinks"> {
  readonly hadWheelKeys: boolean;
}

const hideCursor = "\x1b[?25l";
export const showCursor = "\x1b[?25h";
const saveTitle = "\x1b[22;2t";
const restoreTitle = "\x1b[23;2t";
/** Every kind of mouse report and of its encoding, since an earlier program may have left any. */
const mouseOff = "\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l";
/** Presses, releases, the wheel, and moves while a button is down (1002; a terminal without it keeps 1000). */
const mouseOn = `${mouseOff}\x1b[?1000h\x1b[?1002h\x1b[?1006h`;

/**
 * Resets what an earlier program may have left and would garble text: an unended frame, a style, insert mode, newline
 * mode, another character set than UTF-8, line drawing, SO. Not by DECSTR: GNU screen does not know it, and kitty leaves
 * the alternate screen at it.
 */
const resetText = "\x1b[?2026l\x1b[0m\x1b[4l\x1b[20l\x1b%G\x1b(B\x0f";
/** Resets the left and right margins, the scroll region and origin mode. Moves the cursor to the top left. */
const resetMargins = "\x1b[?69l\x1b[r\x1b[?6l";
/** Ends a link, which the reset of the style does not. */
const endLink = "\x1b]8;;\x1b\\";

/**
 * Alternate scroll mode, in which the wheel types ↑ and ↓ on an alternate screen. Terminals differ in its default, and in
 * whether they can report it (DECRQM), or save and restore it.
 */
const wheelKeysOff = "\x1b[?1007l";
export const saveWheelKeys = "\x1b[?1007s\x1b[?1007$p";
const restoreWheelKeys = "\x1b[?1007h\x1b[?1007r";

/** Enters the alternate screen in these modes, asks the queries before, and clears what they print. */
export function enterScreen(modes: TerminalModes, queries: string): string {
  return `${resetText}${saveTitle}\x1b[?1049h${resetMargins}${queries}${drawScreen(modes)}`;
}

/** Blanks the screen that was entered, in these modes, whatever another program has left there. */
export function drawScreen(modes: TerminalModes): string {
  const link = modes.hasLinks ? endLink : "";
  return resetText + link + resetMargins + assertModes(modes) + clearScreen;
}

/**
 * Autowrap is off, because a terminal may count a row as wider than we do. Bracketed paste and focus reports are on. The
 * wheel types no keys.
 */
function assertModes(modes: TerminalModes): string {
  const title = modes.title === undefined ? "" : titleSequence(modes.title);
  const mouse = modes.hasMouse ? mouseOn : mouseOff;
  return `${hideCursor}\x1b[?7l${wheelKeysOff}\x1b[?2004h\x1b[?1004h${mouse}${title}`;
}

/** Blanks the screen and moves the cursor to its top left. */
const clearScreen = "\x1b[H\x1b[2J";

/**
 * Undoes `enterScreen` in any state, even inside a synchronized frame. On a terminal without an alternate screen (GNU
 * screen's default, the Linux console) the screen is left blank. `hadWheelKeys`: the wheel typed keys before.
 */
export function leaveScreen({ hadWheelKeys, hasLinks }: LeaveOptions): string {
  const modes = `${mouseOff}${hadWheelKeys ? restoreWheelKeys : ""}\x1b[?1004l\x1b[?2004l\x1b[?7h`;
  // Not `ED 2`, which some terminals let scroll into their history. The other screen may have margins of its own.
  const leave = "\x1b[H\x1b[J\x1b[?1049l\x1b7\x1b[r\x1b8";
  return resetText + (hasLinks ? endLink : "") + modes + resetMargins + leave + restoreTitle + showCursor;
}

/** The beginning of a row that is written again and, since its length is unknown here, never wraps. */
export const beginRow = "\r\x1b[?7l" as ControlSequence;
/** Clears what is behind the text of such a row, and restores autowrap; or clears the row. */
export const clearRow = {
  rest: "\x1b[K\x1b[?7h" as ControlSequence,
  whole: "\r\x1b[K" as ControlSequence,
} as const;

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
