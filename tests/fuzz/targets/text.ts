/** The cleaner, names and wrapping: whatever a peer writes, a terminal shows it and obeys none of it. */

import { cleanName, formatActor, RoomNames } from "../../../src/protocol/text/nicknames.ts";
import {
  areLinesClean,
  cleanText,
  escapeForRawPeer,
  splitLines,
  toSafeJson,
} from "../../../src/protocol/text/text.ts";
import { cutEnd, cutStart, measureColumns, wrapText } from "../../../src/protocol/text/wrap.ts";
import { measureNominally } from "../../../src/protocol/text/width.ts";
import { computeKey } from "../../../src/protocol/text/lookalikes.ts";
import { nameMaxColumns } from "../../../src/protocol/limits.ts";
import { widthByGrapheme } from "../../support/hostile-text.ts";
import { demand, demandSame, type FuzzTarget } from "../target.ts";

/** Anything that a terminal obeys, hides, or has no glyph for; joiners and tags may stand in a visible run. */
const unclean = /[[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Cf}]--[\u{E0020}-\u{E007F}\u200C\u200D]]/v;
const controls = /[^\P{Cc}\t]/u;

/** Fails unless a terminal shows this text as one line, as it is. */
export function demandClean(text: string, what: string): void {
  demand(!unclean.test(text), `${what} is clean`, text);
  demand(!/^\p{M}/u.test(text), `${what} does not begin with a mark`, text);
}

/** An input that begins with U+0001 is UTF-16, so that lone surrogates occur. */
function readText(input: Uint8Array): string {
  if (input[0] !== 1) return Buffer.from(input).toString("utf8");
  return Buffer.from(input.subarray(1)).toString("utf16le");
}

function run(input: Uint8Array): void {
  const text = readText(input);
  const clean = cleanText(text);
  demandClean(clean, "a cleaned text");
  demandSame(cleanText(clean), clean, "cleaning is idempotent");
  demandSame(measureNominally(clean), widthByGrapheme(clean), "a clean text is as wide as its graphemes");
  demandSame(JSON.parse(toSafeJson({ text })), { text: text.toWellFormed() }, "safe JSON has the same value");
  demandClean(toSafeJson({ text }), "safe JSON");
  demand(!controls.test(escapeForRawPeer(text)), "a raw peer's line has no control", text);
  if (areLinesClean(text)) demandSame(splitLines(text).map(cleanText), splitLines(text), "clean lines stay");
  checkRows(clean);
  checkNames(text);
}

function checkRows(clean: string): void {
  for (const columns of [1, 2, 7, 40]) {
    const rows = [...wrapText(clean, columns), cutEnd(clean, columns), cutStart(clean, columns)];
    for (const row of rows) demand(measureColumns(row) <= columns, `a row fits ${columns} columns`, row);
  }
  const wrapped = wrapText(clean, 80).join("").replaceAll(" ", "");
  demandSame(wrapped, clean.replaceAll(" ", ""), "wrapping omits spaces alone");
}

function checkNames(text: string): void {
  const name = cleanName(text);
  demandClean(name, "a name");
  demandSame(cleanName(name), name, "cleaning a name is idempotent");
  demand(measureNominally(name) <= nameMaxColumns, "a name is short", name);
  demandClean(formatActor(name), "an actor");
  const names = new RoomNames();
  const taken = [names.take(name), names.take(name), names.take(cleanName(text.slice(1)))];
  demand(new Set(taken.map(computeKey)).size === taken.length, "names of a room look different", taken);
  for (const one of taken) demand(measureNominally(one) <= nameMaxColumns, "a numbered name is short", one);
  names.release(taken[0] ?? "");
  demandSame(names.take(name), taken[0], "a released name is free");
  // A longer name is cut for its number, which is not found again then.
  if (measureNominally(name) > nameMaxColumns - "~99999".length) return;
  names.release(taken[1] ?? "");
  demandSame(names.take(name), taken[1], "a released number is free");
}

export const textTarget: FuzzTarget = {
  name: "text",
  modules: /^src\/protocol\/text\/(?!quantities)/,
  seeds: [
    "hello, world",
    "\x1b[31mred\x1b[0m\x07\x9b2J",
    "a\tb\t\tc",
    "中文，标点。（括号）",
    "e\u0301\u0302\u0303\u0304\u0305 \u200d\u200c",
    "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇫🇷 1️⃣ ❤︎",
    "\u202eabc\u2066 \u2028 <ann> │ bob",
    "각 \u1100\u1161\u11a8 ก\u0e33 ｶﾞ नमस्ते",
    "ann~2",
    Uint8Array.of(1, 0x00, 0xd8, 0x61, 0x00, 0x00, 0xdc),
    "word ".repeat(30),
    "x".repeat(100),
  ],
  tokens: [
    ...["\x1b", "\x1b]0;", "\x9b", "\t", "\r\n", "\u200d", "\u200c", "\u0301", "\ufe0f", "\ufe0e", "\u20e3"],
    ...[
      "\u{1f1eb}",
      "\u{1f3fd}",
      "\u{e0067}",
      "\u{e007f}",
      "👩",
      "🏴",
      "क",
      "\u094d",
      "ا",
      "\u0e33",
      "ก",
      "葛",
    ],
    ...[
      "\u{e0100}",
      "\u1100",
      "\u1161",
      "\u11a8",
      "ﾞ",
      "ｶ",
      "\u2028",
      "\u202e",
      "\ufeff",
      "~2",
      "~99999",
      "  ",
    ],
    ...["，", "（", "http://", "<", "│", "\u2800", "\u0430", "\ud83d", "\u0980", '"', "\\ud800"],
  ],
  run,
};
