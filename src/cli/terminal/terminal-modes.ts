/**
 * The escape sequences that take a terminal over and give it back. It knows no program state and writes nothing.
 * Sources: ECMA-48, DEC STD 070, xterm's ctlseqs.
 */

interface WantedModes {
  /** Mouse reports: they cost the terminal's own selection, so they are off unless asked for. */
  readonly mouse: boolean;
  /** Plain text; undefined: the title is left alone. */
  readonly title: string | undefined;
}

const hideCursor = "\x1b[?25l";
export const showCursor = "\x1b[?25h";
const saveTitle = "\x1b[22;2t";
const restoreTitle = "\x1b[23;2t";
const mouseOff = "\x1b[?1000l\x1b[?1006l";
const mouseOn = "\x1b[?1000h\x1b[?1006h";

/** Alternate screen, and all that `assertModes` asks for. */
export function enterScreen(modes: WantedModes): string {
  return `${saveTitle}\x1b[?1049h${assertModes(modes)}${clearScreen}`;
}

/**
 * Autowrap off, for a terminal that counts a row wider than we do must not wrap it; paste and focus told apart from keys.
 */
export function assertModes(modes: WantedModes): string {
  const title = modes.title === undefined ? "" : titleSequence(modes.title);
  return `${hideCursor}\x1b[?7l\x1b[?2004h\x1b[?1004h${modes.mouse ? mouseOn : mouseOff}${title}`;
}

/** The whole screen blank, in the default style, the cursor at its top. */
export const clearScreen = "\x1b[0m\x1b[H\x1b[2J";

/** Undoes all of it in any state, within a half-drawn synchronized frame too. */
export const leaveScreen = `\x1b[?2026l\x1b[0m${mouseOff}\x1b[?1004l\x1b[?2004l\x1b[?7h\x1b[?1049l${restoreTitle}${showCursor}`;

/** BEL. */
export const bellSequence = "\x07";

/** OSC 2. Control characters would end it early: they are left out. */
export function titleSequence(title: string): string {
  return `\x1b]2;${title.replace(/\p{C}/gu, "")}\x1b\\`;
}

/** OSC 9, as iTerm2, kitty, WezTerm, foot and Windows Terminal take it; others ignore it. */
export function notificationSequence(text: string): string {
  return `\x1b]9;${text.replace(/\p{C}/gu, "")}\x1b\\`;
}
