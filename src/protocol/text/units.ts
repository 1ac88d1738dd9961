/**
 * Cuts text where a row may be cut: between graphemes, but never before a mark. Unicode makes some vowels graphemes of
 * their own, as in Burmese and Shan (GraphemeBreakProperty of U+102C and U+1083 is Other); without the letter before
 * them they are no text.
 */

import { segmentGraphemes } from "./grapheme-segments.ts";

/** Text without marks, joiners, and whatever else joins with its neighbours. */
const hasOneUnitPerCharacter = /^[\x20-\x7e\u00A0-\u00AC\u00AE-\u02FF]*$/;
const startsWithMark = /^\p{M}/u;

/** The units of a text in order: each is a grapheme with the marks after it. The first may begin with a mark. */
export function splitUnits(text: string): string[] {
  const units: string[] = [];
  for (const { segment } of segmentGraphemes(text)) {
    if (units.length > 0 && startsWithMark.test(segment)) units[units.length - 1] += segment;
    else units.push(segment);
  }
  return units;
}

/** True if the code point at `index` is a mark, before which no text is cut. */
export function isMarkAt(text: string, index: number): boolean {
  return startsWithMark.test(text.slice(index, index + 2));
}

/** Each index moved to the next end of a unit, unless it is one: a change of style within a letter would break it. */
export function moveToUnitEnds(text: string, indexes: readonly number[]): readonly number[] {
  if (hasOneUnitPerCharacter.test(text)) return indexes;
  const ends = [0];
  for (const unit of splitUnits(text)) ends.push((ends.at(-1) ?? 0) + unit.length);
  return indexes.map((index) => ends.find((end) => end >= index) ?? text.length);
}
