import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cleanText } from "../../src/protocol/text/text.ts";
import { followTableInTests } from "../support/widths.ts";
import { selectVisible, displayGrapheme } from "../../src/input/line/line-window.ts";

followTableInTests();

/** The window with `|` before the cursor's cell, and arrows where text is hidden. */
function drawn(text: string, cursor: number, columns: number): string {
  const { visible, cursorColumn, hasMoreLeft, hasMoreRight } = selectVisible(text, cursor, columns);
  const before = Bun.sliceAnsi(visible, 0, cursorColumn);
  const line = `${before}|${visible.slice(before.length)}`;
  return `${hasMoreLeft ? "‹" : " "}${line}${hasMoreRight ? "›" : ""}`;
}

describe("the visible part of a line", () => {
  test.each([
    ["is all of a short line", "hello", 5, 10, " hello|"],
    [
      "is all of a line as long as the window, with the cursor on its last character",
      "0123456789",
      9,
      10,
      " 012345678|9",
    ],
    ["has a cell for the cursor after the end", "0123456789", 10, 10, "‹123456789|"],
    ["is the start, with the cursor there", "0123456789abcdef", 0, 10, " |0123456789›"],
    ["is a third after the cursor in the middle", "0123456789abcdefghij", 10, 9, "‹456789|abc›"],
    ["is the end, with the cursor close to it", "0123456789abcdef", 14, 9, "‹789abcd|ef"],
    ["has wide characters whole or not at all", "你好你好你好", 6, 6, "‹你好|"],
    ["has a wide character under the cursor", "你好你好你好", 2, 6, " 你好|你›"],
    ["has whole families", "👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 24, 5, "‹👨‍👩‍👧👨‍👩‍👧|"],
    ["has newlines and tabs as one column each", "a\nb\tc", 2, 10, " a⏎|b␉c"],
    ["has control characters as pictures", "a\x1b[31m\x07", 0, 20, " |a␛[31m␇"],
    ["has invisible characters written out", "a\u200Bb", 0, 20, " |a<U+200B>b"],
    ["has U+FFFD for a grapheme that is too wide", "你", 0, 1, " |\ufffd"],
    ["is empty for an empty line", "", 0, 1, " |"],
  ])("%s", (_, text, cursor, columns, expected) => {
    expect(drawn(text, cursor, columns)).toBe(expected);
  });
});

test("letters that Unicode calls joiners, marks and graphemes of their own stand as in a message", () => {
  const lines = [
    "क्\u200Cष",
    "क्\u200Dष",
    "അവന്\u200D",
    "മലയാളം",
    "മ്ന്\u200Cറ",
    "ႁႆႈၶႃႈ",
    "မႂ်ႇသုင်",
    "မင်္ဂလာပါ",
    "می\u200Cخواهم",
    "ශ්\u200Dරී",
  ];
  for (const line of lines)
    for (let end = 1; end <= line.length; end += 1)
      for (const columns of [4, 8, 40]) {
        const typed = line.slice(0, end);
        const { visible, hasMoreLeft } = selectVisible(typed, typed.length, columns);
        if (columns === 40) expect([visible, hasMoreLeft]).toEqual([cleanText(typed), false]);
        expect(visible).not.toMatch(/^\p{M}/u);
      }
});

test("a grapheme with a thousand marks takes one cell", () => {
  const { visible, cursorColumn } = selectVisible(`a${"\u0301".repeat(1000)}b`, 1002, 20);
  expect([visible, cursorColumn]).toEqual(["\ufffdb", 2]);
});

test("any text fits any width, with the cursor in it and as much text as possible", () => {
  const grapheme = fc.constantFrom(
    "a",
    "你",
    "👨‍👩‍👧",
    "🇫🇷",
    "e\u0301",
    "\n",
    "\t",
    "\x1b",
    "\u202e",
    "\u00ad",
    "한",
  );
  fc.assert(
    fc.property(
      fc.array(grapheme, { maxLength: 60 }),
      fc.nat(),
      fc.integer({ min: 1, max: 40 }),
      (all, place, columns) => {
        const before = all.slice(0, place % (all.length + 1)).join("");
        const text = all.join("");
        const window = selectVisible(text, before.length, columns);
        expect(Bun.stringWidth(window.visible)).toBeLessThanOrEqual(columns);
        expect(window.cursorColumn).toBeLessThan(columns);
        expect(window.visible).not.toMatch(/\p{Cc}/u);
        const wholeWidth = Bun.stringWidth(all.map((one) => displayGrapheme(one, 0, one.length)).join(""));
        if (wholeWidth < columns) expect([window.hasMoreLeft, window.hasMoreRight]).toEqual([false, false]);
      },
    ),
    { numRuns: 1500, seed: 8080 },
  );
});
