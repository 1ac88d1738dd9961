import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { measureColumn, moveByRow, selectRows } from "../../src/input/line/line-rows.ts";
import { composerMaxUnits } from "../../src/protocol/limits.ts";

/** The rows in view with `|` at the cursor, and arrows where rows are hidden. */
function drawn(text: string, cursor: number, columns: number, rowsMax = 8): readonly string[] {
  const window = selectRows(text, cursor, columns, rowsMax);
  const rows = window.rows.map((row, index) => {
    if (index !== window.cursor.row) return row;
    const before = Bun.sliceAnsi(row, 0, window.cursor.column);
    return `${before}|${row.slice(before.length)}`;
  });
  return [...(window.hasMoreAbove ? ["↑"] : []), ...rows, ...(window.hasMoreBelow ? ["↓"] : [])];
}

describe("the rows of a text", () => {
  test.each([
    ["are one for an empty text", "", 0, ["|"]],
    ["end at newlines", "a\n\nb", 4, ["a", "", "b|"]],
    ["have an empty one after a newline at the end", "a\n", 2, ["a", "|"]],
    ["have the cursor at the end of a line, before its newline", "a\nb", 1, ["a|", "b"]],
    ["are wrapped at spaces", "one two three four", 18, ["one two ", "three four|"]],
    ["keep the blanks between words", "one     two   x", 15, ["one     ", "two   x|"]],
    ["are full where a word is longer than a row", "abcdefghijklmno", 15, ["abcdefghij", "klmno|"]],
    ["have the cursor beside a full row at the end", "abcdefghij", 10, ["abcdefghij|"]],
    ["have the cursor at the start of the next row", "abcdefghijk", 10, ["abcdefghij", "|k"]],
    ["let one blank hang over", "abcdefghij k", 12, ["abcdefghij", "k|"]],
    ["are wrapped beside wide characters", "你好你好你好", 6, ["你好你好你", "好|"]],
    ["keep families whole", "123456789👨‍👩‍👧", 9, ["123456789", "|👨‍👩‍👧"]],
    ["have tabs and controls in one column each", "a\tb\x1bc", 5, ["a␉b␛c|"]],
  ] as const)("%s", (_, text, cursor, expected) => {
    expect(drawn(text, cursor, 10)).toEqual(expected as unknown as string[]);
  });

  test("are at most rowsMax, with the cursor in the middle", () => {
    const text = Array.from({ length: 20 }, (_, index) => String(index)).join("\n");
    expect(drawn(text, 0, 10, 3)).toEqual(["|0", "1", "2", "↓"]);
    expect(drawn(text, text.indexOf("9"), 10, 3)).toEqual(["↑", "8", "|9", "10", "↓"]);
    expect(drawn(text, text.length, 10, 3)).toEqual(["↑", "17", "18", "19|"]);
    expect(drawn(text, text.indexOf("9"), 10, 1)).toEqual(["↑", "|9", "↓"]);
  });
});

describe("moving by rows", () => {
  test.each([
    ["up, in the same column", "abc\ndef", 6, -1, 2],
    ["down, in the same column", "abc\ndef", 1, 1, 5],
    ["to the end of a shorter row", "abcdef\nx\nabcdef", 5, 1, 8],
    ["to the row below of a wrapped line", "one two three four", 2, 1, 10],
    ["not to the start of the row after a wrapped one", "one two three four", 18, -1, 7],
    ["not into half a wide character", "ab\n你好", 1, 1, 3],
    ["not above the first row", "abc\ndef", 2, -1, undefined],
    ["not below the last row", "abc\ndef", 5, 1, undefined],
  ] as const)("%s", (_, text, cursor, step, expected) => {
    expect(moveByRow(text, cursor, step, 10, measureColumn(text, cursor, 10))).toBe(expected);
  });
});

test("every grapheme is in one row, in order, and rows are never wider than asked", () => {
  const grapheme = fc.constantFrom(
    "a",
    "b",
    " ",
    " ",
    "你",
    "👨‍👩‍👧",
    "e\u0301",
    "\n",
    "\t",
    "\x1b",
    "\u202e",
    "한",
  );
  fc.assert(
    fc.property(
      fc.array(grapheme, { maxLength: 80 }),
      fc.nat(),
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      (all, place, columns, rowsMax) => {
        const text = all.join("");
        const cursor = all.slice(0, place % (all.length + 1)).join("").length;
        const window = selectRows(text, cursor, columns, rowsMax);
        expect(window.rows.length).toBeLessThanOrEqual(rowsMax);
        expect(window.cursor.row).toBeLessThan(window.rows.length);
        expect(window.cursor.column).toBeLessThanOrEqual(columns);
        for (const row of window.rows) expect(Bun.stringWidth(row)).toBeLessThanOrEqual(columns);
        const whole = selectRows(text, cursor, columns, 1000);
        expect([whole.hasMoreAbove, whole.hasMoreBelow]).toEqual([false, false]);
        const from = whole.cursor.row - window.cursor.row;
        expect(window.rows).toEqual(whole.rows.slice(from, from + window.rows.length));
        expect(window.hasMoreAbove).toBe(from > 0);
        // Up and down again comes back to the row.
        const up = moveByRow(text, cursor, -1, columns, 0);
        expect(up === undefined).toBe(whole.cursor.row === 0);
        if (up !== undefined)
          expect(selectRows(text, up, columns, 1000).cursor.row).toBe(whole.cursor.row - 1);
      },
    ),
    { numRuns: 2000, seed: 8080 },
  );
});

test("a line of a megabyte is laid out around the cursor alone", () => {
  const text = "word ".repeat(composerMaxUnits / 5);
  const shapes = [0, 1, 4095, 4096, 4097, text.length / 2, text.length].map((cursor) =>
    selectRows(text, cursor, 70, 8),
  );
  for (const shape of shapes) {
    expect(shape.rows).toHaveLength(8);
    for (const row of shape.rows) expect(row).toMatch(/^(?:word ?)+$|^[a-z]{1,4} /);
  }
});

test("no row begins with a mark that is a grapheme of its own", () => {
  // A Shan vowel (U+1083) after each letter, at every width.
  const text = "ၵႃ".repeat(20);
  for (let columns = 2; columns < 12; columns++) {
    const { rows } = selectRows(text, 0, columns, 40);
    expect(rows.filter((row) => /^\p{M}/u.test(row))).toEqual([]);
    expect(rows.join("")).toBe(text);
  }
});
