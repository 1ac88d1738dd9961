/** The widths of text: emulators answer the query with the tables in use, and draw words as their tables say. */

import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cleanText } from "../../src/protocol/text/text.ts";
import {
  followWidthTable,
  getWidthTable,
  isWidthDisputed,
  measureColumns,
  widestTable,
} from "../../src/protocol/text/width.ts";
import { readTable } from "../../src/cli/terminal/width-query.ts";
import { type Emulator, followWidthsOf, openEmulator, writeTo } from "../support/emulated-screen.tsx";
import { hostileText } from "../support/hostile-text.ts";
import { words } from "../support/scripts.ts";
import { knownTables } from "../support/widths.ts";

afterAll(() => void followWidthTable(widestTable));

const emulators: readonly Emulator[] = ["xterm.js", "xterm.js with graphemes"];

async function drawnColumns(kind: Emulator, texts: readonly string[]): Promise<readonly number[]> {
  const xterm = openEmulator(kind, { columns: 300, rows: rowsAtOnce });
  const found: number[] = [];
  for (let from = 0; from < texts.length; from += rowsAtOnce) {
    const chunk = texts.slice(from, from + rowsAtOnce);
    await writeTo(xterm, `\x1b[H\x1b[2J${chunk.map((text) => text + end).join("\r\n")}`);
    for (const [row, { length }] of chunk.entries()) found.push(findEnd(xterm, row, length));
  }
  xterm.dispose();
  return found;
}

const rowsAtOnce = 200;
/** Behind each text: a character that joins nothing. */
const end = "|";

/** Searched from behind the longest that a text of so many units can be drawn; 0 if it is drawn longer. */
function findEnd(xterm: ReturnType<typeof openEmulator>, row: number, units: number): number {
  const line = xterm.buffer.active.getLine(row);
  const cell = xterm.buffer.active.getNullCell();
  let column = Math.min(300, 2 * units + 1);
  while (column > 0 && line?.getCell(column, cell)?.getChars() !== end) column -= 1;
  return column;
}

describe.each(emulators)("%s", (kind) => {
  test("answers the query with its table", async () => {
    await followWidthsOf(kind);
    expect(getWidthTable()).toEqual(knownTables[kind]);
  });

  test("draws every word as wide as its table says, at each of its code points", async () => {
    await followWidthsOf(kind);
    const newer = new Set(["new emoji"]);
    const texts = Object.entries(words)
      .filter(([script]) => !newer.has(script))
      .flatMap(([, word]) =>
        Array.from(word, (_, index) =>
          Array.from(word)
            .slice(0, index + 1)
            .join(""),
        ),
      )
      .map(cleanText);
    const drawn = await drawnColumns(kind, texts);
    expect(texts.map((text, index) => [text, measureColumns(text), drawn[index]])).toEqual(
      texts.map((text, index) => [text, drawn[index], drawn[index]]),
    );
  });

  test("draws undisputed text as Bun measures it", async () => {
    const texts = fc
      .sample(fc.oneof(hostileText, fc.string({ unit: "grapheme" })), { seed: 17, numRuns: 4000 })
      .map(cleanText)
      .filter((text) => !isWidthDisputed(text) && text.length < 200);
    expect(texts.length).toBeGreaterThan(300);
    const drawn = await drawnColumns(kind, texts);
    expect(drawn).toEqual(texts.map((text) => Bun.stringWidth(text)));
  });
});

test("no word is drawn wider than the widest table reserves", async () => {
  followWidthTable(widestTable);
  for (const kind of emulators) {
    const drawn = await drawnColumns(kind, Object.values(words));
    Object.values(words).forEach((word, index) => {
      expect(measureColumns(word), word).toBeGreaterThanOrEqual(drawn[index] ?? 0);
    });
  }
});

test("every undisputed code point has one width", async () => {
  const characters = Array.from({ length: 0x1_0000 }, (_, code) => code)
    .filter((code) => code >= 0x20 && !(code >= 0xd800 && code <= 0xdfff))
    .map((code) => `a${String.fromCodePoint(code)}`)
    .filter((text) => !isWidthDisputed(text) && !/\p{C}/u.test(text));
  expect(characters.length).toBeGreaterThan(30_000);
  const expected = characters.map((text) => Bun.stringWidth(text));
  for (const kind of emulators) expect(await drawnColumns(kind, characters)).toEqual(expected);
});

test("an answer that no known table gives counts as the widest", () => {
  expect(readTable([2, 2, 4, 1, 1, 2, 2, 1, 2, 2])).toEqual(knownTables.tmux);
  expect(readTable([2, 4, 4, 1, 2, 2, 2, 2, 2, 2])).toEqual(knownTables["GNU screen"]);
  expect(readTable([0, 9, 9, 9, 9, 9, 9, 9, 9, 9])).toEqual(widestTable);
  expect(readTable([])).toEqual(widestTable);
});
