import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { anyCodePoint } from "../support/code-points.ts";
import {
  type ScrollAnchor,
  scrollBy,
  scrollToTop,
  selectRows,
} from "../../src/view/conversation/conversation-rows.ts";
import { Scrollback } from "../../src/chat/log/scrollback.ts";
import { formatTime, message, notice, scrollbackOf } from "../components/screen-fixture.ts";
import { asWritten, english } from "../support/words.ts";

/** Leaves 23 columns for the text next to a short name. */
const shape = { columns: 37, rows: 4, formatTime, words: english };

/** Entries `line 1` … `line n`; every third takes two rows in this shape. */
function lines(count: number): Scrollback {
  return scrollbackOf(Array.from({ length: count }, (_, index) => numbered(index + 1)));
}

function numbered(id: number) {
  return message(id, "bob", id % 3 === 0 ? `line ${id} and twenty columns more` : `line ${id}`);
}

function seen(scrollback: Scrollback, anchor: ScrollAnchor, rows = shape.rows): string[] {
  return selectRows(scrollback, { ...shape, rows, anchor }).rows.map(({ text }) => text);
}

describe("the view", () => {
  test("ends with the newest row, and counts what is above", () => {
    const scrollback = lines(6);
    expect(seen(scrollback, "newest")).toEqual(["line 4", "line 5", "line 6 and twenty", "columns more"]);
    expect(selectRows(scrollback, { ...shape, anchor: "newest" })).toMatchObject({
      aboveCount: 3,
      belowCount: 0,
    });
  });

  test("is the whole conversation if that is shorter than the height", () => {
    expect(seen(lines(2), "newest")).toEqual(["line 1", "line 2"]);
    expect(selectRows(new Scrollback(english.word), { ...shape, anchor: "newest" })).toMatchObject({
      rows: [],
      aboveCount: 0,
      belowCount: 0,
    });
  });

  test("counts a partly visible entry as above, or as below", () => {
    const scrollback = lines(9);
    const anchor = scrollBy(scrollback, shape, "newest", -3);
    expect(seen(scrollback, anchor)).toEqual(["line 5", "line 6 and twenty", "columns more", "line 7"]);
    expect(selectRows(scrollback, { ...shape, anchor })).toMatchObject({ aboveCount: 4, belowCount: 2 });
    const half = scrollBy(scrollback, shape, anchor, 2);
    expect(seen(scrollback, half)).toEqual(["columns more", "line 7", "line 8", "line 9 and twenty"]);
    expect(selectRows(scrollback, { ...shape, anchor: half })).toMatchObject({
      aboveCount: 6,
      belowCount: 1,
    });
  });

  test("lays out a message again when it has grown", () => {
    const growing = message(1, "bob", "he", { growing: true });
    const scrollback = scrollbackOf([growing]);
    expect(seen(scrollback, "newest")).toEqual(["he"]);
    growing.text = "hello";
    expect(seen(scrollback, "newest")).toEqual(["hello"]);
    growing.growing = false;
    growing.note = asWritten("cut");
    expect(selectRows(scrollback, { ...shape, anchor: "newest" }).rows).toMatchObject([
      { text: "hello", note: " [cut]" },
    ]);
  });
});

describe("scrolling", () => {
  test("keeps the rows in view when entries are added below", () => {
    const scrollback = lines(9);
    const anchor = scrollBy(scrollback, shape, "newest", -3);
    const before = seen(scrollback, anchor);
    for (let id = 10; id < 50; id += 1) scrollback.push(numbered(id));
    expect(seen(scrollback, anchor)).toEqual(before);
    expect(selectRows(scrollback, { ...shape, anchor }).belowCount).toBe(42);
  });

  test("shows the oldest rows when the anchored entry was dropped", () => {
    const scrollback = new Scrollback(english.word, { lines: 10, units: 10_000 });
    for (let id = 1; id <= 10; id += 1) scrollback.push(numbered(id));
    const anchor = scrollToTop(scrollback, shape);
    for (let id = 11; id <= 14; id += 1) scrollback.push(numbered(id));
    expect(seen(scrollback, anchor)[0]).toBe("line 5");
  });

  test("stops at the oldest row, and becomes `newest` at the end", () => {
    const scrollback = lines(9);
    const top = scrollBy(scrollback, shape, "newest", -1000);
    expect(top).toEqual(scrollToTop(scrollback, shape));
    expect(seen(scrollback, top)[0]).toBe("line 1");
    expect(scrollBy(scrollback, shape, top, 1000)).toBe("newest");
  });

  test("does nothing if the conversation fits or is empty", () => {
    expect(scrollBy(lines(2), shape, "newest", -1)).toBe("newest");
    expect(scrollToTop(lines(2), shape)).toBe("newest");
    expect(scrollBy(new Scrollback(english.word), shape, "newest", -1)).toBe("newest");
    expect(scrollToTop(new Scrollback(english.word), shape)).toBe("newest");
  });

  test("keeps the anchored entry in view when the window is resized", () => {
    const scrollback = lines(30);
    const anchor = scrollBy(scrollback, shape, "newest", -9);
    const narrow = selectRows(scrollback, { ...shape, columns: 24, anchor });
    const wide = selectRows(scrollback, { ...shape, columns: 120, anchor });
    expect(narrow.rows[0]?.entryId).toBe(wide.rows[0]?.entryId);
  });

  test("up and down by the same number of rows returns to the same anchor", () => {
    const scrollback = lines(40);
    const all = seen(scrollback, "newest", 1000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 60 }), (up, further) => {
        const anchor = scrollBy(scrollback, shape, "newest", -up);
        const start = all.length - shape.rows - up;
        expect(seen(scrollback, anchor)).toEqual(all.slice(start, start + shape.rows));
        const higher = Math.min(further, start);
        const back = scrollBy(scrollback, shape, scrollBy(scrollback, shape, anchor, -higher), higher);
        expect(seen(scrollback, back)).toEqual(seen(scrollback, anchor));
      }),
    );
  });

  test("the view has its full height at any anchor", () => {
    const scrollback = lines(20);
    fc.assert(
      fc.property(fc.nat(30), fc.nat(5), fc.integer({ min: 1, max: 12 }), (id, rowOffset, rows) => {
        const anchor = { entryId: numbered(id).id, rowOffset };
        expect(selectRows(scrollback, { ...shape, rows, anchor }).rows).toHaveLength(rows);
      }),
    );
  });
});

test("the name column widens with the labels laid out, up to a maximum, and never narrows", () => {
  const scrollback = scrollbackOf([message(1, "bob", "hi")]);
  const nameColumns = (columns: number): number =>
    selectRows(scrollback, { columns, rows: 4, formatTime, words: english, anchor: "newest" }).columns.name;
  expect(nameColumns(80)).toBe(5);
  scrollback.push(message(2, "Alexandra", "hi"));
  expect(nameColumns(80)).toBe(9);
  scrollback.push(message(3, "[2001:db8::1234:5678]:51234", "hi"));
  expect(nameColumns(80)).toBe(16);
  expect(nameColumns(40)).toBe(8);
  for (let id = 4; id < 20; id += 1) scrollback.push(message(id, "bob", "hi"));
  expect(nameColumns(80)).toBe(16);
});

test("selecting from ten thousand entries lays out no more than are in view", () => {
  let laidOut = 0;
  const counted = { ...shape, formatTime: () => `14:0${laidOut++ % 10}` };
  const scrollback = lines(10_000);
  selectRows(scrollback, { ...counted, anchor: "newest" });
  selectRows(scrollback, { ...counted, anchor: "newest" });
  expect(laidOut).toBeLessThanOrEqual(shape.rows);
});

test("no text of a peer makes a row too wide", () => {
  const hostile = fc.oneof(
    fc.string({ unit: anyCodePoint, maxLength: 200 }),
    fc.string({ unit: "grapheme", maxLength: 200 }),
  );
  fc.assert(
    fc.property(hostile, fc.integer({ min: 20, max: 130 }), fc.boolean(), (text, columns, growing) => {
      const scrollback = scrollbackOf([
        message(1, "bob", text, { growing, note: asWritten("cut at 16 KiB") }),
      ]);
      const selection = selectRows(scrollback, {
        columns,
        rows: 500,
        formatTime,
        words: english,
        anchor: "newest",
      });
      const room = selection.columns.text;
      for (const row of selection.rows) {
        const drawn = row.text + (row.isGrowing === true ? "▌" : "") + (row.note ?? "");
        expect(Bun.stringWidth(drawn)).toBeLessThanOrEqual(room);
        expect(drawn).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }
    }),
  );
});

test("a notice has a sign, and its hint below it", () => {
  const scrollback = scrollbackOf([notice(1, "error", "refused", "listen there first, or try another port")]);
  expect(selectRows(scrollback, { ...shape, anchor: "newest" }).rows).toMatchObject([
    { kind: "notice", isFirst: true, time: "14:01", name: "!!", text: "refused" },
    { kind: "hint", isFirst: false, text: "→ listen there first," },
    { kind: "hint", isFirst: false, text: "  or try another port" },
  ]);
});
