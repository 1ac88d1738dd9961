/** Hostile text, cleaned and written to a terminal emulator, changes only cells of text. */

import { describe, expect, test } from "bun:test";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { Terminal } from "@xterm/headless";
import fc from "fast-check";
import { cleanText, escapeForRawPeer, splitLines } from "../../src/protocol/text/text.ts";
import { hostileText, naughtyStrings, recordings } from "../support/hostile-text.ts";

describe("a terminal displays the text and interprets none of it", () => {
  const columns = 2500;

  /** The state of a new terminal after `text` was written on its second row. */
  async function observe(text: string): Promise<object> {
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
    const cell = screen().getNullCell();
    const plainCells = () => {
      const line = screen().getLine(1)!;
      for (let column = 0; column < columns; column += 1)
        if (!line.getCell(column, cell)!.isAttributeDefault()) return false;
      return true;
    };
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

  /**
   * A terminal is unchanged by each text, except that its second row contains it. Before the next one that row is
   * erased: as nothing else was changed, the terminal is as new.
   */
  async function expectShown(texts: readonly string[]): Promise<void> {
    const untouched = await observe("");
    await using terminal = openTerminal();
    await terminal.write("first\r\n");
    for (const text of texts) {
      await terminal.write(`\x1b[2;1H\x1b[2K${text}`);
      expect(terminal.observed() as object).toEqual({ ...untouched, rows: ["first", text, "", ""] });
    }
  }

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
    await expectShown(naughtyStrings.flatMap((text) => splitLines(text)).map(cleanText));
  });

  test("recorded escape sequences", async () => {
    await expectShown(recordings.map((recording) => cleanText(recording).slice(0, columns / 2)));
  });

  test("fuzz", async () => {
    await expectShown(fc.sample(hostileText, { seed: 8082, numRuns: 300 }).map(cleanText));
  });

  test("text relayed to raw peers", async () => {
    const relayed = recordings.map((recording) => escapeForRawPeer(recording).replaceAll("\t", " "));
    await expectShown(relayed.map((text) => text.slice(0, columns / 2)));
  });
});
