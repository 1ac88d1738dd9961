/**
 * Words of many scripts, typed code point by code point, grown by a peer in pieces, as names, beside the open panels:
 * after each step the screen equals a full redraw, and what is not text stands in its column, on emulators of different
 * width tables.
 */

import { afterAll, describe, expect, test } from "bun:test";
import { createTheme } from "../../components/paint/theme.ts";
import { countComposerRows } from "../../components/prompt/Composer.tsx";
import { Duet, frameComposer } from "../../components/screen/Duet.tsx";
import type { ScreenModel } from "../../src/chat/screen/screen-model.ts";
import { Composer } from "../../src/input/composer/composer.ts";
import { ImmediateStore } from "../../src/cli/terminal/paced-store.ts";
import { cleanText } from "../../src/protocol/text/text.ts";
import { followWidthTable, widestTable } from "../../src/protocol/text/width.ts";
import { divideScreen } from "../../src/view/screen/screen-areas.ts";
import { firstScreenState, type ScreenState } from "../../src/view/screen/screen-state.ts";
import {
  type Emulator,
  EmulatedScreen,
  followWidthsOf,
  openEmulator,
  writeTo,
} from "../support/emulated-screen.tsx";
import { selectWords } from "../support/scripts.ts";
import { english } from "../support/words.ts";
import { translateCommands } from "../../src/view/overlays/help-lines.ts";
import { emptyLine, insertText } from "../../src/input/line/line-state.ts";
import type { EntryId } from "../../src/chat/log/entry.ts";
import { message, peer, recvFromBob, screenModel, talk } from "./screen-fixture.ts";
import { WireLog } from "../../src/chat/log/wire-log.ts";

afterAll(() => followWidthTable(widestTable));

const emulators: readonly Emulator[] = ["xterm.js", "xterm.js with graphemes"];
const widths = [40, 80, 120] as const;
const rows = 14;

class Stage implements AsyncDisposable {
  readonly composer: Composer;
  readonly model: ImmediateStore<ScreenModel>;
  readonly screen: ImmediateStore<ScreenState>;
  readonly shown: EmulatedScreen;

  constructor(
    kind: Emulator,
    columns: number,
    model: ScreenModel,
    screen: ScreenState = firstScreenState,
    names: readonly string[] = [],
  ) {
    this.composer = new Composer({ names: () => names, commands: translateCommands(english) });
    this.model = new ImmediateStore(model);
    this.screen = new ImmediateStore(screen);
    const sources = {
      model: this.model,
      screen: this.screen,
      composer: { subscribe: this.composer.subscribe, read: this.composer.snapshot },
      theme: new ImmediateStore(createTheme({ hasColour: true, background: "dark" })),
    };
    this.shown = new EmulatedScreen(<Duet sources={sources} />, kind, { columns, rows });
  }

  /** The screen after a step, which must be what a full redraw shows. */
  async look(what: string): Promise<EmulatedScreen> {
    expect(await this.shown.compareWithRedraw(), what).toBeUndefined();
    return this.shown;
  }

  press(name: string): void {
    this.composer.handle({ type: "key", name, ctrl: false, alt: false, shift: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shown[Symbol.asyncDispose]();
  }
}

const emptyWire = new WireLog();

function wireOf(name: string, text: string, theirs: string): WireLog {
  const wire = new WireLog();
  wire.push(recvFromBob, Buffer.from(theirs));
  wire.push({ ...recvFromBob, peer: name }, Buffer.from(`${theirs} ${text}`));
  return wire;
}

function modelOf(
  name: string,
  text: string,
  theirs: string,
  isGrowing: boolean,
  wire = emptyWire,
): ScreenModel {
  const entries = [
    message(1, name, `${theirs} end`),
    message(2, "ann", text, { direction: "out", receipt: { stage: "read" } }),
    message(3, "bob", theirs, { growing: isGrowing }),
  ];
  const peers = [peer(name, { address: "127.0.0.1:51234" }), peer("bob", { addressed: true })];
  return { ...screenModel({ ...talk, entries, peers, wire }), name };
}

/** The borders of panels, the ends of bars, and the gutter. */
function expectStructure({ shown, screen, composer, model }: Stage, what: string): void {
  const { columns } = shown.size;
  const isWireShown = screen.read().wire.isShown;
  const composerRows = countComposerRows(composer.snapshot(), frameComposer(model.read(), { columns, rows }));
  const areas = divideScreen(columns, rows, composerRows, isWireShown);
  const talkRows = Array.from({ length: areas.conversation.rows }, (_, row) => row + 1);
  const borders = [
    ...(areas.panelColumns === 0 ? [] : [columns - areas.panelColumns]),
    ...(areas.wire.isBeside && isWireShown ? [areas.conversation.columns + 1] : []),
  ];
  for (const row of talkRows)
    for (const column of borders) expect([what, row, shown.charsAt(row, column)]).toEqual([what, row, "│"]);
  for (const row of [0, rows - 1 - composerRows])
    expect(shown.backgroundsOf(row), `${what}: bar ${row}`).toEqual(new Set([236]));
  if (isWireShown && !areas.wire.isBeside) return;
  const gutters = talkRows
    .map((row) => shown.findChars(row, "│", areas.conversation.columns))
    .filter((column) => column >= 0);
  expect(new Set(gutters).size, `${what}: gutters ${gutters.join(" ")}`).toBe(1);
}

/** Where the emulator itself leaves the cursor after this text. */
async function columnAfter(kind: Emulator, text: string): Promise<number> {
  const ruler = rulers.get(kind) ?? openEmulator(kind, { columns: 200, rows: 2 });
  rulers.set(kind, ruler);
  await writeTo(ruler, `\r\x1b[2K${text}`);
  return ruler.buffer.active.cursorX;
}

const rulers = new Map<Emulator, ReturnType<typeof openEmulator>>();

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
