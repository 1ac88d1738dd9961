/** Difficult text at every size: the gutter and the panel are straight, and no bar wraps. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { App } from "../../components/screen/App.tsx";
import { divideScreen } from "../../src/view/screen/screen-areas.ts";
import { makeHardScreen } from "../support/hard-screen.ts";
import { draw, message, plainApp, screenModel, talk } from "./screen-fixture.ts";
import { followTableInTests } from "../support/widths.ts";
import { asWritten } from "../support/words.ts";

followTableInTests();

/** The widths of a row's text before each `│`. */
function gutters(row: string): readonly number[] {
  return [...row.matchAll(/│/g)].map(({ index }) => Bun.stringWidth(row.slice(0, index)));
}

function expectStraight(model: ReturnType<typeof makeHardScreen>, columns: number, rows: number): void {
  const drawn = draw(
    <App {...plainApp} composer={undefined} model={model} columns={columns} rows={rows} />,
    columns,
  );
  const { isTooSmall, conversation, panelColumns, topBarRows } = divideScreen(columns, rows, 1);
  expect(drawn.length).toBeLessThanOrEqual(rows);
  for (const row of drawn) expect(Bun.stringWidth(row)).toBeLessThanOrEqual(columns);
  if (isTooSmall) return;
  const talkRows = drawn.slice(topBarRows, topBarRows + conversation.rows).filter((row) => row !== "");
  const panelAt = panelColumns === 0 ? columns : columns - panelColumns;
  const left = talkRows.flatMap((row) => gutters(row).filter((column) => column < panelAt)[0] ?? []);
  expect(new Set(left).size).toBeLessThanOrEqual(1);
  if (panelColumns > 0) for (const row of talkRows) expect(gutters(row)).toContain(panelAt);
}

test("every size from 1×1 to 300×100: one gutter, one panel, nothing wider than the screen", () => {
  const size = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 100 }));
  const model = makeHardScreen();
  fc.assert(
    fc.property(size, ([columns, rows]) => expectStraight(model, columns, rows)),
    { numRuns: 60, seed: 7 },
  );
});

test("any text in any column: wide, joined, combining, control", () => {
  const units = fc.constantFrom(
    "a",
    " ",
    "你",
    "👨‍👩‍👧",
    "e\u0301",
    "🇫🇷",
    "\u200b",
    "\x1b[31m",
    "\t",
    "\n",
    "ש",
    "｡",
    "한",
  );
  const text = fc.array(units, { maxLength: 300 }).map((parts) => parts.join(""));
  const columns = fc.integer({ min: 20, max: 130 });
  fc.assert(
    fc.property(text, text, columns, (one, other, width) => {
      const entries = [
        message(1, "名前", one),
        message(2, "bob", other, { growing: true, note: asWritten("cut") }),
      ];
      expectStraight(screenModel({ ...talk, entries }), width, 12);
    }),
    { numRuns: 60, seed: 7 },
  );
});
