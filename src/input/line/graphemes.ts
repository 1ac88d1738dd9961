/**
 * Finds the boundaries of graphemes and words around an index of a text. Only the surroundings are read, so that a key
 * costs the same in a long line as in a short one.
 */

import { segmentGraphemes } from "../../protocol/text/grapheme-segments.ts";

/** How far to look around. A longer grapheme may be cut. */
const surroundingUnits = 2048;

const letter = /[\p{L}\p{N}_]/u;
const letterOrMark = /[\p{L}\p{N}\p{M}_]/u;
const space = /\s/;
const wordAfter = /[^\p{L}\p{N}_]*[\p{L}\p{N}\p{M}_]+/uy;

/** The start of the grapheme before `index`; 0 at the start of the text. */
export function findPreviousBoundary(text: string, index: number): number {
  return index <= 0 ? 0 : findGrapheme(text, index - 1).start;
}

/** The end of the grapheme at `index`; the text's length at the end. */
export function findNextBoundary(text: string, index: number): number {
  return index >= text.length ? text.length : findGrapheme(text, index).end;
}

/** `index` if a grapheme starts there, else the end of the grapheme around it. */
export function findBoundaryAtOrAfter(text: string, index: number): number {
  if (index <= 0) return 0;
  if (index >= text.length) return text.length;
  const { start, end } = findGrapheme(text, index);
  return start === index ? index : end;
}

/** `index` if a grapheme starts there, else the start of the grapheme around it. */
export function findBoundaryAtOrBefore(text: string, index: number): number {
  if (index <= 0) return 0;
  return index >= text.length ? text.length : findGrapheme(text, index).start;
}

/** The start of the word before `index`, as for readline's Alt-B: letters and digits, with their marks. */
export function findPreviousWord(text: string, index: number): number {
  const end = walkBack(text, index, (character) => !letter.test(character));
  const start = walkBack(text, end, (character) => letterOrMark.test(character));
  // A mark at the start of the word belongs to the grapheme before it: the heart of `❤️abc`.
  return findBoundaryAtOrAfter(text, start);
}

/** The end of the word after `index`, as for readline's Alt-F. */
export function findNextWord(text: string, index: number): number {
  wordAfter.lastIndex = index;
  const found = wordAfter.exec(text);
  return found === null ? text.length : findBoundaryAtOrAfter(text, index + found[0].length);
}

/** The start of the field before `index`, trailing spaces skipped, as for the terminal driver's Ctrl-W. */
export function findPreviousField(text: string, index: number): number {
  return findFieldStart(
    text,
    walkBack(text, index, (character) => space.test(character)),
  );
}

/** The start of the run of non-spaces that ends at `index`; `index` itself after a space. */
export function findFieldStart(text: string, index: number): number {
  return findBoundaryAtOrBefore(
    text,
    walkBack(text, index, (character) => !space.test(character)),
  );
}

function findGrapheme(text: string, index: number): { readonly start: number; readonly end: number } {
  const from = alignToCodePoint(text, Math.max(0, index - surroundingUnits));
  const surroundings = text.slice(from, index + surroundingUnits);
  const found = segmentGraphemes(surroundings).containing(index - from);
  if (found === undefined) throw new RangeError(`no grapheme at ${index} of ${text.length}`);
  return { start: from + found.index, end: from + found.index + found.segment.length };
}

/** Moves an index out of a surrogate pair. */
function alignToCodePoint(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return index > 0 && unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index;
}

function walkBack(text: string, index: number, passes: (character: string) => boolean): number {
  let at = index;
  while (at > 0) {
    const before = alignToCodePoint(text, at - 1);
    if (!passes(text.slice(before, at))) break;
    at = before;
  }
  return at;
}
