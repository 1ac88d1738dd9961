/**
 * Makes untrusted text safe for a terminal: invisible characters are escaped, so that the text controls nothing and
 * hides nothing.
 */

import { combiningMarksMax } from "../limits.ts";
import { measureNominally } from "./width.ts";
import { bareMarks, mayBeInvisible, mayBeInvisibleInLines, visibleRun } from "./characters.ts";

/** What a terminal obeys: controls but TAB, and those that change the order of a line's characters. */
const controlsButTab = /[[\p{Cc}\p{Bidi_Control}]--\t]/gv;

const hiddenControls = /[[\p{Cc}\u202A-\u202E\u2066-\u2069]--[\t\n]]/gv;

const controls = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gv;

/** Columns between tab stops. */
const tabColumns = 8;
const blankTab = " ".repeat(tabColumns);

/** Compiled when first needed: each takes a millisecond, and most starts need neither. */
let runOrOther: RegExp | undefined;
/** The base of marks that have none: Unicode's choice for showing a mark alone. */
const dottedCircle = "\u25CC";
/** What is displayed only with a code point before it: marks, joiners, selectors, vowels of Hangul, SARA AM. */
const joinedBackward = String.raw`[\p{M}\p{DI}\p{EMod}\u0E33\u0EB3\uFF9E\uFF9F\u1160-\u11FF]`;
const isJoinedBackward = new RegExp(`^${joinedBackward}`, "u");
const leadingJoined = new RegExp(`^${joinedBackward}+`, "u");
/** For JSON: quotes and JSON's own escapes match as they are, and take no marks. */
let jsonRunOrOther: RegExp | undefined;
const loneSurrogateInJson = /^\\ud[89a-f]/;

/**
 * Cleans `text` to one line that a terminal displays and does not interpret. Controls become their pictures (U+2400…),
 * other invisible code points `<U+XXXX>`, TAB spaces up to a multiple of 8 columns from the start of `text`, and lone
 * surrogates U+FFFD. Marks without a base get a dotted circle. combiningMarksMax bounds the marks on a base and the
 * joiners of an emoji. Idempotent. No code point is dropped. The result never begins with a mark, so it cannot change the
 * character before it.
 */
export function cleanText(text: string): string {
  if (!mayBeInvisible.test(text)) return text;
  const wellFormed = text.toWellFormed();
  if (!wellFormed.includes("\t")) return escapeInvisible(wellFormed);
  const parts = wellFormed.split("\t").map(escapeInvisible);
  const last = parts.pop() ?? "";
  return parts.map(padToTabStop).join("") + last;
}

/**
 * Cleans a part of a line as it stands there: a joiner or vowel is a letter because of its neighbours, and would be
 * escaped without them. `start` and `end` are between graphemes. A mark whose base is before `start` stays without it.
 */
export function cleanPart(line: string, start: number, end: number): string {
  if (!mayBeInvisible.test(line.slice(start, end))) return line.slice(start, end);
  const from = findBase(line, start);
  const isNextLong = (line.codePointAt(end) ?? 0) > 0xffff;
  const around = line.slice(from, end + (isNextLong ? 2 : 1)).toWellFormed();
  let clean = "";
  for (const match of around.matchAll(compileRunOrOther())) {
    const begin = Math.max(match.index, start - from);
    const shown = around.slice(begin, Math.min(match.index + match[0].length, end - from));
    if (shown === "") continue;
    const isVisible = match[1] !== undefined || match.index < begin;
    clean += isVisible ? shown : showInvisible(shown, match[2] !== undefined);
  }
  return clean;
}

/** Cleans what follows `before` in its line, of which the last few code points are enough. */
export function cleanContinuation(before: string, text: string): string {
  const joined = before === "" ? "" : (leadingJoined.exec(text)?.[0] ?? "");
  if (joined === "") return cleanText(text);
  const end = before.length + joined.length;
  return cleanPart(before + text, before.length, end) + cleanText(text.slice(joined.length));
}

/** Where the run begins that the code point at `index` may belong to: a run depends on nothing before it. */
function findBase(line: string, index: number): number {
  let base = index;
  for (
    let marks = 0;
    marks <= combiningMarksMax && isJoinedBackward.test(line.slice(base, base + 2));
    marks += 1
  ) {
    if (base === 0) break;
    base -= /^[\uDC00-\uDFFF]/.test(line.slice(base - 1, base)) ? 2 : 1;
  }
  return Math.max(0, base);
}

/**
 * True if cleanText and escapeForRawPeer would leave every line of a text unchanged. May be false for other clean
 * text.
 */
export function areLinesClean(text: string): boolean {
  return !mayBeInvisibleInLines.test(text);
}

/**
 * As cleanText, but a TAB stays one: for lines that programs read, and that a terminal prints but does not measure.
 * Idempotent.
 */
export function cleanTabbedText(text: string): string {
  if (!mayBeInvisible.test(text)) return text;
  return text.toWellFormed().split("\t").map(escapeInvisible).join("\t");
}

/** Cleans each line of a text, and leaves its newlines. Idempotent. */
export function cleanLines(text: string): string {
  return areLinesClean(text) ? text : text.split("\n").map(cleanText).join("\n");
}

/** Cleans each line of a text as cleanTabbedText does, and leaves its newlines. Idempotent. */
export function cleanTabbedLines(text: string): string {
  return areLinesClean(text) ? text : text.split("\n").map(cleanTabbedText).join("\n");
}

/** Splits text into lines, each without its LF and one CR before it. A newline at the end begins no further line. */
export function splitLines(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines.map(stripCarriageReturn);
}

/** A line without the CR of a CR LF. */
export function stripCarriageReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/**
 * JSON on one line that is safe to display: every code point that cleanText would escape is written `\uXXXX`, so it
 * parses to the same text. Lone surrogates become U+FFFD; a value that JSON cannot express becomes null.
 */
export function toSafeJson(value: unknown): string {
  const json = JSON.stringify(value) ?? "null";
  if (!mayBeInvisible.test(json) && !json.includes("\\ud")) return json;
  jsonRunOrOther ??= new RegExp(String.raw`(\\u[0-9a-f]{4}|\\.|")|(${visibleRun})|[^]`, "gv");
  return json.replace(jsonRunOrOther, (found: string, ownEscape?: string, run?: string) => {
    if (ownEscape !== undefined) return loneSurrogateInJson.test(ownEscape) ? "\uFFFD" : ownEscape;
    return run ?? escapeForJson(found);
  });
}

/**
 * A line for a raw peer, which probably runs in a terminal: C0 except TAB, DEL, C1 and bidi controls are escaped as by
 * cleanText, and all other text is unchanged.
 */
export function escapeForRawPeer(text: string): string {
  return text.replace(controlsButTab, escapeCodePoint);
}

/**
 * Text of several lines as the composer shows it: controls except LF and TAB, and what reverses the order of letters
 * (bidi embeddings, overrides and isolates), are escaped as by cleanText. Bidi marks are letters of their scripts.
 */
export function showControls(text: string): string {
  return text.replace(hiddenControls, escapeCodePoint);
}

/**
 * Replaces what a terminal obeys by one column each: pictures for C0 and DEL, U+FFFD for C1, bidi controls and
 * separators. For text that was cleaned and cut to a width before, where it changes nothing.
 */
export function replaceControls(text: string): string {
  return text.replace(controls, (control) => {
    const codePoint = control.codePointAt(0) ?? 0;
    return codePoint <= 0x7f ? escapeCodePoint(control) : "\uFFFD";
  });
}

function escapeInvisible(text: string): string {
  if (!mayBeInvisible.test(text)) return text;
  return text.replace(
    compileRunOrOther(),
    (found: string, run?: string, marks?: string) => run ?? showInvisible(found, marks !== undefined),
  );
}

/** The groups: a visible run, and marks without a base. Any other match is one code point. */
function compileRunOrOther(): RegExp {
  runOrOther ??= new RegExp(`(${visibleRun})|(${bareMarks})|[^]`, "gv");
  return runOrOther;
}

function showInvisible(found: string, areMarks: boolean): string {
  return areMarks ? dottedCircle + found : escapeCodePoint(found);
}

/** Each part begins at a tab stop, so its width determines the column at its end. */
function padToTabStop(part: string): string {
  return part === "" ? blankTab : part + " ".repeat(tabColumns - (measureNominally(part) % tabColumns));
}

/** The picture of a C0 control or DEL, else the code point's number. */
function escapeCodePoint(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x20) return String.fromCodePoint(0x2400 + codePoint);
  if (codePoint === 0x7f) return "\u2421";
  return `<U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}>`;
}

function escapeForJson(character: string): string {
  let escaped = "";
  for (let index = 0; index < character.length; index++)
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  return escaped;
}
