/**
 * Finds the person's name in a text: as a whole word, case ignored, composed or decomposed. A name that is a part of a URL
 * or an address is not a mention.
 */

import { segmentGraphemes } from "../../protocol/text/grapheme-segments.ts";
import { findAddresses, letter } from "./addresses.ts";

interface TextSpan {
  readonly start: number;
  readonly end: number;
}

let known: { readonly name: string; readonly pattern: RegExp } | undefined;

/** The places of the name, in UTF-16 units. `name` must be clean and not empty. */
export function findMentions(text: string, name: string): readonly TextSpan[] {
  const composed = composeText(text);
  const found = findComposed(composed.text, name);
  return found.map(({ start, end }) => ({ start: composed.findStart(start), end: composed.findEnd(end) }));
}

export function hasMention(text: string, name: string): boolean {
  const composed = text.normalize("NFC");
  const pattern = getPattern(name);
  pattern.lastIndex = 0;
  // A flood checks every message, and few mention anybody.
  return pattern.test(composed) && findComposed(composed, name).length > 0;
}

/** `text` is in NFC. */
function findComposed(text: string, name: string): readonly TextSpan[] {
  const pattern = getPattern(name);
  pattern.lastIndex = 0;
  const found = Array.from(text.matchAll(pattern), ({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
  if (found.length === 0) return found;
  const addresses = findAddresses(text);
  let next = 0;
  return found.filter(({ start, end }) => {
    while (next < addresses.length && addresses[next]!.end < end) next += 1;
    const address = addresses[next];
    // An address that is the whole name is one.
    return address === undefined || address.start > start || (address.start === start && address.end === end);
  });
}

/** Cached, because a flood checks every message. `ann-marie` does not mention `ann`. */
function getPattern(name: string): RegExp {
  if (known?.name === name) return known.pattern;
  const literal = name
    .normalize("NFC")
    .replace(/[\\^$.*+?()[\]{}|/&!#%,:;<=>@`~-]/g, (sign) =>
      sign === "-" ? String.raw`\x2d` : String.raw`\u{${sign.charCodeAt(0).toString(16)}}`,
    );
  const inWord = `[${letter}_]`;
  const pattern = new RegExp(`(?<!${inWord}-?)${literal}(?!-?${inWord})`, "giv");
  known = { name, pattern };
  return pattern;
}

/** A text in NFC, in which é is one letter, and where each place of it was in the received text. */
interface ComposedText {
  readonly text: string;
  /** The place in the received text of a span's start or end in the composed one, in UTF-16 units. */
  readonly findStart: (at: number) => number;
  readonly findEnd: (at: number) => number;
}

function composeText(received: string): ComposedText {
  const text = received.normalize("NFC");
  const same = (at: number): number => at;
  if (text === received) return { text, findStart: same, findEnd: same };
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { segment, index } of segmentGraphemes(received)) {
    const { length } = segment.normalize("NFC");
    for (let unit = 0; unit < length; unit += 1) {
      starts.push(index);
      ends.push(index + segment.length);
    }
  }
  // A composition across graphemes is not known to exist; a text with one is left as it is.
  if (starts.length !== text.length) return { text: received, findStart: same, findEnd: same };
  return { text, findStart: (at) => starts[at] ?? received.length, findEnd: (at) => ends[at - 1] ?? 0 };
}
