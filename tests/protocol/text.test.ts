/** Cleaning hostile text: golden cases for each rule, and properties of any text. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  cleanLines,
  cleanPart,
  cleanTabbedLines,
  cleanText,
  escapeForRawPeer,
  replaceControls,
  splitLines,
  toSafeJson,
} from "../../src/protocol/text/text.ts";
import { hostileText, widthByGrapheme } from "../support/hostile-text.ts";

describe("cleanText, golden", () => {
  const cases: readonly [string, string, string][] = [
    ["plain text stays", "Hello, 你好, Привет, 안녕!", "Hello, 你好, Привет, 안녕!"],
    ["the empty text stays", "", ""],
    ["an escape sequence is shown, not swallowed", "\x1b[31mred\x1b]0;title\x07", "␛[31mred␛]0;title␇"],
    ["C1 controls are numbered", "\x9b31m\x85", "<U+009B>31m<U+0085>"],
    ["DEL, NUL, CR and LF have pictures", "\x7f\0\r\n", "␡␀␍␊"],
    [
      "TAB goes to the next multiple of 8 columns",
      "\ta\t你好\t12345678\t.",
      `        a       你好    12345678        .`,
    ],
    ["bidi controls are numbered", "a\u202Eb\u2066c\u061C", "a<U+202E>b<U+2066>c<U+061C>"],
    ["line and paragraph separators are numbered", "a\u2028b\u2029", "a<U+2028>b<U+2029>"],
    ["what is invisible is numbered", "a\u00AD\u200B\u2060\uFEFFb", "a<U+00AD><U+200B><U+2060><U+FEFF>b"],
    [
      "fillers are numbered",
      "\u115F\u1160\u3164\uFFA0\u034F\u180B",
      "<U+115F><U+1160><U+3164><U+FFA0><U+034F><U+180B>",
    ],
    [
      "private, unassigned and non-characters are numbered",
      "\uE000\u{50000}\uFFFE\u{10FFFF}",
      "<U+E000><U+50000><U+FFFE><U+10FFFF>",
    ],
    ["lone surrogates become U+FFFD", "a\uD800b\uDC00\uDBFF\u0301", "a\uFFFDb\uFFFD\uFFFD\u0301"],
    ["tags outside a flag are numbered", "a\u{E0041}\u{E007F}", "a<U+E0041><U+E007F>"],
    ["spaces of all widths stay", "a\u00A0b\u2003c\u3000d", "a\u00A0b\u2003c\u3000d"],
    [
      "four marks stay on a base, the fifth is numbered",
      `z${"\u0301".repeat(5)}a`,
      `z${"\u0301".repeat(4)}<U+0301>a`,
    ],
    ["a mark with nothing under it gets a dotted circle", "\u0301a", "\u25CC\u0301a"],
    ["four marks stay on the circle, the fifth is numbered", "ို့းာa", "◌ို့း<U+102C>a"],
    [
      "no mark sits on a tab, a control or what was escaped",
      "\t\u0301\x1b\u0301\u200B\u0301",
      "        ◌\u0301␛◌\u0301<U+200B>◌\u0301",
    ],
    ["a keycap's mark alone is numbered", "\u20E3a", "<U+20E3>a"],
    ["ZWJ holds an emoji together", "👩‍👩‍👧‍👦 👩🏻‍❤️‍💋‍👩🏼 👨‍⚕️ 🏳️‍🌈", "👩‍👩‍👧‍👦 👩🏻‍❤️‍💋‍👩🏼 👨‍⚕️ 🏳️‍🌈"],
    ["ZWJ elsewhere is numbered", "a\u200Db👩\u200D", "a<U+200D>b👩<U+200D>"],
    ["a family has bounds", "👩\u200D".repeat(5) + "👩", "👩\u200D".repeat(4) + "👩<U+200D>👩"],
    ["flags, keycaps and skin stay", "🇫🇷🏴󠁧󠁢󠁥󠁮󠁧󠁿1️⃣👍🏽", "🇫🇷🏴󠁧󠁢󠁥󠁮󠁧󠁿1️⃣👍🏽"],
    ["a modifier joins nothing but an emoji that takes it", "a\u{1F3FD}", "a<U+1F3FD>"],
    [
      "variation selectors stay on emoji and ideographs",
      "❤️ ☎︎ 葛\u{E0100} a\uFE0F",
      "❤️ ☎︎ 葛\u{E0100} a<U+FE0F>",
    ],
    [
      "joiners stay in scripts that spell with them",
      "می\u200Cخواهم क्\u200Dष ක්\u200Dෂ",
      "می\u200Cخواهم क्\u200Dष ක්\u200Dෂ",
    ],
    ["ZWNJ with nothing to part is numbered", "می\u200C b\u200Cc", "می<U+200C> b<U+200C>c"],
    ["marks of living scripts stay", "नमस्ते สวัสดี กำ ｶﾞ é שָׁלוֹם", "नमस्ते สวัสดี กำ ｶﾞ é שָׁלוֹם"],
    [
      "Hangul in letters stays, strays do not",
      "\u1112\u1161\u11AB \u1161a\u11AB",
      "\u1112\u1161\u11AB <U+1161>a<U+11AB>",
    ],
  ];
  test.each(cases)("%s", (_, text, clean) => {
    expect(cleanText(text)).toBe(clean);
    expect(cleanText(clean)).toBe(clean);
  });
});

test("any cleaned text is clean, as wide as its graphemes, and complete", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const clean = cleanText(text);
      expect(clean).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|^\p{M}/u);
      expect(cleanText(clean)).toBe(clean);
      expect(widthByGrapheme(clean)).toBe(Bun.stringWidth(clean));
      if (!/[\t<\u25CC\u2400-\u2421]/.test(text)) expect(unescape(clean)).toBe(text.toWellFormed());
    }),
    { seed: 8080, numRuns: 10_000 },
  );
});

function unescape(clean: string): string {
  return clean
    .replaceAll("\u25CC", "")
    .replace(/[\u2400-\u241F]/g, (picture) => String.fromCodePoint(picture.charCodeAt(0) - 0x2400))
    .replaceAll("\u2421", "\x7f")
    .replace(/<U\+([0-9A-F]{4,6})>/g, (_, number: string) =>
      String.fromCodePoint(Number.parseInt(number, 16)),
    );
}

test("any part of a line is cleaned as it stands there", () => {
  const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
  fc.assert(
    fc.property(hostileText, (text) => {
      if (text.includes("\t")) return;
      const line = text.toWellFormed();
      const parts = Array.from(graphemes.segment(line), ({ index, segment }) =>
        cleanPart(line, index, index + segment.length),
      );
      expect(parts.join("")).toBe(cleanText(line));
    }),
    { seed: 8083, numRuns: 10_000 },
  );
});

test("16 KiB of the worst text is cleaned in time", () => {
  const worst = [
    "\t",
    "\u0301",
    "\x9b",
    "👩\u200D",
    "\u{E0041}",
    "क\u094D",
    "\u1100",
    "\u{1F1EB}",
    "ا\u200C",
    "\uD800",
  ];
  // A quadratic pass over a mebibyte would exceed the time limit of a test; a linear one takes less than a second.
  for (const piece of worst) {
    const text = piece.repeat(2 ** 20 / piece.length);
    expect(cleanText(text).length).toBeGreaterThan(0);
  }
});

describe("splitLines", () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ["a text without newline is one line", "a", ["a"]],
    ["the empty text is one empty line", "", [""]],
    ["a newline at the end opens no line", "a\nb\n", ["a", "b"]],
    ["one newline is one empty line", "\n", [""]],
    ["empty lines within stay", "a\n\nb\n\n", ["a", "", "b", ""]],
    ["one CR before each LF goes, others stay", "a\r\nb\rc\r\r\n", ["a", "b\rc\r"]],
  ];
  test.each(cases)("%s", (_, text, lines) => expect(splitLines(text)).toEqual([...lines]));
});

describe("toSafeJson", () => {
  const cases: readonly [string, unknown, string][] = [
    [
      "plain values are plain JSON",
      { text: "hi 你好", n: 1, none: null },
      `{"text":"hi 你好","n":1,"none":null}`,
    ],
    [
      "controls and invisible code points are escaped",
      "\x1b[0m\x7f\x9b\u202E",
      String.raw`"\u001b[0m\u007f\u009b\u202e"`,
    ],
    ["beyond the BMP two escapes are written", "\u{E0041}\u{F0000}", String.raw`"\udb40\udc41\udb80\udc00"`],
    ["the fifth mark is escaped", `z${"\u0301".repeat(5)}`, `"z${"\u0301".repeat(4)}\\u0301"`],
    ["no mark sits on a quote or an escape", "\u0301\n\u0301", String.raw`"\u0301\n\u0301"`],
    ["ZWJ stays in an emoji only", "👩‍👧a\u200D", `"👩‍👧a\\u200d"`],
    ["lone surrogates become U+FFFD, as does U+FFFD", "\uD800\uFFFD", `"\uFFFD\uFFFD"`],
    ["a backslash before ud800 is no surrogate", "\\ud800", String.raw`"\\ud800"`],
    ["keys are escaped too", { "\x9b": 1 }, String.raw`{"\u009b":1}`],
    ["what JSON cannot express is null", undefined, "null"],
  ];
  test.each(cases)("%s", (_, value, json) => expect(toSafeJson(value)).toBe(json));

  test("any text parses to itself, and the JSON is clean", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const json = toSafeJson({ text });
        expect(JSON.parse(json)).toEqual({ text: text.toWellFormed() });
        expect(cleanText(json)).toBe(json);
      }),
      { seed: 8081, numRuns: 5000 },
    );
  });
});

describe("escapeForRawPeer", () => {
  const cases: readonly [string, string, string][] = [
    ["clean text stays", "hi 你好 👩‍👧\t\uFFFD", "hi 你好 👩‍👧\t\uFFFD"],
    ["C0 but TAB, DEL and C1 are escaped", "\x1b[2J\t\r\n\x7f\x9b", "␛[2J\t␍␊␡<U+009B>"],
    ["marks and joiners are the author's", "\u0301a\u200D", "\u0301a\u200D"],
    [
      "bidi controls would change whose words are whose",
      "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069",
      "<U+061C><U+200E><U+200F><U+202A><U+202B><U+202C><U+202D><U+202E><U+2066><U+2067><U+2068><U+2069>",
    ],
  ];
  test.each(cases)("%s", (_, text, escaped) => expect(escapeForRawPeer(text)).toBe(escaped));
});

test("cleaning lines cleans each line, keeps the newlines, and changes nothing the second time", () => {
  fc.assert(
    fc.property(fc.array(hostileText, { maxLength: 4 }), (lines) => {
      const text = lines.join("\n");
      const tabbed = cleanTabbedLines(text);
      const cleanFields = (line: string): string => line.split("\t").map(cleanText).join("\t");
      expect(tabbed).toBe(text.split("\n").map(cleanFields).join("\n"));
      expect(cleanTabbedLines(tabbed)).toBe(tabbed);
      const cleaned = cleanLines(text);
      expect(cleaned).toBe(text.split("\n").map(cleanText).join("\n"));
      expect(cleanLines(cleaned)).toBe(cleaned);
    }),
  );
});

test("replacing controls leaves clean text, and one column for each control", () => {
  expect(replaceControls("a\x1b[31m\x9b\u202E\t\x7f\n你👩‍👩‍👧")).toBe("a␛[31m��␉␡␊你👩‍👩‍👧");
  fc.assert(
    fc.property(hostileText, (text) => expect(replaceControls(cleanText(text))).toBe(cleanText(text))),
  );
});
