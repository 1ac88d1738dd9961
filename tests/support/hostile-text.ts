/** Text of the kind that breaks terminals: published corpora, and an endless seeded supply. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { anyCodePoint } from "./code-points.ts";

const corpora = join(import.meta.dir, "corpora");
/** The Big List of Naughty Strings. */
export const naughtyStrings = JSON.parse(
  readFileSync(join(corpora, "blns/blns.json"), "utf8"),
) as readonly string[];
/** Escape sequences of all kinds, as programs sent them. */
export const recordings = readdirSync(join(corpora, "xterm-fixtures"))
  .filter((name) => name.endsWith(".in"))
  .map((name) => readFileSync(join(corpora, "xterm-fixtures", name), "utf8"));

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The width in columns if each grapheme is drawn by itself. */
export function widthByGrapheme(text: string): number {
  return Array.from(graphemes.segment(text), ({ segment }) => Bun.stringWidth(segment)).reduce(
    (a, b) => a + b,
    0,
  );
}

/** Pieces that combine with their neighbours, and any others. */
const hostilePiece = fc.oneof(
  fc.constantFrom(
    "\x1b",
    "[",
    "31m",
    "\x9b",
    "\r",
    "\n",
    "\t",
    "a",
    "中",
    " ",
    "\u3000",
    "1",
    "#",
    "\u20E3",
    '"',
    "\\",
    ">",
  ),
  fc.constantFrom(
    "\u0301",
    "\u0301\u0302\u0303",
    "\u094D",
    "\u0903",
    "\u093F",
    "क",
    "ا",
    "\u200C",
    "\u200D",
    "\u034F",
  ),
  fc.constantFrom(
    "\u1100",
    "\u1161",
    "\u11A8",
    "가",
    "각",
    "ก",
    "\u0E33",
    "ｶ",
    "\uFF9E",
    "\u0D4E",
    "葛",
    "\u{E0100}",
  ),
  fc.constantFrom(
    "👩",
    "❤",
    "\uFE0F",
    "\uFE0E",
    "\u{1F3FD}",
    "\u{1F1EB}",
    "\u{1F3F4}",
    "\u{E0067}",
    "\u{E007F}",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  ),
  fc.constantFrom("\uD800", "\uDC00", "\uFEFF", "\u202E", "\u00AD", "\u2028", "\uE000", "\uFFFE", "\u0980"),
  fc.string({ unit: anyCodePoint, maxLength: 3 }),
);
/** A sequence of these pieces. */
export const hostileText = fc.array(hostilePiece, { maxLength: 16 }).map((pieces) => pieces.join(""));
