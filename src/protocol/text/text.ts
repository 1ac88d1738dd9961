/**
 * Text that nobody vouches for, made fit for a terminal: what a person cannot see there is written out, and
 * nothing is parsed and swallowed. It knows no bytes (they are decoded already), no screen and no sockets.
 */

import { mayBeInvisible, mayBeInvisibleInLines, visibleRun } from "./characters.ts";

const controlsButTab = /[^\P{Cc}\t]/gu;

/** A TAB goes on to the next multiple of this many columns. */
const tabColumns = 8;

/** Made when first needed: each takes a millisecond of a start that most often needs neither. */
let runOrOther: RegExp | undefined;
/** A stringified value: the quote and its own escapes stand for themselves, and no mark may sit on them. */
let jsonRunOrOther: RegExp | undefined;
const loneSurrogateInJson = /^\\ud[89a-f]/;

/**
 * `text` as one line that a terminal shows and does not obey. Controls become their pictures (U+2400…), other
 * invisible code points `<U+XXXX>`, TAB spaces up to a multiple of 8 columns from the start of `text`, and lone
 * surrogates U+FFFD. The marks on a base are bounded by combiningMarksMax, the joiners of an emoji too.
 * Idempotent. No code point is dropped. The result never begins with a mark, so it leaves alone what stands
 * before it, and is as wide as its graphemes together (Bun.stringWidth).
 */
export function cleanText(text: string): string {
  if (!mayBeInvisible.test(text)) return text;
  const wellFormed = text.toWellFormed();
  if (!wellFormed.includes("\t")) return escapeInvisible(wellFormed);
  const pieces = wellFormed.split("\t").map(escapeInvisible);
  const last = pieces.pop() ?? "";
  return pieces.map(upToTabStop).join("") + last;
}

/** Whether each line of a text is for certain as cleanText and escapeForRawPeer would leave it. In one pass over all of them. */
export function areLinesClean(text: string): boolean {
  return !mayBeInvisibleInLines.test(text);
}

/**
 * The lines of a text that came as one piece, each without its LF and one CR at its end. A newline at the very
 * end closes the last line and opens none.
 */
export function splitLines(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines.map(stripCarriageReturn);
}

/** A line without the one CR that may stand before its newline. */
export function stripCarriageReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/**
 * JSON on one line, in which every code point that cleanText would write out is written `\uXXXX`, so that it
 * parses to the very text and is safe to look at. Lone surrogates become U+FFFD. What JSON cannot express is null.
 */
export function toSafeJson(value: unknown): string {
  const json = JSON.stringify(value) ?? "null";
  if (!mayBeInvisible.test(json) && !json.includes("\\ud")) return json;
  jsonRunOrOther ??= new RegExp(String.raw`(\\u[0-9a-f]{4}|\\.|")|(${visibleRun})|[^]`, "gv");
  return json.replace(jsonRunOrOther, (found: string, ownEscape?: string, run?: string) => {
    if (ownEscape !== undefined) return loneSurrogateInJson.test(ownEscape) ? "\uFFFD" : ownEscape;
    return run ?? jsonEscape(found);
  });
}

/**
 * A line for a peer that reads without a duet, most likely in a terminal: C0 but TAB, DEL and C1 are written as
 * cleanText writes them, and all else stays as its author sent it.
 */
export function escapeForRawPeer(text: string): string {
  return text.replace(controlsButTab, escapeCodePoint);
}

function escapeInvisible(text: string): string {
  runOrOther ??= new RegExp(`(${visibleRun})|[^]`, "gv");
  return text.replace(runOrOther, (found: string, run?: string) => run ?? escapeCodePoint(found));
}

/** Each piece begins at a tab stop, so its own width tells where it ends. */
function upToTabStop(piece: string): string {
  return piece + " ".repeat(tabColumns - (Bun.stringWidth(piece) % tabColumns));
}

/** The picture of a C0 control or DEL, else the code point's number. */
function escapeCodePoint(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint < 0x20) return String.fromCodePoint(0x2400 + codePoint);
  if (codePoint === 0x7f) return "\u2421";
  return `<U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}>`;
}

function jsonEscape(character: string): string {
  let escaped = "";
  for (let index = 0; index < character.length; index++)
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  return escaped;
}
