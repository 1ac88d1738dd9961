import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cleanText } from "../../src/protocol/text/text.ts";
import { followTableInTests } from "../support/widths.ts";
import { cutEnd, cutStart, measureColumns, wrapText } from "../../src/protocol/text/wrap.ts";

followTableInTests();

const columns = fc.integer({ min: 1, max: 40 });
const clean = fc.string({ unit: "grapheme", maxLength: 120 });
const familyAndMarks = "👨‍👩‍👧 e\u0301\u0301 你好 🇫🇷 क्षि";

describe("wrapping text", () => {
  test("breaks between words and omits the space at the break", () => {
    expect(wrapText("the quick brown fox", 10)).toEqual(["the quick", "brown fox"]);
    expect(wrapText("the quick  brown", 9)).toEqual(["the quick", "brown"]);
  });

  test("keeps spaces at the beginning and inside a row", () => {
    expect(wrapText("    if (a  ==  b) return", 16)).toEqual(["    if (a  ==", "b) return"]);
  });

  test("returns one row for empty text, and for spaces alone", () => {
    expect(wrapText("", 10)).toEqual([""]);
    expect(wrapText(" ".repeat(30), 10)).toEqual([""]);
  });

  test("splits a word that is longer than a row, where it begins", () => {
    expect(wrapText("see 0123456789abcdef", 10)).toEqual(["see 012345", "6789abcdef"]);
  });

  test("moves a word that fits on a row to the next one", () => {
    expect(wrapText("see 012345678", 10)).toEqual(["see", "012345678"]);
  });

  test("breaks between Chinese characters and never through one", () => {
    expect(wrapText("你好你好你好", 5)).toEqual(["你好", "你好", "你好"]);
    expect(wrapText("ab你好cd", 5)).toEqual(["ab你", "好cd"]);
  });

  test("avoids closing punctuation at the start of a row and opening punctuation at its end", () => {
    expect(wrapText("你好，世界。再见", 10)).toEqual(["你好，世", "界。再见"]);
    expect(wrapText("他说（你好）了", 6)).toEqual(["他说", "（你", "好）了"]);
    expect(wrapText("端口：8080。空闲", 10)).toEqual(["端口：", "8080。空闲"]);
    expect(wrapText("。。。。。。", 4)).toEqual(["。。", "。。", "。。"]);
  });

  test("shows an ellipsis where a character is wider than the row", () => {
    expect(wrapText("a你b", 1)).toEqual(["a", "…", "b"]);
  });

  test("keeps a character and its combining marks together, which Bun.wrapAnsi of Bun 1.4.5 does not", () => {
    const text = "e\u0301".repeat(4);
    expect(wrapText(text, 2)).toEqual(["e\u0301e\u0301", "e\u0301e\u0301"]);
    expect(wrapText(familyAndMarks, 4)).toEqual(["👨‍👩‍👧 e\u0301\u0301", "你好", "🇫🇷", "क्षि"]);
  });

  test("no row begins with a mark, even one that is a grapheme of its own", () => {
    for (const text of ["ႁႆႈၶႃႈ", "မင်္ဂလာပါ", "ကာကာကာ", "a\u0301ာb", " ာာာ"])
      for (let width = 1; width <= 12; width += 1) {
        const rows = [
          ...wrapText(cleanText(text), width),
          cutStart(cleanText(text), width),
          cutEnd(text, width),
        ];
        for (const row of rows) expect(row).not.toMatch(/^…?\p{M}/u);
      }
  });

  test("no row is wider than requested, whatever the text", () => {
    fc.assert(
      fc.property(clean, columns, (text, width) => {
        for (const row of wrapText(text, width)) expect(measureColumns(row)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test("only spaces are omitted", () => {
    const narrow = fc.string({ unit: fc.constantFrom("a", "b", " ", "e\u0301"), maxLength: 120 });
    fc.assert(
      fc.property(narrow, columns, (text, width) => {
        expect(wrapText(text, width).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });
});

describe("cutting text", () => {
  test("keeps the beginning of a name and the end of an endpoint", () => {
    expect(cutEnd("Alexandra", 6)).toBe("Alexa…");
    expect(cutStart("127.0.0.1:51234", 8)).toBe("…1:51234");
    expect(cutEnd("short", 6)).toBe("short");
  });

  test("is never wider than requested, and returns text that fits unchanged", () => {
    fc.assert(
      fc.property(clean, columns, (text, width) => {
        for (const cut of [cutEnd(text, width), cutStart(text, width)]) {
          expect(measureColumns(cut)).toBeLessThanOrEqual(width);
          if (measureColumns(text) <= width) expect(cut).toBe(text);
        }
      }),
    );
  });
});
