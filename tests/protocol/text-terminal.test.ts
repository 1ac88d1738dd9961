/** Hostile text, cleaned and written to a terminal emulator, changes only cells of text. */

import { describe, expect, test } from "bun:test";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { Terminal } from "@xterm/headless";
import fc from "fast-check";
import { cleanText, escapeForRawPeer, splitLines } from "../../src/protocol/text/text.ts";
import { hostileText, naughtyStrings, recordings } from "../support/hostile-text.ts";

describe("a terminal displays the text and interprets none of it", () => {
  const columns = 2500;

  /** The state of a terminal after `text` was written on its second row. */
  async function observe(text: string): Promise<unknown> {
    await using terminal = openTerminal();
    await terminal.write(`first\r\n${text}`);
    return terminal.observed();
  }

  function openTerminal() {
    const emulator = new Terminal({ cols: columns, rows: 4, allowProposedApi: true });
    emulator.loadAddon(new UnicodeGraphemesAddon());
    const heard: string[] = [];
    emulator.onData((answer) => heard.push(`answered ${answer}`));
    emulator.onTitleChange((title) => heard.push(`title ${title}`));
    emulator.onBell(() => heard.push("bell"));
    const screen = () => emulator.buffer.active;
    const row = (index: number) => screen().getLine(index)?.translateToString(true);
    const plainCells = () =>
      Array.from({ length: columns }, (_, column) => screen().getLine(1)?.getCell(column)).every(
        (cell) => cell?.isAttributeDefault() ?? false,
      );
    return {
      write: (text: string) => new Promise<void>((resolve) => emulator.write(text, resolve)),
      observed: () => ({
        rows: [row(0), row(1), row(2), row(3)],
        cursorRow: screen().cursorY,
        buffer: screen().type,
        modes: { ...emulator.modes },
        plain: plainCells(),
        heard,
      }),
      [Symbol.asyncDispose]: async () => emulator.dispose(),
    };
  }

  /** The terminal is unchanged, except that its second row contains `text`. */
  async function expectShown(text: string): Promise<void> {
    untouched ??= (await observe("")) as object;
    expect(await observe(text)).toEqual({ ...untouched, rows: ["first", text, "", ""] });
  }
  let untouched: object | undefined;

  test("the terminal of this test interprets text that is not cleaned", async () => {
    const seen = (await observe("\x1b[?1049h\x1b]0;owned\x07\x1b[6n\x07")) as {
      heard: string[];
      buffer: string;
    };
    expect([seen.buffer, seen.heard.map((word) => word.split(" ")[0])]).toEqual([
      "alternate",
      ["title", "answered", "bell"],
    ]);
  });

  test("naughty strings", async () => {
    for (const line of naughtyStrings.flatMap((text) => splitLines(text))) await expectShown(cleanText(line));
  });

  test("recorded escape sequences", async () => {
    for (const recording of recordings) await expectShown(cleanText(recording).slice(0, columns / 2));
  });

  test("fuzz", async () => {
    const texts = fc.sample(hostileText, { seed: 8082, numRuns: 300 });
    for (const text of texts) await expectShown(cleanText(text));
  });

  test("text relayed to raw peers", async () => {
    for (const recording of recordings)
      await expectShown(
        escapeForRawPeer(recording)
          .replaceAll("\t", " ")
          .slice(0, columns / 2),
      );
  });
});
