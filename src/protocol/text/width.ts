/**
 * How many columns a text takes on a terminal. Terminals agree on most text. On the rest each follows a table of its
 * own, which is learnt by asking (cli/terminal/width-query.ts); until then the widest of the known ones counts. This is
 * the only file that measures text.
 */

import { segmentGraphemes } from "./grapheme-segments.ts";
/** The columns that a terminal gives the text on which terminals disagree. */
export interface WidthTable {
  /** An emoji. */
  readonly emoji: 1 | 2;
  /** An emoji that ZWJ joins to the one before it. */
  readonly joinedEmoji: 0 | 1 | 2;
  /** A skin tone after an emoji. */
  readonly skinTone: 0 | 1 | 2;
  /** What U+FE0F adds to a sign, such as a heart or a digit, to make it an emoji. */
  readonly emojiSelector: 0 | 1;
  /** A non-spacing mark that Unicode has added since version 5.0, as in Burmese. */
  readonly newMark: 0 | 1;
  /** A spacing mark after a letter, as in Devanagari. */
  readonly spacingMark: 0 | 1;
  /** SARA AM of Thai and Lao, and the voicing marks of half-width katakana. */
  readonly attachedVowel: 0 | 1;
  /** A consonant that a virama and ZWJ join to the one before it. */
  readonly joinedConsonant: 0 | 1;
  /** A consonant that a virama alone joins to the one before it. */
  readonly conjunct: 0 | 1;
  /** The second letter of a flag. */
  readonly flagEnd: 0 | 1;
}

/** At least as wide as every known terminal draws. */
export const widestTable: WidthTable = {
  emoji: 2,
  joinedEmoji: 2,
  skinTone: 2,
  emojiSelector: 1,
  newMark: 1,
  spacingMark: 1,
  attachedVowel: 1,
  joinedConsonant: 1,
  conjunct: 1,
  flagEnd: 1,
};

let followed: WidthTable = widestTable;

/** From now on text is measured by this table. True if it is another one: then layouts are to be made again. */
export function followWidthTable(table: WidthTable): boolean {
  if (Bun.deepEquals(table, followed)) return false;
  followed = table;
  return true;
}

/** The table by which text is measured; the same object until another one is followed. */
export function getWidthTable(): WidthTable {
  return followed;
}

const onlyAscii = /^[\x20-\x7e]*$/;

/**
 * Latin, Greek, Cyrillic and their accents, punctuation, arrows, signs and boxes, kana, ideographs, Hangul and
 * full-width forms: xterm.js with and without graphemes, tmux, GNU screen and Bun give them the same columns. Escape
 * sequences count as agreed, so that painted text can be asked about.
 */
const agreed = String.raw`\0\x01\x1b\x07\n -~\u00A0-\u00AC\u00AE-\u034E\u0350-\u0377\u037A-\u037F\u0384-\u038A\u038C\u038E-\u03A1\u03A3-\u0482\u048A-\u052F\u1E00-\u1EFF\u2010-\u2027\u2030-\u205E\u20A0-\u20BF\u2100-\u218B\u2190-\u2319\u231C-\u23E8\u23ED-\u23EF\u23F1\u23F2\u23F4-\u2426\u2460-\u25FC\u25FF-\u2613\u2616-\u262F\u2638-\u2647\u2654-\u267E\u2680-\u2689\u2690-\u2692\u2694-\u26A0\u26A2-\u26A9\u26AC-\u26BC\u26BF-\u26C3\u26C6-\u26CD\u26CF-\u26D3\u26D5-\u26E9\u26EB-\u26F1\u26F4\u26F6-\u26F9\u26FB\u26FC\u26FE-\u2704\u2706-\u2709\u270C-\u2727\u2729-\u274B\u274D\u274F-\u2752\u2756\u2758-\u2794\u2798-\u27AF\u27B1-\u27BE\u27C0-\u2B1A\u3000-\u3029\u3030-\u303E\u3041-\u3096\u309B-\u30FF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF9D\uFFE0-\uFFE6\uFFFD`;
const disputed = new RegExp(`[^${agreed}]`);

/**
 * True if terminals disagree on the width of a text. No column may be computed from it but the one that its table
 * reserves (components/paint/columns.ts).
 */
export function isWidthDisputed(text: string): boolean {
  return disputed.test(text);
}

/** The columns of clean text on the terminal, as far as its table is known. SGR and OSC 8 take none. */
export function measureColumns(text: string): number {
  if (onlyAscii.test(text)) return text.length;
  return isWidthDisputed(text) ? measureDisputed(text, followed) : Bun.stringWidth(text);
}

/**
 * The columns of clean text as Bun counts them, whatever the terminal: for what must be the same everywhere, such as the
 * length of a name on the wire.
 */
export function measureNominally(text: string): number {
  return Bun.stringWidth(text);
}

const measured = new WeakMap<WidthTable, Map<string, number>>();
/** More different graphemes than a conversation has; then the cache begins anew. */
const measuredMax = 4096;
const measuredUnitsMax = 16;

function measureDisputed(painted: string, table: WidthTable): number {
  const text = painted.includes("\x1b") ? Bun.stripANSI(painted) : painted;
  const known = measured.get(table) ?? new Map<string, number>();
  measured.set(table, known);
  let columns = 0;
  let isAfterJoiner = false;
  for (const { segment } of segmentGraphemes(text)) {
    // In some scripts, as in Sinhala, Unicode ends the grapheme at the joiner.
    if (isAfterJoiner && letterFirst.test(segment)) columns -= 1 - table.joinedConsonant;
    isAfterJoiner = segment.endsWith(joiner);
    columns += known.get(segment) ?? measureFirst(segment, table, known);
  }
  return columns;
}

function measureFirst(grapheme: string, table: WidthTable, known: Map<string, number>): number {
  const width = measureGrapheme(grapheme, table);
  if (known.size >= measuredMax) known.clear();
  if (grapheme.length <= measuredUnitsMax) known.set(grapheme, width);
  return width;
}

const joiner = "\u200D";
const emojiSelector = "\uFE0F";
const letterFirst = /^\p{Lo}/u;
const nonSpacing = /^[\p{Mn}\p{Me}\p{Cf}\p{DI}]$/u;
/** The marks of the scripts and signs that Unicode has added since version 5.0. */
const newMarks = new RegExp(
  String.raw`^(?=\p{M})[\u0487\u0616-\u061A\u065F\u07FD-\u08FF\u093A\u0955-\u0957\u09FE\u0A51\u0A75` +
    String.raw`\u0AFA-\u0AFF\u0B44\u0B55\u0B62\u0B63\u0C00-\u0C3C\u0C62-\u0C81\u0D00-\u0D3C\u0D44\u0D62-\u0D81` +
    String.raw`\u0EBA\u0ECE\u0F8D-\u0F8F\u1033-\u1035\u103A-\u103E\u105E-\u109D\u135D\u135E\u1885\u1886` +
    String.raw`\u1A1B-\u1AEB\u1B80-\u1CF9\u1DCB-\u1DFD\u20F0-\u2DFF\uA66F-\uA802\uA82C-\uABED\uFE24-\uFE2F` +
    String.raw`\u{101FD}-\u{1037A}\u{10AE5}-\u{1CF46}\u{1DA00}-\u{1E94A}]$`,
  "u",
);
const spacing = /^\p{Mc}$/u;
const attachedVowels = /^[\u0E33\u0EB3\uFF9E\uFF9F]$/;
const skinTone = /^\p{EMod}$/u;
const emojiPresentation = /^\p{EPres}$/u;
const regional = /^\p{RI}$/u;
const hangulVowelOrTrailing = /^[\u1160-\u11FF\uD7B0-\uD7FF]$/;
const hangulLeading = /^[\u1100-\u115E\uA960-\uA97C]$/;
const emojiOrSign = /^\p{Emoji}$/u;

/** A grapheme is the sum of its code points, each as wide as its place in the grapheme makes it. */
function measureGrapheme(grapheme: string, table: WidthTable): number {
  let columns = 0;
  let before = "";
  let baseColumns = 0;
  for (const character of grapheme) {
    const width = before === "" ? measureBase(character, table) : measureNext(character, before, table);
    if (character === emojiSelector && baseColumns === 1) columns += table.emojiSelector;
    if (emojiOrSign.test(character)) baseColumns = width;
    columns += width;
    before = character;
  }
  return columns;
}

function measureBase(character: string, table: WidthTable): number {
  if (regional.test(character)) return 1;
  if (emojiPresentation.test(character)) return table.emoji;
  if (nonSpacing.test(character)) return newMarks.test(character) ? table.newMark : 0;
  return Math.max(1, Bun.stringWidth(character));
}

function measureNext(character: string, before: string, table: WidthTable): number {
  if (nonSpacing.test(character)) return newMarks.test(character) ? table.newMark : 0;
  if (spacing.test(character)) return table.spacingMark;
  if (attachedVowels.test(character)) return table.attachedVowel;
  if (skinTone.test(character)) return table.skinTone;
  if (regional.test(character)) return table.flagEnd;
  if (hangulVowelOrTrailing.test(character)) return 0;
  if (hangulLeading.test(character)) return 2;
  if (emojiOrSign.test(character))
    return before === joiner
      ? table.joinedEmoji && measureBase(character, table)
      : measureBase(character, table);
  return before === joiner ? table.joinedConsonant : table.conjunct;
}
