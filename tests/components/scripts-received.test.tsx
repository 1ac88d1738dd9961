/**
 * Words of many scripts, grown by a peer in pieces, as names, beside the open panels: after each step the screen equals
 * a full redraw, and what is not text stands in its column, on emulators of different width tables.
 */

import { afterAll, describe, expect, test } from "bun:test";
import { cleanText } from "../../src/protocol/text/text.ts";
import { followWidthTable, widestTable } from "../../src/protocol/text/width.ts";
import { firstScreenState } from "../../src/view/screen/screen-state.ts";
import { followWidthsOf } from "../support/emulated-screen.tsx";
import { selectWords } from "../support/scripts.ts";
import { columnAfter, emulators, expectStructure, modelOf, Stage, widths, wireOf } from "./script-stage.tsx";

afterAll(() => followWidthTable(widestTable));

describe.each(emulators)("%s, which has answered nothing", (kind) => {
  test.each(widths)("typed, received and as names at %i columns", async (columns) => {
    followWidthTable(widestTable);
    for (const [script, word] of selectWords(columns, widths)) {
      await using stage = new Stage(kind, columns, modelOf(word, "hello", "", true));
      let grown = "";
      for (const piece of [...word, " x"]) {
        grown += piece;
        stage.model.set(modelOf(word, grown, grown, true));
        stage.composer.handle({ type: "text", text: piece });
        const what = `${script} ${JSON.stringify(grown)}`;
        const screen = await stage.look(what);
        expectStructure(stage, what);
        const row = screen.rows().at(-1) ?? "";
        const column = await columnAfter(kind, `${/^.*?│ /.exec(row)?.[0]}${cleanText(grown)}`);
        if (columns > 40) expect([what, screen.xterm.buffer.active.cursorX]).toEqual([what, column]);
      }
    }
  });
});

describe.each(emulators)("%s", (kind) => {
  test.each(widths)("grown by a peer of that name in pieces, and sent, at %i columns", async (columns) => {
    await followWidthsOf(kind);
    for (const [script, word] of selectWords(columns, widths)) {
      await using stage = new Stage(kind, columns, modelOf(word, word, "", true));
      let grown = "";
      for (const piece of [...word, " x"]) {
        grown += piece;
        stage.model.set(modelOf(word, grown, grown, true));
        const what = `${script} ${JSON.stringify(grown)}`;
        const screen = await stage.look(what);
        expectStructure(stage, what);
        const text = screen.rows().join("\n");
        expect(text, what).toContain("✓✓");
        expect(text, what).toContain(`│ ${cleanText(grown)}▌`);
      }
    }
  });

  test.each(widths)("beside the open wire panel at %i columns", async (columns) => {
    await followWidthsOf(kind);
    const wire = { ...firstScreenState.wire, isShown: true };
    for (const [script, word] of selectWords(columns, widths)) {
      await using stage = new Stage(kind, columns, modelOf(word, "hello", "hi", false), {
        ...firstScreenState,
        wire,
      });
      for (const text of ["o", word, `${word} ${word}`]) {
        stage.model.set(modelOf(word, text, text, true, wireOf(word, text, text)));
        await stage.look(script);
        expectStructure(stage, script);
      }
    }
  });
});
