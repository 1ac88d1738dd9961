/**
 * Words of many scripts, typed code point by code point, chosen, searched for and completed: after each step the screen
 * equals a full redraw, and what is not text stands in its column, on emulators of different width tables.
 */

import { afterAll, describe, expect, test } from "bun:test";
import type { EntryId } from "../../src/chat/log/entry.ts";
import { emptyLine, insertText } from "../../src/input/line/line-state.ts";
import { cleanText } from "../../src/protocol/text/text.ts";
import { followWidthTable, widestTable } from "../../src/protocol/text/width.ts";
import { firstScreenState, type ScreenState } from "../../src/view/screen/screen-state.ts";
import { followWidthsOf } from "../support/emulated-screen.tsx";
import { selectWords } from "../support/scripts.ts";
import { columnAfter, emulators, expectStructure, modelOf, rows, Stage, widths } from "./script-stage.tsx";

afterAll(() => followWidthTable(widestTable));

describe.each(emulators)("%s", (kind) => {
  test("typed over several rows", async () => {
    await followWidthsOf(kind);
    for (const [script, word] of selectWords(40, widths)) {
      await using stage = new Stage(kind, 40, modelOf(word, "hello", "hi", false));
      for (const part of [...`${word} `.repeat(3)].concat(`${word} `.repeat(4)))
        stage.composer.handle({ type: "text", text: part });
      for (const name of ["left", "up", "backspace", "home", "down", "end"]) {
        stage.press(name);
        await stage.look(`${script}, ${name}`);
        expectStructure(stage, script);
      }
    }
  });

  test.each(widths)("typed code point by code point at %i columns", async (columns) => {
    await followWidthsOf(kind);
    for (const [script, word] of selectWords(columns, widths)) {
      await using stage = new Stage(kind, columns, modelOf("ann", "hello", "hi", false));
      stage.composer.handle({ type: "text", text: "a " });
      let typed = "a ";
      for (const piece of [...word, " b"]) {
        typed += piece;
        stage.composer.handle({ type: "text", text: piece });
        const what = `${script} ${JSON.stringify(typed)}`;
        const screen = await stage.look(what);
        expect(screen.rows().at(-1)?.trimEnd(), what).toBe(`ann │ ${cleanText(typed)}`.trimEnd());
        const { cursorX, cursorY } = screen.xterm.buffer.active;
        const column = await columnAfter(kind, `ann │ ${cleanText(typed)}`);
        expect([what, cursorX, cursorY]).toEqual([what, column, rows - 1]);
      }
      stage.press("left");
      for (const name of ["left", "backspace", "left"]) {
        stage.press(name);
        await stage.look(`${script}, ${name}`);
        const { text, cursor } = stage.composer.snapshot();
        const before = cleanText(text).slice(0, cursor);
        const column = await columnAfter(kind, `ann │ ${before}`);
        expect([script, name, stage.shown.xterm.buffer.active.cursorX]).toEqual([script, name, column]);
      }
    }
  });

  test("chosen, searched for and completed", async () => {
    await followWidthsOf(kind);
    for (const [script, word] of selectWords(120, widths)) {
      await using stage = new Stage(
        kind,
        120,
        modelOf(word, `${word} ${word}`, word, true),
        firstScreenState,
        [word, `${word}b`],
      );
      const choice = { transport: "tcp", entryId: 2 as EntryId, name: word, canResend: true } as const;
      const line = insertText(emptyLine, Array.from(word)[0] ?? "");
      const searched = { transport: "tcp", from: "newest", match: undefined, position: 0 } as const;
      const search: ScreenState["search"] = { ...searched, line, count: 0, before: "" };
      for (const state of [{ choice }, { search }, {}]) {
        stage.screen.set({ ...firstScreenState, ...state });
        await stage.look(`${script}: ${Object.keys(state).join()}`);
        expectStructure(stage, script);
      }
      stage.composer.handle({ type: "text", text: "/msg " });
      for (const _ of [1, 2, 3]) {
        stage.press("tab");
        await stage.look(`${script} is completed`);
      }
    }
  });
});
