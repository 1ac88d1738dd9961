/** The mouse selects the conversation's text alone: presses, moves and releases, as the decoder makes them. */

import { describe, expect, test } from "bun:test";
import type { EntryId, NewEntry } from "../../src/chat/log/entry.ts";
import type { MouseEvent } from "../../src/input/keys/key-event.ts";
import { KeyDecoder } from "../../src/input/keys/keys.ts";
import { copiedMaxBytes } from "../../src/protocol/limits.ts";
import { splitUnits } from "../../src/protocol/text/units.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { selectRows } from "../../src/view/conversation/conversation-rows.ts";
import { readSelection } from "../../src/view/conversation/selection.ts";
import { pressOnScreen } from "../../src/view/screen/screen-keys.ts";
import { setMouse } from "../../src/view/screen/screen-hint.ts";
import { showHelp } from "../../src/view/screen/screen-overlays.ts";
import { firstScreenState, type ScreenState, type ScreenView } from "../../src/view/screen/screen-state.ts";
import { formatTime, message, notice, screenModel } from "../components/screen-fixture.ts";
import { english } from "../support/words.ts";

const columns = 40;
const rows = 8;

function viewOf(entries: readonly NewEntry[]): ScreenView {
  return {
    model: screenModel({ entries }),
    shape: { columns, rows, formatTime, words: english },
    topRow: 1,
    columns: 120,
    panel: { columns: 70, rows, isBeside: true },
  };
}

/** A report of the mouse at a cell of the screen, from 0. */
function report(what: "press" | "move" | "release", [column, row]: readonly [number, number]): MouseEvent {
  const code = what === "move" ? 32 : 0;
  const bytes = `\x1b[<${code};${column + 1};${row + 1}${what === "release" ? "m" : "M"}`;
  const [event] = new KeyDecoder().push(Buffer.from(bytes));
  return event as MouseEvent;
}

function drag(view: ScreenView, from: readonly [number, number], to: readonly [number, number]) {
  const pressed = pressOnScreen(firstScreenState, report("press", from), view).state;
  const moved = pressOnScreen(pressed, report("move", to), view).state;
  const { state, action } = pressOnScreen(moved, report("release", to), view);
  return { moved, state, text: action?.type === "copy" ? action.text : undefined };
}

/** The rows of the screen with the cells where their texts begin. */
function drawn(view: ScreenView, state: ScreenState = firstScreenState) {
  const { selection } = state;
  const request = { ...view.shape, anchor: "newest", ...(selection && { selection }) } as const;
  const { rows: all, columns: widths } = selectRows(view.model.scrollback.tcp, request);
  const first = view.topRow + rows - all.length;
  return all.map((row, index) => ({ ...row, cell: [columns - widths.text, first + index] as const }));
}

const entries = [
  message(1, "bob", "one two three"),
  message(2, "eve", `a long line that is wrapped, ${"again and ".repeat(3)}again`),
  notice(3, "info", "a notice"),
  message(4, "bob", "你好 and bye"),
];
const view = viewOf(entries);
const cellOf = (text: string): readonly [number, number] =>
  drawn(view).find((row) => row.text === text)!.cell;

test("a drag within a line copies from the first to the last cell, in both directions", () => {
  const [x, y] = cellOf("one two three");
  expect(drag(view, [x + 4, y], [x + 6, y]).text).toBe("two");
  expect(drag(view, [x + 6, y], [x + 4, y]).text).toBe("two");
  expect(drag(view, [x + 8, y], [x + 30, y]).text).toBe("three");
});

test("the text is highlighted while the button is down, and nothing else", () => {
  const [x, y] = cellOf("one two three");
  const { moved, state } = drag(view, [x + 4, y], [x + 6, y]);
  const lit = drawn(view, moved).filter(({ highlights }) => highlights !== undefined);
  expect(lit.map(({ text, highlights }) => [text, highlights])).toEqual([
    ["one two three", [{ start: 4, end: 7, isCurrent: true }]],
  ]);
  expect(state.selection).toBeUndefined();
});

test("a wrapped line is copied as it was written, with the spaces that wrapping dropped", () => {
  const wrapped = drawn(view).filter(({ entryId }) => entryId === (2 as EntryId));
  expect(wrapped.length).toBeGreaterThan(2);
  const [x, last] = wrapped.at(-1)!.cell;
  const whole = (entries[1] as { readonly text: string }).text;
  expect(drag(view, [x, wrapped[0]!.cell[1]], [x + 30, last]).text).toBe(whole);
});

test("over several entries the texts are copied without times, signs and names", () => {
  const [x, y] = cellOf("one two three");
  expect(drag(view, [x + 4, y], [x + 3, cellOf("你好 and bye")[1]]).text).toBe(
    `two three\n${(entries[1] as { readonly text: string }).text}\na notice\n你好`,
  );
});

test("from left of the text on, the names are copied as well", () => {
  const [, y] = cellOf("a notice");
  const { text, moved } = drag(view, [0, y], [columns - 1, cellOf("你好 and bye")[1]]);
  expect(text).toBe("-- a notice\n<bob> 你好 and bye");
  expect(
    drawn(view, moved)
      .map(({ nameHighlights }) => nameHighlights !== undefined)
      .slice(-2),
  ).toEqual([true, true]);
});

test("a wide character is one, in either of its cells", () => {
  const [x, y] = cellOf("你好 and bye");
  expect(drag(view, [x, y], [x + 2, y]).text).toBe("你好");
  expect(drag(view, [x + 1, y], [x + 3, y]).text).toBe("你好");
});

test("beyond the conversation the drag ends at its nearest cell, the wire panel included", () => {
  const [x, y] = cellOf("你好 and bye");
  expect(drag(view, [x, y], [119, y]).text).toBe("你好 and bye");
  expect(drag(view, [x, y], [119, 40]).text).toBe("你好 and bye");
  expect(drag(view, [x + 12, y], [x, 0]).text).toContain("one two three\n");
});

test("a click, a press beside the conversation, on an overlay or by another button selects nothing", () => {
  const [x, y] = cellOf("one two three");
  expect(drag(view, [x, y], [x, y])).toMatchObject({ text: undefined, state: { selection: undefined } });
  expect(drag(view, [columns + 2, y], [x, y]).text).toBeUndefined();
  expect(drag(view, [x, 20], [x, y]).text).toBeUndefined();
  const helped = pressOnScreen(showHelp(firstScreenState), report("press", [x, y]), view).state;
  expect(helped.selection).toBeUndefined();
  const right = { ...report("press", [x, y]), button: 2 };
  expect(pressOnScreen(firstScreenState, right, view).state.selection).toBeUndefined();
});

test("a hidden conversation is not selected from", () => {
  const hidden = { ...firstScreenState, wire: { ...firstScreenState.wire, isShown: true } };
  const narrow = { ...view, panel: { ...view.panel, isBeside: false } };
  const [x, y] = cellOf("one two three");
  expect(pressOnScreen(hidden, report("press", [x, y]), narrow).state.selection).toBeUndefined();
});

test("lines that arrive meanwhile move what is selected, and do not change it", () => {
  const [x, y] = cellOf("one two three");
  const pressed = pressOnScreen(firstScreenState, report("press", [x, y]), view).state;
  const moved = pressOnScreen(pressed, report("move", [x + 2, y]), view).state;
  const later = viewOf([...entries, ...[5, 6, 7].map((id) => message(id, "bob", `later ${id}`))]);
  expect(readSelection(later.model.scrollback.tcp, moved.selection!)).toBe("one");
  const switched = { ...later, model: { ...later.model, active: "udp" as const } };
  expect(pressOnScreen(moved, report("release", [x + 2, y]), switched)).toMatchObject({
    state: { selection: undefined },
  });
});

test("turning the mouse off ends a selection", () => {
  const pressed = pressOnScreen(firstScreenState, report("press", cellOf("one two three")), view).state;
  expect(setMouse(pressed, false).selection).toBeUndefined();
});

test("a selection is read to the bytes that may be copied, and not much further", () => {
  const long = Array.from({ length: 100 }, (_, index) => message(index + 1, "bob", "x".repeat(2000)));
  const { scrollback } = viewOf(long).model;
  const place = (id: number) => ({ entryId: id as EntryId, line: 0, start: 0, end: 0 });
  const end = { ...place(100), start: 2000, end: 2000 };
  const text = readSelection(scrollback.tcp, { from: place(1), to: end, hasNames: false });
  expect(text.length).toBeGreaterThan(copiedMaxBytes);
  expect(text.length).toBeLessThan(copiedMaxBytes + 4002);
});

describe("every pair of cells", () => {
  const texts = ["tab\tand 👨‍👩‍👧 with é", "", "你好，世界 wide", "a  b", "\x1b[31mred\u202E"];
  const seen = viewOf([
    message(1, "bob", texts.join("\n")),
    message(2, "bob", "waves to everybody who is here", { action: true }),
  ]);

  test("copies exactly the characters between them", () => {
    const cells = drawn(seen).flatMap(({ cell: [x, y], text }) => {
      let at = x;
      return splitUnits(text).map((unit) => {
        const cell = [at, y] as const;
        at += measureColumns(unit);
        return { cell, unit };
      });
    });
    expect(cells.length).toBeGreaterThan(60);
    for (let from = 0; from < cells.length; from += 3)
      for (let to = from + 1; to < cells.length; to += 2) {
        const { text } = drag(seen, cells[from]!.cell, cells[to]!.cell);
        const shown = cells.slice(from, to + 1).map(({ unit }) => unit);
        expect(text?.replaceAll(/\s/g, "")).toBe(shown.join("").replaceAll(/\s/g, ""));
        expect(drag(seen, cells[to]!.cell, cells[from]!.cell).text).toBe(text);
      }
  });
});
