/**
 * The code points, and short runs of them, that a terminal displays as themselves: classes of Unicode and a grammar.
 * text.ts escapes the others.
 */

import { combiningMarksMax } from "../limits.ts";

/** Scripts that use ZWJ and ZWNJ in spelling: the cursive ones and those with a virama. */
const joiningScripts = (
  "Arab Syrc Mand Mong Nkoo Phag Adlm Rohg Mani " +
  "Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Mymr Khmr Newa Tirh Gran Java Bali"
).split(" ");

const zwnj = String.raw`\u200C`;
const zwj = String.raw`\u200D`;
/**
 * Letters for which Bun 1.4.5 counts no column, although terminals draw them in one; characters.test.ts fails when
 * that is fixed.
 */
const uncountedLetters = String.raw`[\u0980\u0C80\u0D3A]`;
const joiningScript = joiningScripts.map((script) => String.raw`\p{sc=${script}}`).join("");
const joiningLetter = `[[[${joiningScript}]&&\\p{L}]--${uncountedLetters}]`;

/** Marks displayed over, under or beside their base. U+20E3 is displayed only as part of a keycap. */
const mark = String.raw`[\p{M}--\p{DI}--\u20E3]`;
const marks = `${mark}{0,${combiningMarksMax}}`;
/** ZWNJ must precede a letter that it can separate from the one before; two joiners in a row have no meaning. */
const joinedMarks = `(?:${mark}|${zwj}(?![${zwnj}${zwj}])|${zwnj}(?=${joiningLetter})){0,${combiningMarksMax}}`;

const hangulLeading = String.raw`[\u1100-\u115E\uA960-\uA97C]`;
const hangulVowel = String.raw`[\u1161-\u11A7\uD7B0-\uD7C6]`;
const hangulTrailing = String.raw`[\u11A8-\u11FF\uD7CB-\uD7FB]`;
const hangulJamo = String.raw`[\u1100-\u11FF\uA960-\uA97C\uD7B0-\uD7FB]`;
/**
 * Vowels and trailing consonants have no cell of their own: they are displayed only in a syllable. Terminals disagree
 * on the width of a leading consonant that joins a second one.
 */
const syllable = String.raw`${hangulLeading}(?![${hangulLeading}\uAC00-\uD7A3])(?:${hangulVowel}${hangulTrailing}?)?`;

/** Letters that join the cell before them, and have a meaning only in their own script. */
const joiningBackward = String.raw`[\u0E33\u0EB3\uFF9E\uFF9F]`;
const thaiOrLao = String.raw`[[[\p{sc=Thai}\p{sc=Laoo}]&&\p{L}]--${joiningBackward}]${marks}[\u0E33\u0EB3]?`;
const halfwidthKatakana = String.raw`[\uFF66-\uFF9D][\uFF9E\uFF9F]?`;

const pictograph = String.raw`[\p{Emoji}&&\p{ExtPict}]`;
const picture = String.raw`(?:\p{EBase}\p{EMod}|${pictograph}\uFE0F?)`;
const emoji = [
  String.raw`[${pictograph}--\p{EPres}]\uFE0E`,
  String.raw`\p{RGI_Emoji_Tag_Sequence}`,
  `${picture}(?:${zwj}${picture}){0,${combiningMarksMax}}`,
  String.raw`\p{RI}\p{RI}?`,
  String.raw`[0-9#*]\uFE0F\u20E3`,
];

/** Ideographs have registered variants (UTS #37), one selector each. */
const ideograph = String.raw`\p{UIdeo}[\uFE00-\uFE02\u{E0100}-\u{E01EF}]?`;

const seenOnlyInRuns = String.raw`\p{DI}\p{EMod}\p{RI}${hangulJamo}${joiningBackward}${uncountedLetters}`;
const base = String.raw`[[\p{L}\p{N}\p{P}\p{S}\p{Zs}]--[${seenOnlyInRuns}]]`;

/**
 * The source, for the `v` flag, of a regular expression that matches one visible run: a base with its marks, or an
 * emoji. A code point that it does not match at the position of a scan is not visible there: a control, a format or
 * unassigned code point, a mark or joiner without a base. A run depends on nothing before it and on at most one code
 * point after it, so escaping text twice changes nothing.
 */
export const visibleRun = [
  ...emoji,
  `${joiningLetter}${joinedMarks}`,
  `${syllable}${marks}`,
  thaiOrLao,
  halfwidthKatakana,
  `${ideograph}${marks}`,
  `${base}${marks}`,
].join("|");

/**
 * Marks without a base, which they get when they are displayed. Those beyond combiningMarksMax follow a mark, and have
 * none.
 */
export const bareMarks = String.raw`(?<!\p{M})${mark}{1,${combiningMarksMax}}`;

/**
 * Printable ASCII, Latin, Greek, Cyrillic, punctuation, arrows, boxes and signs, kana, ideographs, Hangul and
 * full-width forms.
 */
const surelyVisible = String.raw` -~\u00A0-\u00AC\u00AE-\u02FF\u0384-\u038A\u038C\u038E-\u03A1\u03A3-\u0482\u048A-\u052F\u2010-\u2027\u2030-\u205E\u2190-\u2426\u2500-\u27BF\u3000-\u3029\u3030-\u303F\u3041-\u3096\u309B-\u30FF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF9D`;

/**
 * Matches a code unit that may not be a visible run by itself. Most text has none, and so avoids the slower grammar.
 */
export const mayBeInvisible = new RegExp(`[^${surelyVisible}]`);
/** The same, but LF counts as visible. */
export const mayBeInvisibleInLines = new RegExp(`[^\\n${surelyVisible}]`);
