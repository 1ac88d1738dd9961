/** The texts of the screen fit their places; that none is missing is a matter of types. */

import { describe, expect, test } from "bun:test";
import { commandTable } from "../../src/chat/commands/command-table.ts";
import { keyTable, replayKeyTable, replayScreenKeys } from "../../src/input/keys/key-table.ts";
import { measureColumns } from "../../src/protocol/text/wrap.ts";
import { translateCommands, buildHelp } from "../../src/view/overlays/help-lines.ts";
import { languages } from "../../src/words/parts/language.ts";
import { loadWords } from "../../src/words/load-words.ts";
import { program } from "../support/words.ts";

describe.each([...languages])("in %s", (language) => {
  test("help lists every key and command, and no line is too wide", async () => {
    const words = await loadWords(language, program, "screen");
    for (const columns of [38, 78, 118]) {
      const lines = buildHelp(columns, { words, replayed: false }).map(({ text }) => text);
      for (const line of lines) expect(measureColumns(line)).toBeLessThanOrEqual(columns);
      const text = lines.join("\n");
      for (const { name } of commandTable) expect(text).toContain(`/${name}`);
      for (const { keys } of keyTable) expect(text).toContain(keys);
    }
    for (const { summary } of translateCommands(words)) expect(summary).not.toBe("");
  });

  test("help in a recording lists the recording's keys alone, and no command", async () => {
    const words = await loadWords(language, program, "screen");
    for (const columns of [38, 78, 118]) {
      const lines = buildHelp(columns, { words, replayed: true }).map(({ text }) => text);
      for (const line of lines) expect(measureColumns(line)).toBeLessThanOrEqual(columns);
      const text = lines.join("\n");
      const own = replayKeyTable.map(({ keys }) => keys);
      for (const keys of [...own, ...replayScreenKeys]) expect(text).toContain(keys);
      const others = keyTable.map(({ keys }) => keys).filter((keys) => !replayScreenKeys.has(keys));
      const shown = others.filter((keys) => new RegExp(`(^|  )${RegExp.escape(keys)} `, "m").test(text));
      expect(shown.filter((keys) => !own.some((each) => each === keys))).toEqual([]);
      for (const { name } of commandTable) expect(text).not.toContain(`/${name}`);
    }
  });

  test("each key's summary fits its column of help", async () => {
    const { keySummaries, replayKeySummaries } = await loadWords(language, program, "screen");
    for (const summary of [...Object.values(keySummaries ?? {}), ...Object.values(replayKeySummaries ?? {})])
      expect([summary, measureColumns(summary) <= 15]).toEqual([summary, true]);
  });

  test("each form of a text is shorter than the one before", async () => {
    const { bar, search, lan } = await loadWords(language, program, "screen");
    for (const forms of [bar.openToNetwork, search.keys, lan.keys]) {
      const widths = forms.map(measureColumns);
      expect(widths).toEqual(widths.toSorted((one, other) => other - one));
    }
  });

  test("questions leave room for their subject on a narrow screen", async () => {
    const { questions, composer } = await loadWords(language, program, "screen");
    const asked = [
      questions.overwrite("/tmp/a"),
      questions.leaveRoom(3),
      questions.broadcast("10.0.0.255:8080"),
    ];
    for (const question of asked) expect(measureColumns(question.asked)).toBeLessThanOrEqual(34);
    const paste = { lines: 1234, characters: 99_999, isCut: true };
    expect(measureColumns(composer.pasteShort(paste))).toBeLessThanOrEqual(60);
  });
});
